"""What the template asks of a sheet: ids, groups, follow-up rules, problems in order."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import cast

import pytest
from flask import Flask
from flask_babel import Babel

from feedback_app.answers.views.sheet import Sheet
from feedback_app.causes.queries import get_starter
from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules import Problem, ProblemKind, SurveyDefinition
from feedback_app.surveys.rules.causes import CausesQuestion
from feedback_app.surveys.templates import read_template

CATALOGUE = Catalogue(get_starter().causes, 1)
DEPARTED = SurveyDefinition.from_document(read_template("departed"))
REASONS = cast(CausesQuestion, DEPARTED.questions[0])


def make_sheet(**more: object) -> Sheet:
    return replace(Sheet(DEPARTED, CATALOGUE, "en"), **more)  # type: ignore[arg-type]


def test_ids_are_unique() -> None:
    sheet = make_sheet()
    names = list(chain.from_iterable(each.fields() for each in DEPARTED.questions))
    ids = [sheet.id(name, place) for name in [*names, "respondent"] for place in range(40)]
    assert len(set(ids)) == len(ids)


def test_groups_hold_every_offered_cause_once_in_order() -> None:
    sheet = make_sheet()
    groups = sheet.groups(REASONS)
    assert [heading for _side, heading, _offered in groups] == [
        "Another provider",
        "This company",
        "My own situation",
    ]
    shown = [it.cause.code for _side, _heading, offered in groups for it in offered]
    assert shown == [cause.code for cause in CATALOGUE.tickable()]
    places = [it.place for _side, _heading, offered in groups for it in offered]
    assert places == list(range(len(shown)))


def test_a_cause_no_longer_offered_is_shown_to_who_ticked_it() -> None:
    gone = replace(CATALOGUE.get("client.closed"), is_retired=True)
    catalogue = CATALOGUE.changed(gone)
    blank = make_sheet(catalogue=catalogue)
    assert gone not in [it.cause for it in blank.offered(REASONS)]
    sent = make_sheet(catalogue=catalogue, sent_form={"reasons": ["client.closed"]})
    assert gone in [it.cause for it in sent.offered(REASONS)]


def test_follow_ups_have_their_rules() -> None:
    sheet = make_sheet()
    rules = sheet.follow_up_rules()
    price = [it for it in sheet.offered(REASONS) if it.cause.code.endswith(".price")]
    wanted = ",".join(f"#{sheet.id('reasons', it.place)}:checked" for it in price)
    asked = next(each for each in DEPARTED.questions if each.code == "price_compared")
    assert f"form:has({wanted}) .{sheet.follow_up_class(asked)}{{display:block}}" in rules
    for it in sheet.offered(REASONS):
        mark = sheet.id("reasons", it.place)
        assert f"form:has(#{mark}:checked) .q1-d{it.place}" in rules
    assert rules.count("{") == rules.count("}")
    assert sheet.follow_up_class(REASONS) == ""


@pytest.fixture
def _speaking() -> object:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("_speaking")
def test_problems_stand_in_the_order_of_the_page() -> None:
    problems = [
        Problem("more", ProblemKind.TOO_LONG, limit=10, given=11),
        Problem("reasons", ProblemKind.MISSING),
        Problem("reasons", ProblemKind.MISSING),
        Problem("respondent", ProblemKind.MISSING),
        Problem("quality.service", ProblemKind.UNKNOWN_OPTION, given=1),
        Problem("reasons.decided", ProblemKind.NOT_TICKED),
        Problem("more", ProblemKind.ALTOGETHER_TOO_LONG, limit=1, given=11),
    ]
    sheet = make_sheet(problems=problems)
    assert [it.id for it in sheet.mishaps] == ["respondent", "q1", "q1f1", "q5f1", "q9", "q9"]
    assert sheet.errors("more") == [
        "Shorten this text by 1 character: there is room for 10.",
        "Shorten this text by about 10 characters, or another one.",
    ]
    assert sheet.described_by("more", is_hinted=True) == "q9-h q9-e1 q9-e2"
    assert sheet.described_by("improve") == ""
    assert all(it.text for it in sheet.mishaps)
