"""The list and one customer: found, corrected, erased; on both databases."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select

from feedback_app.answers.models import Answer, NamedRespondent
from feedback_app.customers import queries
from feedback_app.customers.models import Customer
from feedback_app.customers.rules import ContactRow, RecipientFilter
from feedback_app.foundation.db import Database
from feedback_app.foundation.policy import POLICY
from feedback_app.foundation.rules import Permission
from feedback_app.staff.models import AuditEntry
from feedback_app.surveys import actions as surveys
from feedback_app.surveys.rules import Mode
from tests.factories.customers import add_customers, reading
from tests.integration.customers.conftest import Visitor

#: What the database does here is the same on both, and asked on both elsewhere.
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def add(database: Database, *people: object) -> dict[str, UUID]:
    with database.writing() as session:
        add_customers(session, *people)  # type: ignore[arg-type]
        rows = session.execute(select(Customer.reference, Customer.id))
        return {row.reference: row.id for row in rows}


@SQLITE
def test_every_page_asks_for_the_right_to_customers(app: Flask) -> None:
    endpoints = [name for name in app.view_functions if name.startswith("customers.")]
    assert len(endpoints) > 10
    assert {POLICY[name] for name in endpoints} == {Permission.MANAGE_CUSTOMERS}


@SQLITE
def test_an_empty_list_says_what_to_do(visitor: Visitor, valid_html) -> None:
    page = visitor.read("/staff/customers")
    assert "There are no customers yet" in page
    valid_html(page)


def test_search_looks_for_every_word_in_any_case(visitor: Visitor, database: Database) -> None:
    add(
        database,
        reading("Д-1", name="Олена КОВАЛЬ", email="olena@x.co", phone="+380 50"),
        reading("Д-2", name="100% sure_thing", plan="Pro"),
        reading("Д-3", name="John", status="departed"),
    )

    def found(query: str) -> set[str]:
        page = visitor.read(f"/staff/customers?{query}")
        return {name for name in ("Олена", "100% sure", "John") if name in page}

    assert found("search=коваль+олена") == {"Олена"}
    assert found("search=OLENA@X") == {"Олена"}
    assert found("search=д-3") == {"John"}
    assert found("search=%25+_") == {"100% sure"}
    assert found("search=%2B380+50") == {"Олена"}
    assert found("search=nobody") == set()
    assert found("status=departed") == {"John"}
    assert found("plan=Pro") == {"100% sure"}
    assert found("status=wrong&after=nonsense") == {"Олена", "100% sure", "John"}


def test_pages_follow_each_other_without_gap_or_repetition(
    visitor: Visitor, database: Database, valid_html
) -> None:
    names = [f"Name {number % 7}" for number in range(120)]
    add(database, *(reading(f"C-{number}", name=name) for number, name in enumerate(names)))
    with database.reading() as session:
        seen: list[UUID] = []
        page = queries.list_customers(session, RecipientFilter())
        seen += [row.id for row in page.rows]
        while page.has_later:
            page = queries.list_customers(session, RecipientFilter(), after=seen[-1])
            seen += [row.id for row in page.rows]
        assert len(seen) == len(set(seen)) == 120
        back = queries.list_customers(session, RecipientFilter(), before=seen[100])
    assert [row.id for row in back.rows] == seen[50:100]
    assert (back.has_earlier, back.has_later) == (True, True)
    first = visitor.read("/staff/customers?search=name")
    assert f"/staff/customers?after={seen[49]}&amp;search=name" in first
    assert 'rel="prev"' not in first
    last = visitor.read(f"/staff/customers?after={seen[99]}")
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last
    valid_html(first)


@SQLITE
def test_a_customer_is_shown_with_mails_and_never_with_answers(
    visitor: Visitor, database: Database, app: Flask, valid_html
) -> None:
    ids = add(
        database,
        reading(
            "C-1", name="<Anna>", email="a@x.co", monthly_revenue_cents=120050,
            attributes={"In<dustry": "ret&ail"},
        ),
    )  # fmt: skip
    page = visitor.read(f"/staff/customers/{ids['C-1']}")
    assert "No survey was sent yet." in page
    assert "1200.50" in page
    asked = []

    def tell(_session: object, customer_id: UUID) -> list[ContactRow]:
        asked.append(customer_id)
        mails = (("invitation", date(2026, 5, 1)), ("reminder", date(2026, 5, 8)))
        return [ContactRow("Spring wave", "/staff/waves/1", mails)]

    app.extensions["feedback_contact_history"] = tell
    page = visitor.read(f"/staff/customers/{ids['C-1']}")
    assert asked == [ids["C-1"]]
    for words in ("Spring wave", "1 May 2026", "8 May 2026", "&lt;Anna&gt;", "ret&amp;ail"):
        assert words in page
    valid_html(page)
    assert visitor.client.get(f"/staff/customers/{uuid4()}").status_code == 404


@SQLITE
def test_a_customer_is_corrected_and_the_log_tells_no_more_than_which_fields(
    visitor: Visitor, database: Database
) -> None:
    ids = add(database, reading("C-1", name="Anna", email="a@x.co", plan="Pro"))
    path = f"/staff/customers/{ids['C-1']}"
    fields = {
        "name": "Anna Maria", "email": " Anna@X.co ", "phone": "", "language": "Ukrainian",
        "status": "departed", "departed_on": "2026-04-01", "account_manager": "", "plan": "Pro",
        "region": "", "value_class": "A", "monthly_revenue_cents": "1 234,50",
    }  # fmt: skip
    assert visitor.send(f"{path}/edit", **fields).location == path
    with database.reading() as session:
        card = queries.get_customer(session, ids["C-1"])
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "customers.correct"))
        (logged,) = entry
    assert (card.name, card.email, card.language) == ("Anna Maria", "anna@x.co", "uk")
    assert (card.status, card.departed_on) == ("departed", date(2026, 4, 1))
    assert card.monthly_revenue_cents == 123450
    assert logged.subject == str(ids["C-1"])
    fields_told = logged.detail["fields"]
    assert isinstance(fields_told, list)
    assert set(fields_told) == {
        *("name", "email", "language", "status", "departed_on", "value_class"),
        "monthly_revenue_cents",
    }
    assert "Anna Maria" in visitor.read("/staff/customers?search=maria")
    visitor.send(f"{path}/edit", **{**fields, "status": "current"})
    with database.reading() as session:
        card = queries.get_customer(session, ids["C-1"])
    assert (card.status, card.departed_on) == ("current", None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_correction_that_can_not_be_read_comes_back(
    visitor: Visitor, database: Database, valid_html
) -> None:
    ids = add(database, reading("C-1", name="Anna"))
    path = f"/staff/customers/{ids['C-1']}/edit"
    valid_html(visitor.read(path))
    answer = visitor.send(path, name="Bert", email="nobody", status="gone", departed_on="soon")
    assert answer.status_code == 422
    assert "“nobody” is not an e-mail address" in answer.text
    assert 'value="Bert"' in answer.text
    valid_html(answer.text)
    with database.reading() as session:
        assert queries.get_customer(session, ids["C-1"]).name == "Anna"


def test_erasing_takes_the_data_and_leaves_the_counts(
    visitor: Visitor, database: Database, valid_html
) -> None:
    canary = "zanzibar"
    ids = add(
        database,
        reading(f"{canary}-1", name=f"{canary} name", email=f"{canary}@x.co", phone="5550100"),
        reading("C-2", name="Other"),
    )
    erased = ids[f"{canary}-1"]
    answer_id = _add_named_answer(database, f"{canary}-1")
    path = f"/staff/customers/{erased}/erase"
    valid_html(visitor.read(path))
    with visitor.send(path) as answer:
        assert answer.location == "/staff/customers"
    assert canary not in visitor.read("/staff/customers")
    assert visitor.client.get(f"/staff/customers/{erased}").status_code == 404
    assert visitor.send(path).status_code == 404
    with database.reading() as session:
        assert session.get(Answer, answer_id) is not None
        assert session.get(NamedRespondent, answer_id) is None
        entries = session.scalars(select(AuditEntry)).all()
    assert [(it.act, it.subject) for it in entries if it.act.startswith("customers.")] == [
        ("customers.erase", str(erased))
    ]
    assert not any(canary in f"{it.subject} {it.detail}" for it in entries)
    if database.is_sqlite:
        assert database.url.database is not None
        _assert_gone(database.url.database, canary)


def _assert_gone(file: str, canary: str) -> None:
    from pathlib import Path

    for path in (Path(file), Path(f"{file}-wal")):
        assert canary.encode() not in path.read_bytes(), path.name


def _add_named_answer(database: Database, reference: str) -> UUID:
    """An answer to a named survey, given under this reference."""
    answer_id = uuid4()
    with database.writing() as session:
        survey = surveys.create(
            session, by="x", template="departed", name="N", language="en", k=10, mode=Mode.NAMED
        )
        session.execute(
            insert(Answer.__table__).values(  # type: ignore[arg-type]
                id=answer_id, survey_id=survey.id, opened_on=date(2026, 1, 1), channel="link",
                language="en", segment_1="", segment_2="", segment_3="", cause_set="",
                primary_cause="", codebook=1, competitor="", offers="", has_text=False, document={},
            )
        )  # fmt: skip
        session.execute(insert(NamedRespondent).values(answer_id=answer_id, reference=reference))
    return answer_id
