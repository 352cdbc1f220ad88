"""The causes a report may show, and where each code of the answers belongs."""

from dataclasses import dataclass

from reports.schema import SIDES, CatalogueCause, UnableToReadReportInput


@dataclass(frozen=True)
class Codebook:
    """Causes that were not merged away, in catalogue order, and the index of every code."""

    causes: tuple[CatalogueCause, ...]
    index_of: dict[str, int]

    def indexes_of_side(self, side: str) -> list[int]:
        """Indexes of the causes of one side."""
        return [index for index, cause in enumerate(self.causes) if cause.side == side]


def read_catalogue(catalogue: tuple[CatalogueCause, ...]) -> Codebook:
    """Follow merges and order the causes that remain.

    Raises UnableToReadReportInput for a code given twice, an unknown side, a merge into
    an unknown code and merges that go round in a circle.
    """
    by_code: dict[str, CatalogueCause] = {}
    for cause in catalogue:
        if cause.code in by_code:
            raise UnableToReadReportInput(f"cause {cause.code!r} is in the catalogue twice")
        if cause.side not in SIDES:
            raise UnableToReadReportInput(
                f"cause {cause.code!r} has side {cause.side!r}; it must be one of {SIDES}"
            )
        if not cause.code or cause.code.split() != [cause.code]:
            raise UnableToReadReportInput(f"{cause.code!r} cannot be a cause code")
        by_code[cause.code] = cause
    kept = sorted(
        (cause for cause in catalogue if cause.merged_into is None),
        key=lambda cause: (cause.position, cause.code),
    )
    place = {cause.code: index for index, cause in enumerate(kept)}
    return Codebook(tuple(kept), {code: place[_target(code, by_code)] for code in by_code})


def _target(code: str, by_code: dict[str, CatalogueCause]) -> str:
    """The code that ``code`` counts as after all merges."""
    seen = [code]
    following = by_code[code].merged_into
    while following is not None:
        if following in seen:
            raise UnableToReadReportInput(f"merges of cause {code!r} go round in a circle")
        if following not in by_code:
            raise UnableToReadReportInput(
                f"cause {seen[-1]!r} is merged into {following!r}, which is not in the catalogue"
            )
        seen.append(following)
        following = by_code[following].merged_into
    return seen[-1]
