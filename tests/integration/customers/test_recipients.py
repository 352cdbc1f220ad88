"""Whom a wave would reach, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from feedback_app.customers import actions, queries
from feedback_app.customers.models import Customer
from feedback_app.customers.queries import RecipientCounts
from feedback_app.customers.rules import Reason, RecipientFilter, Status
from feedback_app.foundation.db import Database
from tests.factories.customers import add_customers, reading

LEFT: dict[str, Any] = {"status": "departed", "departed_on": date(2026, 5, 1)}


@pytest.fixture
def people(database: Database) -> Database:
    """Six customers: reachable ones, one without address, one suppressed, one just invited."""
    with database.writing() as session:
        add_customers(
            session,
            reading("1", email="a@x.co", plan="Pro", region="Kyiv", language="uk", **LEFT),
            reading("2", email="b@x.co", plan="Pro", region="Lviv", **LEFT),
            reading("3", plan="Pro", **LEFT),
            reading("4", email="d@x.co", plan="Basic", **LEFT),
            reading("5", email="e@x.co", plan="Basic", attributes={"it's": "y" * 70}),
            reading("6", email="f@x.co", plan="Pro", **{**LEFT, "departed_on": None}),
        )
        actions.suppress(session, " B@X.co", reason=Reason.UNSUBSCRIBED, by="link")
        invited = session.scalars(select(Customer.id).where(Customer.reference == "4")).all()
        actions.note_invited(session, invited, on=date(2026, 6, 1))
    return database


def test_everybody_is_counted_once(people: Database) -> None:
    with people.reading() as session:
        everybody = queries.count_recipients(session, RecipientFilter())
        assert everybody == RecipientCounts(6, 1, 1, 0, 4)
        throttled = queries.count_recipients(
            session, RecipientFilter(), invited_since=date(2026, 6, 1)
        )
        assert throttled == RecipientCounts(6, 1, 1, 1, 3)
        later = queries.count_recipients(session, RecipientFilter(), invited_since=date(2026, 6, 2))
        assert later.recently_invited == 0


@pytest.mark.parametrize(
    ("wanted", "references"),
    [
        (RecipientFilter(status=Status.DEPARTED), "12346"),
        (RecipientFilter(status=Status.CURRENT), "5"),
        (RecipientFilter(departed_from=date(2026, 5, 1)), "1234"),
        (RecipientFilter(departed_to=date(2026, 4, 30)), ""),
        (RecipientFilter(plans=("Pro",), regions=("Kyiv", "Lviv")), "12"),
        (RecipientFilter(regions=("",)), "3456"),
        (RecipientFilter(languages=("uk",)), "1"),
        (RecipientFilter(attributes=(("it's", ("y" * 70,)),)), "5"),
        (RecipientFilter(attributes=(("it's", ("",)),)), "12346"),
        (RecipientFilter(account_managers=("Nobody",)), ""),
    ],
)
def test_a_filter_narrows(people: Database, wanted: RecipientFilter, references: str) -> None:
    with people.reading() as session:
        found = queries.list_customers(session, wanted)
        assert "".join(sorted(row.reference for row in found.rows)) == references
        assert queries.count_recipients(session, wanted).matching == len(references)


def test_recipients_come_in_pages_with_what_travels(people: Database) -> None:
    names = ("plan", "attribute:it's", "region")
    with people.reading() as session:
        whole = queries.list_recipients(session, RecipientFilter(), names=names)
        paged: list[queries.Recipient] = []
        after = None
        while part := queries.list_recipients(
            session, RecipientFilter(), names=names, after=after, limit=3
        ):
            paged += part
            after = part[-1].id
        throttled = queries.list_recipients(
            session, RecipientFilter(), invited_since=date(2026, 6, 1)
        )
    assert paged == list(whole)
    by_email = {each.email: each.segments for each in whole}
    assert by_email == {
        "a@x.co": ("Pro", "", "Kyiv"),
        "d@x.co": ("Basic", "", ""),
        "e@x.co": ("Basic", "y" * 60, ""),
        "f@x.co": ("Pro", "", ""),
    }
    assert {each.email for each in throttled} == {"a@x.co", "e@x.co", "f@x.co"}


def test_combinations_count_who_is_reachable(people: Database) -> None:
    with people.reading() as session:
        found = queries.segment_combinations(session, RecipientFilter(), ("plan", "attribute:it's"))
        none = queries.segment_combinations(session, RecipientFilter(), ())
        names = queries.list_segment_names(session)
    assert found == {("Pro", ""): 2, ("Basic", ""): 1, ("Basic", "y" * 60): 1}
    assert none == {(): 4}
    assert "plan" in names
    assert names[-1] == "attribute:it's"


def test_an_unknown_segment_is_an_error(people: Database) -> None:
    with people.reading() as session, pytest.raises(ValueError, match="no segment"):
        queries.list_recipients(session, RecipientFilter(), names=("email",))


def test_who_may_be_written_to_is_asked_at_the_last_moment(people: Database) -> None:
    with people.writing() as session:
        rows = session.execute(select(Customer.reference, Customer.id))
        ids = {row.reference: row.id for row in rows}
        found = queries.find_recipient(session, ids["1"])
        assert found is not None
        assert (found.email, found.language) == ("a@x.co", "uk")
        assert queries.find_recipient(session, ids["2"]) is None
        assert queries.find_recipient(session, ids["3"]) is None
        actions.erase(session, ids["1"], by="anna@example.com")
        assert queries.find_recipient(session, ids["1"]) is None


def test_the_choices_of_a_filter_are_the_values_in_use(people: Database) -> None:
    with people.reading() as session:
        choices = queries.list_filter_choices(session)
    assert choices.plans == ("Basic", "Pro")
    assert choices.regions == ("", "Kyiv", "Lviv")
