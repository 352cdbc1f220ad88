"""The rule of re-import, against a store that is a plain dictionary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from feedback_app.imports.rules import Ledger, RowKeys, Standing

SURVEY = b"s" * 16

#: (id or "", content, date): few values, so that rows often share some of them.
Row = tuple[str, str, str]
Store = dict[bytes, set[bytes]]
ROW = st.tuples(st.sampled_from(["", "1", "2"]), st.sampled_from("abc"), st.sampled_from("789"))
FILE = st.lists(ROW, max_size=12)


def bring_in(store: Store, file: Sequence[Row]) -> Counter[Standing]:
    """Import `file` into `store`; how many rows stood how."""
    ledger = Ledger({row: set(contents) for row, contents in store.items()})
    keys = [RowKeys.of(SURVEY, name, f"{content} {when}") for name, content, when in file]
    for key, (_name, _content, when) in zip(keys, file, strict=True):
        ledger.note(key, when)
    counts: Counter[Standing] = Counter()
    for key in keys:
        standing, content = ledger.judge(key)
        counts[standing] += 1
        if standing is Standing.NEW:
            contents = store.setdefault(key.row, set())
            assert content not in contents, "one key for two answers"
            contents.add(content)
    return counts


@given(FILE)
def test_first_import_takes_every_row(file: list[Row]) -> None:
    assert bring_in({}, file) == Counter({Standing.NEW: len(file)} if file else {})


@given(FILE, st.randoms())
def test_second_import_adds_nothing_in_any_order(file: list[Row], random) -> None:
    store: Store = {}
    bring_in(store, file)
    shuffled = random.sample(file, len(file))
    assert bring_in(store, shuffled)[Standing.STORED] == len(file)


@given(FILE, FILE, st.randoms())
def test_longer_export_adds_just_its_new_rows(before: list[Row], after: list[Row], random) -> None:
    store: Store = {}
    bring_in(store, before)
    longer = random.sample([*before, *after], len(before) + len(after))
    counts = bring_in(store, longer)
    assert counts == +Counter({Standing.STORED: len(before), Standing.NEW: len(after)})


@given(FILE, FILE, st.randoms())
def test_order_of_a_file_never_matters(before: list[Row], after: list[Row], random) -> None:
    stores: list[Store] = []
    for file in (after, random.sample(after, len(after))):
        store: Store = {}
        bring_in(store, before)
        bring_in(store, file)
        stores.append(store)
    assert stores[0] == stores[1]


@given(FILE, FILE)
def test_an_id_never_has_more_answers_than_its_longest_file(
    before: list[Row], after: list[Row]
) -> None:
    store: Store = {}
    bring_in(store, before)
    bring_in(store, after)
    for name in ("1", "2"):
        rows = len(store.get(RowKeys.of(SURVEY, name, "").row, ()))
        assert rows == max(sum(row[0] == name for row in file) for file in (before, after))


def test_a_changed_row_is_told_and_not_taken() -> None:
    store: Store = {}
    bring_in(store, [("1", "a", "7")])
    assert bring_in(store, [("1", "b", "7")]) == {Standing.CHANGED: 1}


def test_of_a_changed_and_a_new_row_the_later_is_taken() -> None:
    store: Store = {}
    bring_in(store, [("1", "a", "7")])
    changed, later = ("1", "b", "7"), ("1", "c", "8")
    assert bring_in(store, [changed, later]) == {Standing.CHANGED: 1, Standing.NEW: 1}
    assert RowKeys.of(SURVEY, "1", "c 8").content in store[RowKeys.of(SURVEY, "1", "").row]


def test_keys_differ_between_surveys_and_do_not_show_the_id() -> None:
    here, there = RowKeys.of(SURVEY, "1", "a"), RowKeys.of(b"t" * 16, "1", "a")
    assert {len(here.row), len(here.content)} == {16}
    assert not {here.row, here.content} & {there.row, there.content}
    assert RowKeys.of(SURVEY, "", "1").row != RowKeys.of(SURVEY, "1", "").row
