"""Researchers' pages: confirming without a script, proposing, splitting, reading in pairs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from feedback_app.causes.models import CauseNote
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.models import Statement
from feedback_app.tagging.rules import Tag
from tests.factories.answers import make_survey
from tests.factories.staff import StaffBrowser, add_staff, browser_of
from tests.factories.statements import confirm, list_statements, put_statements, suggest

REVIEW = "/staff/tagging/departed/review"
ONE, OTHER = "one@example.com", "other@example.com"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def researcher(app: Flask, prepared: Database) -> StaffBrowser:
    """A researcher who has signed in."""
    add_staff(prepared, ONE, Role.RESEARCHER)
    return browser_of(app, ONE)


@pytest.fixture
def survey(prepared: Database) -> SurveyRow:
    """A survey with six statements outside the audit, price suggested for all."""
    made = make_survey(prepared, k=5)
    rows = put_statements(prepared, made, [f"it is <b>too dear</b> {n}" for n in range(6)])
    with prepared.writing() as session:
        session.execute(update(Statement).values(is_audit=False))
    suggest(prepared, rows, "company.price", evidence=((6, 9),), others=("client.budget",))
    return made


def first_on(page: str) -> str:
    found = re.search(r'data-statement="([0-9a-f-]+)"', page)
    assert found
    return found[1]


def test_a_statement_is_confirmed_by_a_form_alone(
    researcher: StaffBrowser,
    survey: SurveyRow,
    prepared: Database,
    valid_html: Callable[[str], None],
) -> None:
    page = researcher.get(REVIEW).text
    valid_html(page)
    assert "<mark>&lt;b&gt;</mark>" in page
    statement = first_on(page)
    path = f"/staff/tagging/departed/statements/{statement}"
    refused = researcher.send(path, seen_at=REVIEW)
    assert refused.status_code == 422
    assert first_on(refused.text) == statement
    answer = researcher.send(path, seen_at=REVIEW, primary="company.price", others="client.budget")
    assert (answer.status_code, answer.headers["Location"]) == (302, REVIEW)
    done = [row for row in list_statements(prepared, survey) if row.confirmed.primary]
    assert [(str(row.id), row.confirmed) for row in done] == [
        (statement, Tag("company.price", ("client.budget",)))
    ]
    answer = researcher.send("/staff/tagging/departed/undo", seen_at=REVIEW)
    assert answer.headers["Location"] == f"{REVIEW}?statement={statement}"
    assert not any(row.confirmed.primary for row in list_statements(prepared, survey))


def test_the_audit_is_read_without_a_suggestion(
    researcher: StaffBrowser, survey: SurveyRow, prepared: Database
) -> None:
    with prepared.writing() as session:
        session.execute(update(Statement).values(is_audit=True))
    page = researcher.get(REVIEW).text
    assert "random audit" in page
    assert "<mark>" not in page
    assert 'class="suggestion side-' not in page


def test_a_new_cause_is_proposed_from_a_statement(
    researcher: StaffBrowser, survey: SurveyRow, prepared: Database
) -> None:
    statement = first_on(researcher.get(REVIEW).text)
    path = f"/staff/tagging/departed/statements/{statement}/new-cause"
    assert researcher.send(path, side="company", label="").status_code == 422
    answer = researcher.send(path, side="company", label="The hold music", explanation="")
    assert answer.status_code == 302
    (row,) = [it for it in list_statements(prepared, survey) if str(it.id) == statement]
    assert row.confirmed.primary == "company.hold_music" or row.confirmed.primary.startswith(
        "company.the_hold_music"
    )


def test_a_split_is_looked_at_before_it_is_done(
    researcher: StaffBrowser, survey: SurveyRow, prepared: Database
) -> None:
    confirm(prepared, list_statements(prepared, survey), "company.price")
    fields = {"source": "company.price", "target": "company.plans", "holding": "dear"}
    path = "/staff/tagging/departed/move"
    page = researcher.client.get(path, query_string=fields).text
    assert "6 statements move" in page
    assert {it.confirmed.primary for it in list_statements(prepared, survey)} == {"company.price"}
    merge = researcher.get("/staff/causes/company.price/merge?into=company.plans").text
    assert "6 confirmed statements" in merge
    assert researcher.send(path, **fields).status_code == 302
    assert {it.confirmed.primary for it in list_statements(prepared, survey)} == {"company.plans"}
    assert researcher.send(path, **{**fields, "target": "company.price"}).status_code == 422


def read_all(prepared: Database, survey: SurveyRow, reader: str, code: str) -> None:
    with prepared.writing() as session:
        (sample,) = queries.list_samples(session, survey.id)
        while (row := queries.find_next_blind(session, sample, reader)) is not None:
            actions.read_blind(session, sample, row, Tag(code), by=reader, codebook=1)


def test_two_people_read_blind_and_settle(
    researcher: StaffBrowser,
    survey: SurveyRow,
    prepared: Database,
    app: Flask,
    valid_html: Callable[[str], None],
) -> None:
    add_staff(prepared, OTHER, Role.RESEARCHER)
    samples = "/staff/tagging/departed/samples"
    assert researcher.send(samples, first=ONE, second=ONE, size=5).status_code == 422
    made = researcher.send(samples, first=ONE, second=OTHER, size=5)
    sample = made.headers["Location"]
    page = researcher.get(f"{sample}/read").text
    valid_html(page)
    assert 'class="suggestion side-' not in page
    path = f"{sample}/statements/{first_on(page)}"
    assert researcher.send(path, seen_at=f"{sample}/read", cause="company.price").status_code == 302
    read_all(prepared, survey, ONE, "company.price")
    waiting = researcher.get(sample).text
    assert "Still being read" in waiting
    assert "alpha" not in waiting
    read_all(prepared, survey, OTHER, "company.plans")
    done = researcher.get(sample).text
    valid_html(done)
    assert "in 0 of 5 statements" in done
    settle = re.search(r'action="([^"]+/settle/[^"]+)"', done)
    assert settle
    answer = researcher.send(
        settle[1], seen_at=sample, cause="company.plans", note="Tiers are plans, not prices."
    )
    assert answer.status_code == 302
    with prepared.reading() as session:
        assert session.scalars(select(CauseNote.note)).all() == ["Tiers are plans, not prices."]
    left = researcher.get(sample).text
    valid_html(left)
    assert "4 statements to settle" in left
    assert "Tiers are plans" in left, "said where the next of them is settled"
    assert "Tiers are plans" in researcher.get("/staff/causes").text
    assert add_staff(prepared, "third@example.com", Role.RESEARCHER)
    assert browser_of(app, "third@example.com").get(f"{sample}/read").status_code == 404


def test_every_page_of_statements_is_valid(
    researcher: StaffBrowser, survey: SurveyRow, valid_html: Callable[[str], None]
) -> None:
    for path in ("", "/model", "/departed/masked", "/departed/move", "/departed/samples"):
        answer = researcher.get(f"/staff/tagging{path}")
        assert answer.status_code == 200
        valid_html(answer.text)
    assert researcher.get("/staff/tagging/nowhere/review").status_code == 404
