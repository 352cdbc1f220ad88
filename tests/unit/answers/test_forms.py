"""Reading what respondents send: every kind of question, and anything at all."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.answers import forms
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.sealing import UnableToSeal, make_key, seal, unseal
from feedback_app.causes.queries import get_starter
from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules import Mode, Problem, ProblemKind, SurveyDefinition
from feedback_app.surveys.templates import read_template
from feedback_app.tagging.rules import chosen_tags

SECRET = "a-key-that-only-tests-use-0123456789"
CATALOGUE = Catalogue(get_starter().causes, 1)
DEPARTED = SurveyDefinition.from_document(read_template("departed"))
VERSION = UUID("00000000-0000-4000-8000-000000000000")
PRIVATE, PUBLIC = make_key()
REASON = {"reasons": ["company.quality"]}


def read(form: dict[str, Any], mode: Mode = Mode.ANONYMOUS) -> forms.Reading:
    whole = {name: [sent] if isinstance(sent, str) else sent for name, sent in form.items()}
    return forms.read_form(whole, DEPARTED, CATALOGUE, mode=mode)


def values_of(form: dict[str, Any]) -> dict[str, Any]:
    found = read(form)
    assert found.problems == ()
    return dict(found.values)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({}, {"ticked": ["company.quality"], "decided": "company.quality"}),
        (
            {"reasons.other": "and this"},
            {"ticked": ["company.quality"], "decided": None, "other": "and this"},
        ),
        (
            {"reasons": ["company.quality", "competitor.price"]},
            {"ticked": ["competitor.price", "company.quality"], "decided": None},
        ),
        (
            {"reasons": ["company.quality", "client.life_event"], "reasons.decided": ""},
            {"ticked": ["company.quality", "client.life_event"], "decided": None},
        ),
        (
            {"reasons": [], "reasons.other": " only words "},
            {"ticked": [], "decided": None, "other": "only words"},
        ),
        (
            {"reasons": [], "reasons.decided": "client.closed"},
            {"ticked": ["client.closed"], "decided": "client.closed"},
        ),
    ],
)
def test_reasons(sent: dict[str, Any], stored: dict[str, Any]) -> None:
    assert values_of({**REASON, **sent})["reasons"] == stored


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, Problem("reasons", ProblemKind.MISSING)),
        ({"reasons": ["made.up"]}, Problem("reasons", ProblemKind.UNKNOWN_OPTION, given=1)),
        (
            {"reasons": ["client.closed"], "reasons.decided": "client.budget"},
            Problem("reasons.decided", ProblemKind.NOT_TICKED),
        ),
        (
            {**REASON, "reasons.other": "x" * 201},
            Problem("reasons.other", ProblemKind.TOO_LONG, limit=200, given=201),
        ),
        (
            {**REASON, "quality.product": "6"},
            Problem("quality.product", ProblemKind.UNKNOWN_OPTION, given=1),
        ),
        ({**REASON, "return": "11"}, Problem("return", ProblemKind.NOT_A_NUMBER, limit=10)),
        ({**REASON, "return": "²"}, Problem("return", ProblemKind.NOT_A_NUMBER, limit=10)),
        (
            {**REASON, "more": "x" * 1001},
            Problem("more", ProblemKind.TOO_LONG, limit=1000, given=1001),
        ),
        (
            {"reasons": ["company.price"], "price_compared": "made-up"},
            Problem("price_compared", ProblemKind.UNKNOWN_OPTION, given=1),
        ),
        (
            {"reasons": ["competitor.price"], "attraction": ["price", "made-up"]},
            Problem("attraction", ProblemKind.UNKNOWN_OPTION, given=1),
        ),
        (
            {"reasons": ["competitor.price"], "competitor": "x" * 81},
            Problem("competitor", ProblemKind.TOO_LONG, limit=80, given=81),
        ),
    ],
)
def test_problems(sent: dict[str, Any], problem: Problem) -> None:
    assert problem in read(sent).problems


@pytest.mark.parametrize(
    ("code", "sent", "stored"),
    [
        ("price_compared", {"price_compared": "own_budget"}, {"choice": "own_budget"}),
        (
            "price_compared",
            {"price_compared": "other", "price_compared.text": " a friend’s "},
            {"choice": "other", "text": "a friend’s"},
        ),
        # Words beside an option that was let go are not stored.
        (
            "price_compared",
            {"price_compared": "own_budget", "price_compared.text": "old"},
            {"choice": "own_budget"},
        ),
        ("competitor", {"competitor": " North \t wind "}, {"name": "North wind"}),
        ("competitor", {"competitor": "X", "competitor.rather_not": "1"}, {"rather_not": True}),
        ("attraction", {"attraction": ["terms", "price"]}, {"choices": ["price", "terms"]}),
        (
            "attraction",
            {"attraction.text": "their shop"},
            {"choices": ["other"], "text": "their shop"},
        ),
        (
            "quality",
            {"quality.product": "5", "quality.service": "na"},
            {"product": 5, "service": "na"},
        ),
        ("quality", {"quality.service": "1", "quality.product": ""}, {"service": 1}),
        ("improve", {"improve": "a\r\nb\rc\x00\u202e"}, "a\nb\nc"),
        ("return", {"return": "0"}, 0),
        ("return_change", {"return_change": "5\u00a0%\tless"}, "5 % less"),
        ("more", {"more": "👩‍🚀"}, "👩‍🚀"),
    ],
)
def test_every_kind(code: str, sent: dict[str, Any], stored: Any) -> None:
    form = {"reasons": ["competitor.price", "company.price"], **sent}
    assert values_of(form)[code] == stored


@pytest.mark.parametrize("sent", ["", " ", "\n\t", "\x00"])
@pytest.mark.parametrize("code", ["improve", "competitor", "return", "price_compared"])
def test_nothing_said_is_not_stored(code: str, sent: str) -> None:
    form = {"reasons": ["competitor.price"], code: sent}
    if code in ("return", "price_compared") and sent == "\x00":
        assert read(form).problems
    else:
        assert code not in values_of(form)


def test_answers_that_do_not_apply_are_dropped_with_their_problems() -> None:
    form = {
        **REASON,
        "price_compared": "made-up",
        "competitor": "x" * 81,
        "attraction": ["made-up"],
        "attraction.text": "words",
    }
    assert set(values_of(form)) == {"reasons"}


def test_named_surveys_ask_who() -> None:
    nobody = read({**REASON, "respondent": " "}, Mode.NAMED)
    assert nobody.problems == (Problem("respondent", ProblemKind.MISSING),)
    assert read({**REASON, "respondent": " K-7 "}, Mode.NAMED).respondent == "K-7"
    assert read({**REASON, "respondent": "K-7"}).respondent == ""
    long = read({**REASON, "respondent": "x" * 121}, Mode.NAMED)
    assert long.problems == (Problem("respondent", ProblemKind.TOO_LONG, limit=120, given=121),)


FIELDS = sorted({name for question in DEPARTED.questions for name in question.fields()})
CODES = [*CATALOGUE.codes(), "price", "other", "own_budget", "na", "1", "5", "10", "", "made-up"]
SENT = st.lists(st.sampled_from(CODES) | st.text(max_size=60), max_size=4)
FORMS = st.dictionaries(st.sampled_from([*FIELDS, "respondent"]) | st.text(max_size=8), SENT)


@given(FORMS, st.sampled_from([Mode.ANONYMOUS, Mode.NAMED]))
def test_anything_sent_gives_values_or_problems(form: dict[str, list[str]], mode: Mode) -> None:
    found = forms.read_form(form, DEPARTED, CATALOGUE, mode=mode)
    names = {*FIELDS, "respondent"}
    assert all(problem.field in names for problem in found.problems)
    if found.problems:
        return
    assert "reasons" in found.values
    envelope = Envelope(VERSION, "uk", found.values)
    sealed = seal(envelope.document(), public_key=PUBLIC, box_bytes=DEPARTED.box_bytes())
    opened = Envelope.from_document(unseal(sealed, private_key=PRIVATE))
    assert opened == envelope
    assert json.loads(json.dumps(envelope.document())) == envelope.document()
    assert DEPARTED.record(found.values, "ru", CATALOGUE)
    # Reading what was read changes nothing, and tags are known causes.
    assert set(chosen_tags(found.values).causes) <= set(CATALOGUE.codes())
    for question in DEPARTED.questions:
        if question.code in found.values:
            assert question.applies(found.values)


@given(st.text(min_size=1, max_size=1000), st.text(min_size=1, max_size=900))
def test_the_longest_text_is_named(one: str, other: str) -> None:
    values = {"improve": one, "more": other, "reasons": {"ticked": [], "other": "x"}}
    problem = forms.find_longest_text(DEPARTED, values, excess=10)
    assert problem is not None
    longest = max(len(one), len(other))
    assert problem.given == longest
    assert {"improve": len(one), "more": len(other), "reasons.other": 1}[problem.field] == longest
    assert 0 <= problem.limit < problem.given


def test_shortening_as_told_makes_it_fit() -> None:
    text = "".join(chr(0x4E00 + (number * number * 7919) % 20000) for number in range(900))
    document = {"answers": {"more": text}}
    with pytest.raises(UnableToSeal) as refusal:
        seal(document, public_key=PUBLIC, box_bytes=1024)
    problem = forms.find_longest_text(DEPARTED, {"more": text}, excess=refusal.value.excess)
    assert problem is not None
    shorter = {"answers": {"more": text[: problem.limit]}}
    assert seal(shorter, public_key=PUBLIC, box_bytes=1024)
    assert problem.limit > 200  # and not shorter than it must be


def test_without_texts_there_is_none_to_shorten() -> None:
    assert forms.find_longest_text(DEPARTED, {"return": 3}, excess=1) is None


def test_a_token_is_known_again() -> None:
    token = forms.make_token(SECRET, "/s/one")
    issued = forms.find_issued_form(SECRET, "/s/one", token)
    assert issued is not None
    assert issued == forms.find_issued_form(SECRET, "/s/one", token)
    assert len(issued.token_hash) == 32
    assert issued.purge_on.day == 1
    other = forms.find_issued_form(SECRET, "/s/one", forms.make_token(SECRET, "/s/one"))
    assert other is not None
    assert other.token_hash != issued.token_hash


@pytest.mark.parametrize("change", ["place", "secret", "cut", "letter", "empty"])
def test_a_foreign_token_is_not(change: str) -> None:
    token = forms.make_token(SECRET, "/s/one")
    secret = SECRET[::-1] if change == "secret" else SECRET
    place = "/s/other" if change == "place" else "/s/one"
    altered = {
        "cut": token[:-1],
        "letter": token.replace(token[3], "A" if token[3] != "A" else "B", 1),
        "empty": "",
    }
    assert forms.find_issued_form(secret, place, altered.get(change, token)) is None


def test_a_token_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    token = forms.make_token(SECRET, "/s/one")
    now = time.time()
    week = forms.TOKEN_DAYS * forms.SECONDS_PER_DAY
    for later, is_known in ((week - 60, True), (week + 60, False)):
        monkeypatch.setattr("time.time", lambda later=later: now + later)
        assert (forms.find_issued_form(SECRET, "/s/one", token) is not None) is is_known


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_form_is_forgotten_on_a_first_after_it_expired(day: date) -> None:
    first = forms.first_of_next_month(day, days=8)
    assert first.day == 1
    assert 8 < (first - day).days <= 8 + 31


@given(st.text(max_size=200))
def test_no_text_is_a_token(text: str) -> None:
    assert forms.find_issued_form(SECRET, "/s/one", text) is None
