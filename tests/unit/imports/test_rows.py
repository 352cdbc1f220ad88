from __future__ import annotations

import tomllib
from datetime import date

import pytest

from feedback_app.imports.rules import (
    Reading,
    RowReader,
    UnableToReadMap,
    UnableToReadRow,
    read_map,
)
from tests.factories.exports import HEADER, MAP, ROWS, starter_catalogue

TODAY = date(2025, 6, 1)
REASONS = """
[reasons]
"Dear" = "company.price"
"Bugs" = "company.quality"
"Moved" = "client.relocated"
"Other" = "none"
"" = "skip"
"""


def reader(columns: str, header: list[str], *, options: str = "", unmapped=None) -> RowReader:
    text = f"[columns]\n{columns}\n{REASONS}\n[options]\n{options}"
    found = read_map(tomllib.loads(text), starter_catalogue())
    return RowReader(found, header, unmapped=unmapped, today=TODAY)


def read(columns: str, **cells: str) -> Reading:
    return reader(columns, list(cells)).read(list(cells.values()))


def test_every_field_of_a_plain_row() -> None:
    rows = RowReader(
        read_map(tomllib.loads(MAP), starter_catalogue()), HEADER, unmapped=None, today=TODAY
    )
    assert rows.read(ROWS[2]) == Reading(
        on=date(2025, 3, 5),
        causes=("competitor.unspecified",),
        primary="competitor.unspecified",
        channel="downgrade",
        language="",
        segments=("downgrade",),
        competitor="",
        return_likelihood=None,
        text="Two\nlines",
    )


def test_several_columns_are_one_set_and_the_first_decided() -> None:
    found = read('reason = ["a", "b", "c"]', a="Moved", b="", c="Bugs")
    assert found.causes == ("client.relocated", "company.quality")
    assert found.cause_set == "client.relocated company.quality"
    assert found.primary == "client.relocated"
    assert found.document()["reasons"] == {
        "ticked": ["client.relocated", "company.quality"],
        "decided": "client.relocated",
    }


def test_a_cell_is_split_only_where_the_map_says_so() -> None:
    whole = reader('reason = "r"', ["r"])
    assert whole.list_unmapped(["Dear; Bugs"]) == ["Dear; Bugs"]
    split = reader('reason = "r"', ["r"], options='separator = ";"')
    assert split.read(["Dear; Bugs;;Dear"]).causes == ("company.price", "company.quality")


def test_a_named_primary_column_decides() -> None:
    columns = 'reason = ["a", "b"]\nprimary = "p"'
    assert read(columns, a="Dear", b="Bugs", p="Bugs").primary == "company.quality"
    assert read(columns, a="Dear", b="Bugs", p="").primary == ""
    assert read(columns, a="Dear", b="Bugs", p="Other").primary == ""
    assert read(columns, a="Dear", b="", p="").primary == "company.price"
    added = read(columns, a="Dear", b="", p="Moved")
    assert (added.causes, added.primary) == (
        ("company.price", "client.relocated"),
        "client.relocated",
    )


def test_none_is_an_answer_and_skip_is_not() -> None:
    rows = reader('reason = ["a", "b"]', ["a", "b"])
    assert rows.is_left_out(["", ""])
    assert not rows.is_left_out(["Other", ""])
    assert not rows.is_left_out(["", "Dear"])
    assert rows.read(["Other", ""]).causes == ()
    assert rows.read(["Other", "Dear"]).causes == ("company.price",)


def test_unknown_reasons_follow_what_was_said_of_them() -> None:
    with pytest.raises(UnableToReadRow, match="'Ads' is not in the map"):
        read('reason = "r"', r="Ads")
    assert reader('reason = "r"', ["r"], unmapped="none").read(["Ads"]).causes == ()
    assert reader('reason = "r"', ["r"], unmapped="skip").is_left_out(["Ads"])


def test_further_columns() -> None:
    columns = (
        'reason = "r"\nlanguage = "l"\ncompetitor = "c"\nreturn_likelihood = "w"\n'
        'text = ["t", "u"]\nsegment.plan = "p"\nsegment.region = "g"'
    )
    found = read(
        columns,
        r="Dear",
        l="uk-UA",
        c=" Acme  Ltd ",
        w="7",
        t="one\r\n\x00two",
        u="six",
        p="",
        g="N",
    )
    assert (found.language, found.competitor, found.return_likelihood) == ("uk", "Acme Ltd", 7)
    assert found.segments == ("", "N")
    assert found.text == "one\ntwo\n\nsix"
    assert (found.on, found.channel) == (TODAY, "import")
    assert found.document() == {
        "reasons": {"ticked": ["company.price"], "decided": "company.price"},
        "competitor": {"name": "Acme Ltd"},
        "return": 7,
        "more": "one\ntwo\n\nsix",
    }


@pytest.mark.parametrize(
    ("columns", "cell", "message"),
    [
        ('segment.plan = "x"', "p" * 61, "segment plan has 61 characters, at most 60"),
        ('channel = "x"', "p" * 41, "channel has 41 characters"),
        ('competitor = "x"', "p" * 81, "competitor has 81 characters"),
        ('language = "x"', "English", "'English' is no code"),
        ('return_likelihood = "x"', "11", "0 to 10"),
        ('return_likelihood = "x"', "likely", "0 to 10"),
        ('date = "x"', "soon", "no date"),
    ],
)
def test_a_cell_that_can_not_be_taken_is_named(columns: str, cell: str, message: str) -> None:
    with pytest.raises(UnableToReadRow, match=message):
        read(f'reason = "r"\n{columns}', r="Dear", x=cell)


def test_missing_columns_are_named_with_those_there() -> None:
    with pytest.raises(UnableToReadMap, match=r"no column 'r', 'x'\. Its columns: a, b"):
        reader('reason = "r"\ntext = "x"', ["a", "b"])


def test_a_column_that_stands_twice_is_refused_only_if_mapped() -> None:
    assert reader('reason = "r"', ["r", "a", "a"]).list_reasons(["x", "", ""]) == ["x"]
    with pytest.raises(UnableToReadMap, match="'r' stands in the file twice"):
        reader('reason = "r"', ["r", "r"])


def test_identity_looks_at_mapped_columns_only() -> None:
    rows = reader('reason = "r"\nid = "i"', ["i", "r", "unmapped"])
    first = rows.keys(b"s", ["1", "Dear", "x"])
    assert first == rows.keys(b"s", [" 1 ", "Dear ", "y"])
    assert first.row == rows.keys(b"s", ["1", "Bugs", "x"]).row
    assert first.content != rows.keys(b"s", ["1", "Bugs", "x"]).content
    assert not rows.keys(b"s", ["", "Dear", "x"]).has_id
