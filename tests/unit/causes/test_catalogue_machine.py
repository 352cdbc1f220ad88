"""Any sequence of allowed changes keeps the promises of the catalogue."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from feedback_app.causes.rules import (
    Catalogue,
    Cause,
    Change,
    ChangeKind,
    Side,
    Texts,
    UnableToChangeCause,
    compare,
    decide_add,
    decide_merge,
    decide_move,
    decide_rename,
    decide_restore,
    decide_retire,
    decide_tickable,
    replay,
)

START = tuple(
    Cause(f"{side}.{name}", side, 10 * place, labels={"en": f"{side} {name}"})
    for side in Side
    for place, name in enumerate("abcd")
)
PICK = st.integers(0, 60)
LABEL = st.sampled_from(["A", "B", "Щ", "client a", "Long label of ours"])


class CatalogueMachine(RuleBasedStateMachine):
    """Staff doing anything at all, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.catalogue = Catalogue(START, 1)
        self.changes: list[Change] = []
        self.births = {cause.code: cause.side for cause in START}
        self._note(Catalogue((), 0), START, ChangeKind.ADDED)

    def _note(self, before: Catalogue, causes: tuple[Cause, ...], kind: ChangeKind) -> None:
        for cause in causes:
            change = compare(before.find(cause.code), cause, kind)
            if change is not None:
                self.changes.append(change)

    def _code(self, number: int) -> str:
        codes = self.catalogue.codes()
        return codes[number % len(codes)]

    def _apply(self, kind: ChangeKind, decide) -> None:
        try:
            decided = decide()
        except UnableToChangeCause:
            return
        causes = decided if isinstance(decided, tuple) else (decided,)
        for cause in causes:
            self.births.setdefault(cause.code, cause.side)
        self._note(self.catalogue, causes, kind)
        self.catalogue = self.catalogue.changed(*causes)

    @rule(side=st.sampled_from(Side), label=LABEL)
    def add(self, side: Side, label: str) -> None:
        self._apply(
            ChangeKind.ADDED, lambda: decide_add(self.catalogue, side, Texts({"en": label}))
        )

    @rule(number=PICK, label=LABEL)
    def rename(self, number: int, label: str) -> None:
        code = self._code(number)
        texts = Texts({"uk": label}, {"uk": label})
        self._apply(ChangeKind.RENAMED, lambda: decide_rename(self.catalogue, code, texts))

    @rule(number=PICK, places=st.integers(-3, 3))
    def move(self, number: int, places: int) -> None:
        code = self._code(number)
        self._apply(ChangeKind.MOVED, lambda: decide_move(self.catalogue, code, places=places))

    @rule(number=PICK, is_tickable=st.booleans())
    def offer(self, number: int, is_tickable: bool) -> None:
        code = self._code(number)
        self._apply(
            ChangeKind.TICKABLE,
            lambda: decide_tickable(self.catalogue, code, is_tickable=is_tickable),
        )

    @rule(number=PICK, other=PICK)
    def merge(self, number: int, other: int) -> None:
        source, target = self._code(number), self._code(other)
        self._apply(ChangeKind.MERGED, lambda: decide_merge(self.catalogue, source, target))

    @rule(number=PICK)
    def retire(self, number: int) -> None:
        code = self._code(number)
        self._apply(ChangeKind.RETIRED, lambda: decide_retire(self.catalogue, code))

    @rule(number=PICK)
    def restore(self, number: int) -> None:
        code = self._code(number)
        self._apply(ChangeKind.RESTORED, lambda: decide_restore(self.catalogue, code))

    @invariant()
    def what_a_cause_counts_as_is_settled_and_on_its_side(self) -> None:
        for code in self.catalogue.codes():
            end = self.catalogue.current(code)
            assert self.catalogue.current(end) == end
            assert self.catalogue.get(end).merged_into is None
            assert self.catalogue.side_of(end) is self.catalogue.side_of(code)

    @invariant()
    def codes_stay_and_keep_their_side(self) -> None:
        assert {it.code: it.side for it in self.catalogue.causes} == self.births

    @invariant()
    def each_side_offers_something(self) -> None:
        assert all(self.catalogue.tickable_by_side().values())
        assert all(it.merged_into is None for it in self.catalogue.tickable())

    @invariant()
    def labels_in_use_and_positions_differ(self) -> None:
        for language in ("en", "uk"):
            labels = [
                it.labels[language].casefold()
                for it in self.catalogue.standing()
                if language in it.labels
            ]
            assert len(labels) == len(set(labels))
        places = [(it.side, it.position) for it in self.catalogue.causes]
        assert len(places) == len(set(places))

    @invariant()
    def the_history_tells_everything(self) -> None:
        assert Catalogue(replay(self.changes), 1) == self.catalogue


TestCatalogueMachine = CatalogueMachine.TestCase
TestCatalogueMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
