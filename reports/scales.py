"""Scales that answers are given on, and the bands their scores are made of."""

from dataclasses import dataclass

Band = tuple[int, int]

#: Kinds whose bands are fixed by whoever invented the score. They are never used on another
#: scale: seven points cannot be cut where eleven are.
FIXED_BANDS: dict[str, tuple[Band, ...]] = {
    "nps": ((0, 6), (7, 8), (9, 10)),
    "csat": ((1, 2), (3, 3), (4, 5)),
    "ces": ((1, 3), (4, 4), (5, 7)),
}
FEWEST_POINTS = 2


@dataclass(frozen=True)
class Scale:
    """Whole numbers from ``lowest`` to ``highest``, cut into bands from low to high.

    The score of kind "nps" is the share of the last band minus that of the first, times 100;
    every other kind's is the share of the last band.
    """

    kind: str
    lowest: int
    highest: int
    bands: tuple[Band, ...]

    @property
    def points(self) -> int:
        """How many numbers there are to choose from."""
        return self.highest - self.lowest + 1

    @property
    def values(self) -> tuple[Band, ...]:
        """Every number as a band of its own."""
        return tuple((value, value) for value in range(self.lowest, self.highest + 1))


def scale_of(kind: str, lowest: int, highest: int) -> Scale:
    """The scale of a question kind; others than NPS, CSAT and CES are cut alike at both ends.

    Each end takes two fifths of the numbers: 1-2 of five, 0-3 and 7-10 of eleven. Raises
    ValueError for less than two numbers and for a fixed kind on another scale.
    """
    if kind in FIXED_BANDS:
        bands = FIXED_BANDS[kind]
        if (lowest, highest) != (bands[0][0], bands[-1][1]):
            raise ValueError(f"{kind} is never asked from {lowest} to {highest}")
        return Scale(kind, lowest, highest, bands)
    points = highest - lowest + 1
    if points < FEWEST_POINTS:
        raise ValueError(f"a scale from {lowest} to {highest} has nothing to choose from")
    end = max(1, 2 * points // 5)
    low, high = (lowest, lowest + end - 1), (highest - end + 1, highest)
    middle = ((low[1] + 1, high[0] - 1),) if low[1] + 1 < high[0] else ()
    return Scale(kind, lowest, highest, (low, *middle, high))
