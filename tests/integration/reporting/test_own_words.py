"""The page "In their own words": what is added, corrected, quoted and withheld."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from feedback_app.foundation.db import Database
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions
from feedback_app.tagging.models import Statement
from tests.factories.answers import make_survey
from tests.factories.staff import StaffBrowser
from tests.factories.statements import confirm, list_statements, put_statements, suggest

PAGE = "/reports/departed/words"


@pytest.fixture
def survey(prepared: Database) -> SurveyRow:
    """40 texts without a tick, 30 with one; 20 confirmed, the others suggested."""
    made = make_survey(prepared, k=5)
    put_statements(prepared, made, [f"slow {n}" for n in range(30)], causes=("company.quality",))
    put_statements(prepared, made, [f"dear {n}" for n in range(40)])
    rows = list_statements(prepared, made)
    dear = [row for row in rows if row.text.startswith("dear")]
    slow = [row for row in rows if row.text.startswith("slow")]
    suggest(prepared, slow, "company.quality", confidence=0.6)
    suggest(prepared, dear[20:32], "company.price", confidence=0.95)
    suggest(prepared, dear[32:36], "client.budget", confidence=0.8)
    suggest(prepared, [*dear[:20], *dear[36:]], "unsure", confidence=0.05)
    confirm(prepared, dear[:17], "company.price")
    confirm(prepared, dear[17:20], "client.budget")
    confirm(prepared, slow[:25], "company.quality")
    with prepared.writing() as session:
        session.execute(update(Statement).values(is_audit=Statement.confirmed != ""))
        actions.tell_confirmed(session)
    return made


def cells(page: str) -> dict[str, str]:
    """cause -> respondents, of the ranking."""
    ranking = page[page.index('id="ranked"') :]
    rows = re.findall(
        r'cause=([\w.]+)".*?data-label="Respondents">([^<]+)<', ranking, flags=re.DOTALL
    )
    return dict(rows)


def test_the_switch_adds_only_what_can_be_told_and_shares_are_corrected(
    manager: StaffBrowser, survey: SurveyRow, valid_html: Callable[[str], None]
) -> None:
    ticks = manager.get(f"{PAGE}?count=chosen")
    valid_html(ticks.text)
    assert cells(ticks.text) == {"company.quality": "30"}
    # Three confirmed texts about a budget are too few to be added.
    page = manager.get(PAGE).text
    assert cells(page) == {"company.quality": "30", "company.price": "17"}
    assert cells(manager.get(f"{PAGE}?count=90").text)["company.price"] == "29"
    surer = cells(manager.get(f"{PAGE}?count=70").text)
    assert surer == {"company.quality": "30", "company.price": "29"}
    assert cells(manager.get(f"{PAGE}?count=nonsense").text) == cells(page)
    assert "A person read 45 texts drawn by lot from 70" in page
    found = re.search(r"about <strong>(\d+)</strong>, between (\d+) and (\d+)", page)
    assert found
    share, low, high = map(int, found.groups())
    assert low <= share <= high
    assert high - low < 45
    check_downloads(manager)


def check_downloads(manager: StaffBrowser) -> None:
    """CSV and JSON hold what the page shows in the same state, and nothing that it withholds."""
    answer = manager.get("/reports/departed/words.csv?count=90")
    assert answer.headers["Content-Disposition"].endswith('filename="departed-words.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    ranked = {row["code"]: row["respondents"] for row in rows if row["table"] == "ranked"}
    assert ranked == {"company.quality": "30", "company.price": "29"}
    assert {row["code"]: row["texts"] for row in rows if row["table"] == "audit"} == {
        "statements": "70",
        "read": "45",
    }
    document = json.loads(manager.get("/reports/departed/words.json?count=90").text)
    assert document["count"] == "90"
    told = {row["code"]: row["respondents"] for row in document["ranked"]["causes"]}
    assert told == {"company.quality": 30, "company.price": 29}
    corrected = {row["code"] for row in rows if row["table"] == "corrected"}
    assert corrected == {row["code"] for row in document["corrected"]["causes"]}
    assert manager.get("/reports/nowhere/words.csv").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_quotes_need_k_confirmed_answers(manager: StaffBrowser, survey: SurveyRow) -> None:
    shown = manager.get(f"{PAGE}/quotes?cause=company.price").text
    assert shown.count("<blockquote") == 17
    hidden = manager.get(f"{PAGE}/quotes?cause=client.budget").text
    assert "<blockquote" not in hidden
    assert "at least 5 answers" in hidden
    assert manager.get("/reports/nowhere/words").status_code == 404
    assert manager.get("/reports/nowhere/words/quotes?cause=company.price").status_code == 404
