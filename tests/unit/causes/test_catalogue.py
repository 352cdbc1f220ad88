"""The catalogue as a value: order, languages, sides, and what counts as what."""

from __future__ import annotations

import pickle

import pytest

from feedback_app.causes.rules import (
    NONE,
    Catalogue,
    Cause,
    Side,
    SideNames,
    UnableToFindCause,
)

PRICE = Cause(
    "company.price",
    Side.COMPANY,
    20,
    labels={"en": "Price too high", "ru": "Цена слишком высокая"},
    explanations={"ru": "Дорого."},
)
RUDENESS = Cause("company.rudeness", Side.COMPANY, 10, labels={"uk": "Грубість"})
OFFER = Cause("competitor.offer", Side.COMPETITOR, 90, labels={"en": "Promotion elsewhere"})
MOVED = Cause("client.relocated", Side.CLIENT, 1, is_tickable=False, labels={"en": "Moved away"})
GONE = Cause("client.need_gone", Side.CLIENT, 2, labels={"en": "No longer needed"})
TARIFF = Cause(
    "company.tariff", Side.COMPANY, 5, is_retired=True, merged_into="company.price", is_own=True
)
FEES = Cause("company.fees", Side.COMPANY, 6, is_retired=True, merged_into="company.tariff")
OLD = Cause("client.old", Side.CLIENT, 3, is_retired=True)
CATALOGUE = Catalogue(
    (GONE, PRICE, MOVED, RUDENESS, OFFER, TARIFF, FEES, OLD),
    7,
    {Side.CLIENT: SideNames({"en": "Client-driven", "uk": "З боку клієнта"}, {"en": "Client"})},
)


def test_causes_stand_by_side_then_position() -> None:
    assert [cause.code for cause in CATALOGUE.tickable()] == [
        "competitor.offer",
        "company.rudeness",
        "company.price",
        "client.need_gone",
    ]
    assert list(CATALOGUE.tickable_by_side()) == [Side.COMPETITOR, Side.COMPANY, Side.CLIENT]
    assert CATALOGUE.tickable_by_side()[Side.CLIENT] == (GONE,)


def test_not_offered_is_still_in_use_and_retired_is_not() -> None:
    assert CATALOGUE.standing(Side.CLIENT) == (MOVED, GONE)
    assert len(CATALOGUE.standing()) == 5
    assert len(CATALOGUE.codes()) == 8


@pytest.mark.parametrize(
    ("code", "language", "label"),
    [
        ("company.price", "ru", "Цена слишком высокая"),
        ("company.price", "uk", "Price too high"),
        ("company.rudeness", "en", "Грубість"),
        ("company.tariff", "en", "company.tariff"),
        ("company.nothing", "ru", "company.nothing"),
        (NONE, "en", "none"),
    ],
)
def test_label_falls_back_to_english_then_any_then_code(code, language, label) -> None:
    assert CATALOGUE.label(code, language) == label


def test_explanation_is_empty_where_there_is_none() -> None:
    assert CATALOGUE.explanation("company.price", "uk") == "Дорого."
    assert CATALOGUE.explanation("company.rudeness", "uk") == ""
    assert CATALOGUE.explanation("company.nothing", "uk") == ""


def test_merges_are_followed_to_their_end() -> None:
    assert CATALOGUE.current("company.fees") == "company.price"
    assert CATALOGUE.current("company.tariff") == "company.price"
    assert CATALOGUE.current("client.old") == "client.old"
    assert CATALOGUE.current(NONE) == NONE
    assert CATALOGUE.merged_into("company.price") == ("company.tariff", "company.fees")


def test_a_circle_of_merges_is_an_error_not_an_endless_loop() -> None:
    circle = CATALOGUE.changed(
        Cause("company.price", Side.COMPANY, 20, is_retired=True, merged_into="company.fees")
    )
    with pytest.raises(ValueError, match="circle"):
        circle.current("company.tariff")


def test_unknown_codes_are_named_once_and_sorted() -> None:
    asked = ["x.b", "company.price", "x.a", "x.b", NONE, "client.old"]
    assert CATALOGUE.unknown(asked) == ("none", "x.a", "x.b")
    assert "client.old" in CATALOGUE
    assert NONE not in CATALOGUE


def test_sides() -> None:
    assert CATALOGUE.side_of("company.fees") is Side.COMPANY
    assert CATALOGUE.side_name(Side.CLIENT, "uk") == "З боку клієнта"
    assert CATALOGUE.side_short(Side.CLIENT, "ru") == "Client"
    assert CATALOGUE.side_name(Side.COMPANY, "ru") == "company"
    with pytest.raises(UnableToFindCause, match=r"company\.nothing"):
        CATALOGUE.side_of("company.nothing")


def test_a_catalogue_can_be_sent_to_another_process() -> None:
    assert CATALOGUE.current("company.fees")  # with what it has worked out so far
    sent = pickle.loads(pickle.dumps(CATALOGUE))
    assert sent == CATALOGUE
    assert hash(sent) == hash(CATALOGUE)
    assert sent.label("company.price", "ru") == "Цена слишком высокая"
