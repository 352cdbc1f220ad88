"""From ticks to causes: what was chosen counts, and the price question makes it precise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.tagging.rules import chosen_tags

CODES = ["client.budget", "company.price", "company.quality", "competitor.price"]


def values(
    ticked: list[str], decided: str | None, compared: str | None = None
) -> dict[str, object]:
    """The stored values of one answer."""
    found: dict[str, object] = {"reasons": {"ticked": ticked, "decided": decided}}
    if compared is not None:
        found["price_compared"] = {"choice": compared}
    return found


def test_ticks_are_sorted_and_the_last_straw_is_primary() -> None:
    tags = chosen_tags(values(["company.quality", "client.budget"], "company.quality"))
    assert tags.cause_set == "client.budget company.quality"
    assert tags.primary == "company.quality"


def test_an_answer_without_ticks_has_no_causes() -> None:
    assert chosen_tags({}).causes == ()
    assert chosen_tags({"reasons": {"ticked": [], "decided": None, "other": "x"}}).primary == ""


@pytest.mark.parametrize(
    ("compared", "meant"),
    [("competitor_price", "competitor.price"), ("own_budget", "client.budget")],
)
def test_the_price_question_moves_the_primary_and_keeps_the_tick(compared: str, meant: str) -> None:
    tags = chosen_tags(values(["company.price"], "company.price", compared))
    assert set(tags.causes) == {"company.price", meant}
    assert tags.primary == meant


@pytest.mark.parametrize("compared", ["earlier_price", "value_received", "other", None])
def test_other_comparisons_leave_the_price_with_the_company(compared: str | None) -> None:
    tags = chosen_tags(values(["company.price"], "company.price", compared))
    assert (tags.causes, tags.primary) == (("company.price",), "company.price")


def test_another_last_straw_is_not_moved_by_the_price_question() -> None:
    tags = chosen_tags(
        values(["company.price", "company.quality"], "company.quality", "competitor_price")
    )
    assert tags.primary == "company.quality"
    assert "competitor.price" in tags.causes


@given(
    ticked=st.lists(st.sampled_from(CODES), unique=True),
    compared=st.sampled_from(["competitor_price", "own_budget", "earlier_price", None]),
    data=st.data(),
)
def test_every_tick_stays_and_the_primary_is_among_the_causes(
    ticked: list[str], compared: str | None, data: st.DataObject
) -> None:
    decided = data.draw(st.sampled_from([*ticked, None]))
    tags = chosen_tags(values(ticked, decided, compared))
    assert set(ticked) <= set(tags.causes)
    assert tags.primary == "" or tags.primary in tags.causes
    assert (tags.primary == "") == (decided is None)
    assert list(tags.causes) == sorted(set(tags.causes))


def test_of_current_customers_the_causes_that_could_make_them_leave_are_counted() -> None:
    value = {"ticked": ["company.price", "client.budget"], "decided": "company.price"}
    tags = chosen_tags({"could_leave": value, "nps": 3})
    assert (tags.cause_set, tags.primary) == ("client.budget company.price", "company.price")
