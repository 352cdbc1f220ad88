"""Which changes of the catalogue are allowed, one by one."""

from __future__ import annotations

import pytest

from feedback_app.causes.rules import (
    Catalogue,
    Cause,
    Side,
    Texts,
    UnableToChangeCause,
    UnableToFindCause,
    decide_add,
    decide_merge,
    decide_move,
    decide_rename,
    decide_restore,
    decide_retire,
    decide_tickable,
    list_merge_targets,
)
from feedback_app.foundation.rules import Unable


def make(code: str, position: int, **fields: object) -> Cause:
    fields.setdefault("labels", {"en": code.partition(".")[2].capitalize()})
    return Cause(code, Side(code.partition(".")[0]), position, **fields)  # type: ignore[arg-type]


CATALOGUE = Catalogue(
    (
        make("competitor.price", 10),
        make("competitor.offer", 20, is_tickable=False),
        make("company.price", 10, labels={"en": "Our price", "ru": "Наша цена"}),
        make("company.quality", 20),
        make("company.old", 30, is_retired=True),
        make("company.fees", 40, is_retired=True, merged_into="company.price"),
        make("company.plans", 50),
        make("client.budget", 10),
    ),
    3,
)


def positions(*causes: Cause) -> dict[str, int]:
    return {cause.code: cause.position for cause in causes}


def test_an_added_cause_is_own_and_last_on_its_side() -> None:
    texts = Texts({"en": " Too  few\nbranches ", "ru": " ", "uk": "Мало відділень"}, {"uk": " "})
    added = decide_add(CATALOGUE, Side.COMPANY, texts)
    assert added == Cause(
        "company.too_few_branches",
        Side.COMPANY,
        60,
        labels={"en": "Too few branches", "uk": "Мало відділень"},
        is_own=True,
    )


def test_a_russian_label_gives_the_code_when_there_is_no_english_one() -> None:
    added = decide_add(CATALOGUE, Side.CLIENT, Texts({"ru": "Отпуск"}), is_tickable=False)
    assert added.code == "client.otpusk"
    assert not added.is_tickable


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (Texts({}), "at least one language"),
        (Texts({"en": "  "}), "at least one language"),
        (Texts({"en": "New"}, {"ru": "Объяснение"}), "“ru” but no label"),
        (Texts({"en": "x" * 121}), "120 characters"),
        (Texts({"en": "x"}, {"en": "y" * 301}), "300 characters"),
        (Texts({"en": "BUDGET"}), r"client\.budget is called “BUDGET” already"),
        (Texts({"en": "New", "ru": "наша цена"}), r"company\.price is called"),
    ],
)
def test_unfit_texts_are_refused(texts, why) -> None:
    with pytest.raises(UnableToChangeCause, match=why):
        decide_add(CATALOGUE, Side.COMPANY, texts)
    with pytest.raises(UnableToChangeCause, match=why):
        decide_rename(CATALOGUE, "company.quality", texts)


def test_a_label_of_a_retired_cause_may_be_used_again_until_it_is_restored() -> None:
    added = decide_add(CATALOGUE, Side.COMPANY, Texts({"en": "Old"}))
    assert added.code == "company.old_2"
    with pytest.raises(UnableToChangeCause, match=r"company\.old_2 is called “Old” already"):
        decide_restore(CATALOGUE.changed(added), "company.old")


def test_renaming_keeps_the_code_and_may_keep_the_own_label() -> None:
    renamed = decide_rename(CATALOGUE, "company.price", Texts({"en": "our price"}, {"en": "Why"}))
    assert renamed.code == "company.price"
    assert renamed.labels == {"en": "our price"}
    assert renamed.explanations == {"en": "Why"}


def test_a_refusal_can_be_said_in_another_language() -> None:
    with pytest.raises(UnableToChangeCause) as refused:
        decide_add(CATALOGUE, Side.CLIENT, Texts({"en": "100 % sure", "ru": "Наша цена"}))
    error = refused.value
    assert isinstance(error, Unable)
    assert "%(label)s" in error.sentence
    assert error.facts == {"code": "company.price", "label": "Наша цена"}
    assert str(error) == error.sentence % error.facts


def test_moving_exchanges_places_over_what_is_not_in_use() -> None:
    down = decide_move(CATALOGUE, "company.quality", places=1)
    assert positions(*down) == {"company.quality": 50, "company.plans": 20}
    up = decide_move(CATALOGUE, "company.plans", places=-2)
    assert positions(*up) == {"company.plans": 10, "company.price": 20, "company.quality": 50}


@pytest.mark.parametrize(("code", "places"), [("company.price", -1), ("company.plans", 5)])
def test_moving_stops_at_the_ends(code, places) -> None:
    assert decide_move(CATALOGUE, code, places=places) == ()


def test_what_is_not_in_use_is_neither_moved_nor_offered_nor_retired_again() -> None:
    for act in (
        lambda: decide_move(CATALOGUE, "company.old", places=1),
        lambda: decide_tickable(CATALOGUE, "company.old", is_tickable=True),
        lambda: decide_retire(CATALOGUE, "company.fees"),
    ):
        with pytest.raises(UnableToChangeCause, match="restore it first"):
            act()


def test_merge() -> None:
    merged = decide_merge(CATALOGUE, "company.plans", "company.price")
    assert merged.merged_into == "company.price"
    assert merged.is_retired
    again = decide_merge(CATALOGUE, "company.old", "company.price")
    assert again.merged_into == "company.price"


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("company.price", "company.price", "into itself"),
        ("company.price", "client.budget", "different sides"),
        ("company.price", "company.old", r"company\.old is not in use"),
        ("company.price", "company.fees", r"company\.fees is not in use"),
        ("company.fees", "company.quality", r"counts as company\.price already"),
        ("competitor.price", "competitor.offer", "last cause of its side"),
    ],
)
def test_merges_that_are_refused(source, target, why) -> None:
    with pytest.raises(UnableToChangeCause, match=why):
        decide_merge(CATALOGUE, source, target)


def test_merge_targets_are_what_a_merge_accepts() -> None:
    offered = list_merge_targets(CATALOGUE, "company.old")
    assert [it.code for it in offered] == ["company.price", "company.quality", "company.plans"]
    for target in offered:
        decide_merge(CATALOGUE, "company.old", target.code)
    assert list_merge_targets(CATALOGUE, "client.budget") == ()


def test_restoring_undoes_a_merge() -> None:
    restored = decide_restore(CATALOGUE, "company.fees")
    assert restored.merged_into is None
    assert not restored.is_retired
    with pytest.raises(UnableToChangeCause, match="in use already"):
        decide_restore(CATALOGUE, "company.price")


def test_respondents_always_find_something_on_each_side() -> None:
    with pytest.raises(UnableToChangeCause, match="last cause of its side"):
        decide_tickable(CATALOGUE, "competitor.price", is_tickable=False)
    with pytest.raises(UnableToChangeCause, match="last cause of its side"):
        decide_retire(CATALOGUE, "client.budget")
    assert decide_retire(CATALOGUE, "competitor.offer").is_retired
    assert decide_tickable(CATALOGUE, "competitor.offer", is_tickable=True).is_tickable


def test_an_unknown_code_is_named() -> None:
    with pytest.raises(UnableToFindCause, match=r"company\.nothing"):
        decide_merge(CATALOGUE, "company.price", "company.nothing")
