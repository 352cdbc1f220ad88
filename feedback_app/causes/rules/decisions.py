"""Which changes of the catalogue are allowed. Each decision gives the causes as they become.

What they all keep: a code stays with its cause and its side for ever; a cause counts as at most
one other cause, of the same side, and never in a circle; two causes in use never share a label;
respondents always find something to tick on each side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from feedback_app.causes.rules.catalogue import Catalogue, Cause, Side
from feedback_app.causes.rules.codes import make_code
from feedback_app.foundation.rules import N_, Unable

LONGEST_LABEL = 120
LONGEST_EXPLANATION = 300
STEP = 10  # between positions, so that a hand-made list leaves room


class UnableToChangeCause(Unable):
    """A change of the catalogue is refused; the message says why and what to do."""


@dataclass(frozen=True)
class Texts:
    """Labels and explanations by language code, free of surplus white space and empty lines."""

    labels: Mapping[str, str]
    explanations: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("labels", "explanations"):
            lines = {code: " ".join(line.split()) for code, line in getattr(self, name).items()}
            object.__setattr__(self, name, {code: line for code, line in lines.items() if line})


def decide_add(
    catalogue: Catalogue, side: Side, texts: Texts, *, is_tickable: bool = True
) -> Cause:
    """A company's own cause, last on its side; its code comes from the English label if any."""
    _check_texts(texts)
    name = texts.labels.get("en") or next(iter(texts.labels.values()))
    positions = [it.position for it in catalogue.causes if it.side is side]
    cause = Cause(
        code=make_code(side, name, catalogue.codes()),
        side=side,
        position=max(positions, default=0) + STEP,
        is_tickable=is_tickable,
        labels=texts.labels,
        explanations=texts.explanations,
        is_own=True,
    )
    _check_labels_differ(catalogue, cause)
    return cause


def decide_rename(catalogue: Catalogue, code: str, texts: Texts) -> Cause:
    """The cause with other labels and explanations; the code stays what it is."""
    _check_texts(texts)
    cause = replace(catalogue.get(code), labels=texts.labels, explanations=texts.explanations)
    if not cause.is_retired:
        _check_labels_differ(catalogue, cause)
    return cause


def decide_move(catalogue: Catalogue, code: str, *, places: int) -> tuple[Cause, ...]:
    """The causes of its side that stand elsewhere when `code` goes `places` down (up if < 0).

    It stops at the ends; then nothing is returned.
    """
    cause = _get_in_use(catalogue, code)
    row = list(catalogue.standing(cause.side))
    positions = [it.position for it in row]
    here = row.index(cause)
    there = min(max(here + places, 0), len(row) - 1)
    row.insert(there, row.pop(here))
    moved = (replace(it, position=at) for it, at in zip(row, positions, strict=True))
    return tuple(it for it in moved if it not in catalogue.causes)


def decide_tickable(catalogue: Catalogue, code: str, *, is_tickable: bool) -> Cause:
    """The cause offered to respondents, or no longer."""
    cause = replace(_get_in_use(catalogue, code), is_tickable=is_tickable)
    _check_something_is_offered(catalogue, cause)
    return cause


def decide_merge(catalogue: Catalogue, source: str, target: str) -> Cause:
    """The source, counting as the target from now on."""
    cause, goal = catalogue.get(source), catalogue.get(target)
    if cause.merged_into is not None:
        raise UnableToChangeCause(
            N_("%(code)s counts as %(target)s already: restore it first."),
            code=source,
            target=cause.merged_into,
        )
    if cause.code == goal.code:
        raise UnableToChangeCause(N_("A cause can not be merged into itself."))
    if cause.side is not goal.side:
        raise UnableToChangeCause(
            N_(
                "%(code)s and %(target)s stand on different sides: a merge would move answers "
                "from one side to the other. Choose a cause of the same side."
            ),
            code=source,
            target=target,
        )
    if goal.is_retired:
        raise UnableToChangeCause(
            N_("%(target)s is not in use any more: restore it first or choose another."),
            target=target,
        )
    merged = replace(cause, is_retired=True, merged_into=target)
    _check_something_is_offered(catalogue, merged)
    return merged


def list_merge_targets(catalogue: Catalogue, code: str) -> tuple[Cause, ...]:
    """The causes that `code` may be merged into, in order."""
    cause = catalogue.get(code)
    return tuple(it for it in catalogue.standing(cause.side) if it.code != code)


def decide_retire(catalogue: Catalogue, code: str) -> Cause:
    """The cause, no longer offered or used for new tags; what was ticked still counts as it."""
    retired = replace(_get_in_use(catalogue, code), is_retired=True)
    _check_something_is_offered(catalogue, retired)
    return retired


def decide_restore(catalogue: Catalogue, code: str) -> Cause:
    """The cause in use again; a merge is undone, and its answers count as itself again."""
    cause = catalogue.get(code)
    if not cause.is_retired:
        raise UnableToChangeCause(N_("%(code)s is in use already."), code=code)
    restored = replace(cause, is_retired=False, merged_into=None)
    _check_labels_differ(catalogue, restored)
    return restored


def _get_in_use(catalogue: Catalogue, code: str) -> Cause:
    cause = catalogue.get(code)
    if cause.is_retired:
        raise UnableToChangeCause(
            N_("%(code)s is not in use any more: restore it first."), code=code
        )
    return cause


def _check_texts(texts: Texts) -> None:
    if not texts.labels:
        raise UnableToChangeCause(N_("A cause needs a label in at least one language."))
    for language, explanation in texts.explanations.items():
        if language not in texts.labels:
            raise UnableToChangeCause(
                N_("There is an explanation in “%(language)s” but no label in it: give both."),
                language=language,
            )
        if len(explanation) > LONGEST_EXPLANATION:
            raise UnableToChangeCause(
                N_("An explanation may have %(most)s characters: shorten it."),
                most=LONGEST_EXPLANATION,
            )
    if any(len(label) > LONGEST_LABEL for label in texts.labels.values()):
        raise UnableToChangeCause(
            N_("A label may have %(most)s characters: shorten it."), most=LONGEST_LABEL
        )


def _check_labels_differ(catalogue: Catalogue, cause: Cause) -> None:
    for other in catalogue.standing():
        if other.code == cause.code:
            continue
        for language, label in cause.labels.items():
            if other.labels.get(language, "").casefold() == label.casefold():
                raise UnableToChangeCause(
                    N_("%(code)s is called “%(label)s” already: choose another label."),
                    code=other.code,
                    label=label,
                )


def _check_something_is_offered(catalogue: Catalogue, cause: Cause) -> None:
    if not cause.is_offered and not catalogue.changed(cause).tickable_by_side()[cause.side]:
        raise UnableToChangeCause(
            N_(
                "%(code)s is the last cause of its side that respondents can tick: "
                "offer them another one first."
            ),
            code=cause.code,
        )
