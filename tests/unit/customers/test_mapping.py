"""Which column holds what: guesses, remembered maps, maps by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.customers.rules import (
    MOST_ATTRIBUTES,
    ColumnMap,
    Field,
    Status,
    UnableToMapColumns,
    check_header,
    guess_map,
    header_key,
    read_map,
)
from tests.factories.customers import LIST_HEADER


def test_an_english_header_is_recognised() -> None:
    guessed = guess_map(LIST_HEADER)
    assert {str(field): column for field, column in guessed.columns.items()} == {
        "reference": "Customer ID",
        "name": "Full name",
        "email": "E-mail",
        "phone": "Phone",
        "language": "Language",
        "departed_on": "Cancelled at",
        "account_manager": "Account manager",
        "plan": "Plan",
        "region": "Region",
        "monthly_revenue": "MRR",
    }
    assert guessed.attributes == ("Industry",)
    assert guessed.everybody is None
    guessed.check(LIST_HEADER)


@pytest.mark.parametrize(
    "header",
    [
        (
            *("№ договора", "ФИО", "Эл. почта", "Телефон", "Язык", "Статус", "Дата ухода"),
            *("Менеджер", "Тариф", "Регион", "Сегмент", "Абонплата"),
        ),
        (
            *("Номер договору", "ПІБ", "Електронна пошта", "Телефон", "Мова", "Стан"),
            *("Дата відтоку", "Менеджер", "Тариф", "Область", "Клас", "Щомісячний платіж"),
        ),
        (
            *("account_id", "customerName", "EMAIL ADDRESS", "phone.number", "locale", "state"),
            *("churn_date", "CSM", "tier", "country", "segment", "mrr"),
        ),
    ],
)
def test_every_field_is_recognised_in_three_languages(header: tuple[str, ...]) -> None:
    guessed = guess_map(header)
    assert tuple(guessed.columns) == tuple(Field)
    assert tuple(guessed.columns.values()) == header
    assert guessed.attributes == ()


def test_the_surest_name_wins_and_the_other_column_is_kept() -> None:
    guessed = guess_map(("id", "client id", "status"))
    assert guessed.columns[Field.REFERENCE] == "client id"
    assert guessed.attributes == ("id",)


def test_addresses_are_found_by_their_look_and_serve_as_reference() -> None:
    guessed = guess_map(("Kontakt", "Notiz"), [("a@b.co", "hello"), ("", "x"), ("c@d.co", "")])
    assert guessed.columns == {Field.EMAIL: "Kontakt", Field.REFERENCE: "Kontakt"}
    assert guessed.everybody is Status.DEPARTED
    guessed.check(("Kontakt", "Notiz"))


@given(st.lists(st.text(max_size=20), max_size=40))
def test_a_guess_names_each_column_once_and_only_columns_of_the_file(header: list[str]) -> None:
    guessed = guess_map(header)
    named = [*guessed.columns.values(), *guessed.attributes]
    fields = dict(guessed.columns)
    if fields.get(Field.REFERENCE) == fields.get(Field.EMAIL):
        named.remove(fields[Field.EMAIL]) if Field.EMAIL in fields else None
    assert len(named) == len(set(named))
    assert len(guessed.attributes) <= MOST_ATTRIBUTES
    assert ColumnMap.from_json(guessed.to_json()) == guessed


def test_a_header_is_known_again_in_any_order() -> None:
    assert header_key(["a", " b "]) == header_key(["b", "a"])
    assert header_key(["a", "b"]) != header_key(["ab"])


@pytest.mark.parametrize(
    ("column_map", "words"),
    [
        (ColumnMap({Field.EMAIL: "a"}, everybody=Status.CURRENT), "No column is the reference"),
        (ColumnMap({Field.REFERENCE: "a"}), "Nothing says who has left"),
        (ColumnMap({Field.REFERENCE: "z"}, everybody=Status.CURRENT), "no column 'z'"),
    ],
)
def test_a_map_that_does_not_do_is_refused(column_map: ColumnMap, words: str) -> None:
    with pytest.raises(UnableToMapColumns, match=words):
        column_map.check(("a", "b"))


def test_too_many_further_columns_are_refused() -> None:
    header = tuple(f"c{number}" for number in range(MOST_ATTRIBUTES + 2))
    kept = ColumnMap({Field.REFERENCE: "c0"}, header[1:], everybody=Status.CURRENT)
    with pytest.raises(UnableToMapColumns, match="at most 30"):
        kept.check(header)


@pytest.mark.parametrize("header", [("a", " a"), ("x" * 101,)])
def test_a_header_that_tells_nothing_apart_is_refused(header: tuple[str, ...]) -> None:
    with pytest.raises(UnableToMapColumns):
        check_header(header)


def test_a_map_by_hand() -> None:
    made = read_map(
        {
            "columns": {"reference": "No", "email": "No"},
            "options": {"everybody": "departed", "extra": ["Note"], "date_format": "%d/%m/%Y"},
        },
        ("No", "Note", "Rest"),
    )
    assert made.columns == {Field.REFERENCE: "No", Field.EMAIL: "No"}
    assert (made.attributes, made.everybody) == (("Note",), Status.DEPARTED)
    assert made.date_format == "%d/%m/%Y"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"colums": {}}, "The map has no 'colums'"),
        ({"options": {"all": "x"}}, "has no 'all'"),
        ({"columns": {"emial": "a"}}, "There is no field 'emial'"),
        ({"columns": {"email": 3}}, "one column's name"),
        ({"columns": []}, "must be a table"),
        ({"columns": {"reference": "a"}, "options": {"everybody": "gone"}}, "departed"),
        ({"columns": {"reference": "a"}, "options": {"extra": "b"}}, "extra"),
        ({"columns": {"reference": "a"}, "options": {"sheet": 1}}, "sheet"),
    ],
)
def test_a_map_by_hand_is_checked_whole(document: dict, words: str) -> None:
    with pytest.raises(UnableToMapColumns, match=words):
        read_map(document, ("a", "b"))
