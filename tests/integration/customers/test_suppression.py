"""The suppression list and erasure, on both databases."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback_app.customers import actions, queries
from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.rules import Reason, RecipientFilter
from feedback_app.foundation.db import Database, utc_today
from feedback_app.staff.models import AuditEntry
from tests.factories.customers import add_customers, reading
from tests.integration.customers.conftest import Visitor

BY = "anna@example.com"


def test_any_spelling_is_suppressed_once(database: Database) -> None:
    with database.writing() as session:
        assert actions.suppress(session, "Anna@X.co ", reason=Reason.BOUNCED, by=BY)
        assert not actions.suppress(session, "anna@x.co", reason=Reason.UNSUBSCRIBED, by=BY)
        assert queries.is_suppressed(session, "ANNA@x.CO")
        assert not queries.is_suppressed(session, "hanna@x.co")
        assert queries.find_suppressed(session, ["b@x.co", "Anna@x.co"]) == {"Anna@x.co"}
        with pytest.raises(actions.UnableToSuppress):
            actions.suppress(session, "anna", reason=Reason.BY_HAND, by=BY)
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert [(entry.act, entry.subject) for entry in entries] == [("suppression.add", "bounced")]


def test_who_was_erased_stays_suppressed_and_is_known_again(database: Database) -> None:
    with database.writing() as session:
        add_customers(session, reading("1", email="a@x.co"), reading("2", email="b@x.co"))
        actions.suppress(session, "a@x.co", reason=Reason.UNSUBSCRIBED, by="link")
        gone = session.scalar(select(Customer.id).where(Customer.reference == "1"))
        assert gone is not None
        actions.erase(session, gone, by=BY)
    with database.reading() as session:
        assert session.scalars(select(Suppression.address)).all() == [None]
        assert queries.is_suppressed(session, "a@x.co")
        assert queries.count_suppressed(session).erased == 1
        assert queries.list_suppressed(session).rows == ()
    with database.writing() as session:
        add_customers(session, reading("9", email="a@x.co"))
    with database.reading() as session:
        counts = queries.count_recipients(session, RecipientFilter())
        assert (counts.suppressed, counts.reachable) == (1, 1)
        assert queries.count_suppressed(session).erased == 0


def test_an_address_shared_with_another_customer_keeps_its_name(database: Database) -> None:
    with database.writing() as session:
        add_customers(session, reading("1", email="a@x.co"), reading("2", email="a@x.co"))
        actions.suppress(session, "a@x.co", reason=Reason.BOUNCED, by="bounce")
        gone = session.scalar(select(Customer.id).where(Customer.reference == "1"))
        assert gone is not None
        actions.erase(session, gone, by=BY)
        assert queries.count_recipients(session, RecipientFilter()).suppressed == 1


def test_the_page_adds_searches_and_removes(visitor: Visitor, database: Database) -> None:
    assert visitor.send("/staff/customers/suppression", address="b@x.co").status_code == 302
    assert visitor.send("/staff/customers/suppression", address="a@x.co").status_code == 302
    refused = visitor.send("/staff/customers/suppression", address="a")
    assert refused.status_code == 422
    assert "not an e-mail address" in refused.text
    page = visitor.read("/staff/customers/suppression")
    assert page.index("a@x.co") < page.index("b@x.co")
    assert "b@x.co" not in visitor.read("/staff/customers/suppression?search=A@")
    with database.reading() as session:
        key = queries.list_suppressed(session).rows[0].key
    visitor.send(f"/staff/customers/suppression/{key}/remove")
    assert visitor.send("/staff/customers/suppression/xyz/remove").status_code == 302
    with database.reading() as session:
        assert not queries.is_suppressed(session, "a@x.co")
        assert queries.is_suppressed(session, "b@x.co")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_is_walked_in_pages(
    visitor: Visitor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback_app.customers.queries.suppression.SUPPRESSION_PAGE", 2)
    with database.writing() as session:
        for letter in "edcba":
            actions.suppress(session, f"{letter}@x.co", reason=Reason.BOUNCED, by=BY)
    with database.reading() as session:
        first = queries.list_suppressed(session)
        second = queries.list_suppressed(session, after=first.rows[-1].key)
        third = queries.list_suppressed(session, after=second.rows[-1].key)
        back = queries.list_suppressed(session, before=third.rows[0].key)
    assert [row.address for row in (*first.rows, *second.rows, *third.rows)] == [
        f"{letter}@x.co" for letter in "abcde"
    ]
    assert (first.has_earlier, first.has_later, third.has_later) == (False, True, False)
    assert back.rows == second.rows
    page = visitor.read(f"/staff/customers/suppression?after={first.rows[-1].key}")
    assert f"before={second.rows[0].key}" in page
    assert "c@x.co" in page


def test_the_list_goes_out_and_comes_in_whole(
    visitor: Visitor, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        add_customers(session, reading("1", email="gone@x.co"))
        for address in ("+plus@x.co", "=eq@x.co", "gone@x.co"):
            actions.suppress(session, address, reason=Reason.BOUNCED, by=BY)
        erased = session.scalar(select(Customer.id))
        assert erased is not None
        actions.erase(session, erased, by=BY)
        before = {row.key: row for row in queries.read_suppression(session)}
    answer = visitor.client.get("/staff/customers/suppression.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["address", "reason", "since"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "gone@x.co" not in answer.text
    file = tmp_path / "suppression.csv"
    file.write_bytes(answer.data)
    with database.writing() as session:
        for key in before:
            actions.unsuppress(session, key, by=BY)
    assert visitor.send("/staff/customers/suppression/import", file=file).status_code == 302
    with database.reading() as session:
        assert {row.key: row for row in queries.read_suppression(session)} == before
        assert queries.is_suppressed(session, "gone@x.co")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_tools_list_is_read(visitor: Visitor, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "unsubscribed.csv"
    file.write_text("Name;E-Mail\nA;a@x.co\nB;nobody\nC;A@X.co\nD;d@x.co\n")
    visitor.send("/staff/customers/suppression/import", file=file)
    page = visitor.read("/staff/customers/suppression")
    assert "2 addresses added, 0 were there already." in page
    assert "1 line was left out:" in page
    assert "line 3" in page
    with database.reading() as session:
        rows = queries.list_suppressed(session).rows
    assert [(row.address, row.reason, row.since_on) for row in rows] == [
        ("a@x.co", Reason.BY_HAND, utc_today()),
        ("d@x.co", Reason.BY_HAND, utc_today()),
    ]
    file.write_text("name,note\nx,y\n")
    refused = visitor.send("/staff/customers/suppression/import", file=file)
    assert refused.status_code == 422
    assert "No column holds e-mail addresses" in refused.text
    assert visitor.send("/staff/customers/suppression/import").status_code == 422
