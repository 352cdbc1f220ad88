"""Cards of live sessions are read like statements, and never counted as customers' words."""

from __future__ import annotations

from config import Settings
from feedback_app.answers.masking import NameList
from feedback_app.brainstorms.jobs import make_cards_job
from feedback_app.brainstorms.rules.phases import Phase, Plan
from feedback_app.foundation.db import Database
from feedback_app.reporting.queries import own_words
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.queries import pending
from feedback_app.tagging.rules import session_of
from tests.factories.answers import make_survey
from tests.factories.sessions import Room, make_room
from tests.factories.statements import confirm, list_statements, put_statements, suggest

CARDS = [f"our prices are too high {n}, says Quentin Abernathy" for n in range(6)]


def hold_session(database: Database, settings: Settings, survey: SurveyRow) -> Room:
    """A session beside `survey` that ended with six cards."""
    room = make_room(database, settings.home, people=2, plan=Plan(survey=survey.slug))
    room.go(Phase.WRITE)
    for text in CARDS:
        room.write(room.secrets[0], text)
    for phase in (Phase.REVEAL, Phase.OVER):
        room.go(phase)
    return room


def test_cards_are_read_learnt_from_and_never_counted(
    prepared: Database, settings: Settings
) -> None:
    survey = make_survey(prepared, k=5)
    put_statements(prepared, survey, ["too dear"])
    job = make_cards_job(lambda _session: NameList.of(["Quentin Abernathy"]))
    assert job(prepared, settings) == 0
    room = hold_session(prepared, settings, survey)
    assert job(prepared, settings) == len(CARDS)
    assert job(prepared, settings) == 0
    cards = [row for row in list_statements(prepared, survey) if session_of(row.question)]
    assert {session_of(row.question) for row in cards} == {room.row.code}
    assert len(cards) == len(CARDS)
    assert not any(row.is_audit or "Quentin" in row.text for row in cards)

    with prepared.reading() as session:
        waiting = pending.list_unsuggested(session, "", most=50)
        assert {row.id for row in cards} <= {statement for statement, _text in waiting}
        before = own_words.read_own_words(session, survey.id)
    suggest(prepared, cards, "company.price", confidence=0.1)
    with prepared.reading() as session:
        (progress,) = queries.list_progress(session)
        assert progress.statements == 1 + len(CARDS)
        # What only staff say is no theme of customers.
        themes = [text for _id, text in pending.list_uncovered(session, survey.id)]
        assert not any("says" in text for text in themes)
    confirm(prepared, cards, "company.price")
    with prepared.writing() as session:
        assert not pending.is_something_to_tell(session)
        assert actions.tell_confirmed(session) == 0
        assert queries.count_learnt(session) == len(CARDS)
        assert own_words.read_own_words(session, survey.id) == before
        assert own_words.list_quotes(session, survey.id, ("company.price",), first=0, most=9) == (
            0,
            [],
        )
