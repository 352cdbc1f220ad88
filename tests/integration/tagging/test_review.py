"""Statements from opening to confirmed tag, on both databases."""

from __future__ import annotations

import itertools
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import select, update

from config import Settings
from feedback_app.answers.masking import NameList
from feedback_app.answers.models import Answer, MaskingCount
from feedback_app.foundation.db import Database
from feedback_app.surveys.rules import Mode
from feedback_app.tagging import actions, jobs, queries
from feedback_app.tagging.actions.retagging import move_tags
from feedback_app.tagging.models import Reading, Statement
from feedback_app.tagging.queries import pending
from feedback_app.tagging.rules import NONE, SKIP, Tag
from tests.factories.answers import Told, make_survey, put_answers
from tests.factories.statements import confirm, list_statements, put_statements, suggest

READER = "reader@example.com"
NUMBERS = itertools.count()


def test_every_text_of_an_answer_becomes_one_statement(
    prepared: Database, settings: Settings
) -> None:
    survey = make_survey(prepared, k=5)
    said = {"more": "call Quentin Abernathy", "competitor": {"name": "Northwind"}, "return": 3}
    other = {"reasons": {"ticked": ["company.price"], "other": "the hold music"}, "more": " "}
    put_answers(
        prepared, survey, [Told((), document=said), Told(("company.price",), document=other)]
    )
    job = jobs.make_statements_job(lambda _session: NameList.of(["Quentin Abernathy"]))
    assert job(prepared, settings) == 2
    assert job(prepared, settings) == 0
    found = list_statements(prepared, survey)
    assert sorted((each.question, each.text) for each in found) == [
        ("more", "call [name]"),
        ("reasons", "the hold music"),
    ]
    with prepared.reading() as session:
        documents = session.scalars(select(Answer.document)).all()
        counts = session.execute(select(MaskingCount.kind, MaskingCount.pieces)).all()
    assert "Abernathy" not in repr(documents)
    assert counts == [("name", 1)]

    put_answers(prepared, survey, [Told((), document={"more": "later words"})])
    assert job(prepared, settings) == 1
    assert len(list_statements(prepared, survey)) == 3


def test_confirming_undoing_and_putting_aside(prepared: Database) -> None:
    survey = make_survey(prepared, k=5)
    first, second = put_statements(prepared, survey, ["too dear", "hm"])
    confirm(prepared, [first], "company.price", "client.budget")
    confirm(prepared, [second], SKIP)
    with prepared.reading() as session:
        assert queries.count_readings(session, survey.id, READER) == 2
        assert queries.get_statement(session, survey.id, first.id).confirmed == Tag(
            "company.price", ("client.budget",)
        )
        assert not queries.get_statement(session, survey.id, second.id).confirmed.primary
        assert queries.find_next(session, survey.id, reader=READER, turn=2) is None
        for_another = queries.find_next(session, survey.id, reader="other@example.com", turn=2)
        assert for_another is not None
        assert for_another.id == second.id
    confirm(prepared, [first], NONE, by="other@example.com")
    with prepared.writing() as session:
        assert actions.undo(session, survey.id, by="other@example.com") == first.id
        assert actions.undo(session, survey.id, by="other@example.com") is None
    with prepared.reading() as session:
        again = queries.get_statement(session, survey.id, first.id)
        assert again.confirmed.primary == "company.price"
        readings = session.execute(select(Reading.reader, Reading.tag, Reading.codebook)).all()
    assert sorted(map(tuple, readings)) == [(READER, "company.price", 1), (READER, SKIP, 1)]


def test_the_queue_takes_four_of_five_by_urgency_and_one_by_lot(prepared: Database) -> None:
    survey = make_survey(prepared, k=5)
    rows = put_statements(prepared, survey, [f"statement {number}" for number in range(60)])
    for place, each in enumerate(rows):
        suggest(prepared, [each], "company.price", urgency=place / 100)
    audit = {row.id for row in rows[::5]}
    with prepared.writing() as session:
        session.execute(update(Statement).values(is_audit=Statement.id.in_(audit)))
    urgency = {row.id: place for place, row in enumerate(rows)}
    seen: list[UUID] = []
    for turn in range(50):
        with prepared.reading() as session:
            row = queries.find_next(
                session, survey.id, reader=READER, turn=turn, leave_out=seen[-2:]
            )
        assert row is not None
        assert (row.id in audit) == (turn % 5 == 4)
        seen.append(row.id)
        confirm(prepared, [row], "company.price")
    assert len(set(seen)) == 50
    by_urgency = [urgency[each] for each in seen if each not in audit]
    # Readers at work together are spread over the most urgent dozen.
    assert all(place <= at * 5 / 4 + 2 + 15 for at, place in enumerate(by_urgency))
    read_of_audit = [each for each in seen if each in audit]
    ids = sorted(audit, key=str)
    assert set(read_of_audit) <= set(ids[: len(read_of_audit) + 12])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@limits(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["read", "skip", "undo"]),
            st.sampled_from(["a@example.com", "b@example.com"]),
        ),
        max_size=14,
    )
)
def test_whatever_two_readers_do_nothing_is_lost_or_read_twice(
    prepared: Database, acts: list[tuple[str, str]]
) -> None:
    survey = make_survey(prepared, f"Survey {next(NUMBERS)}", k=5)
    put_statements(prepared, survey, [f"words {number}" for number in range(6)])
    turns = {"a@example.com": 0, "b@example.com": 0}
    history: dict[str, list[tuple[UUID, str]]] = {name: [] for name in turns}
    for act, reader in acts:
        with prepared.writing() as session:
            if act == "undo":
                undone = actions.undo(session, survey.id, by=reader)
                expected = history[reader].pop()[0] if history[reader] else None
                assert undone == expected
                continue
            row = queries.find_next(session, survey.id, reader=reader, turn=turns[reader])
            if row is None:
                continue
            assert not row.confirmed.primary
            assert row.id not in {each for each, _tag in history[reader]}
            tag = SKIP if act == "skip" else "company.price"
            actions.confirm(session, row, Tag(tag), by=reader, codebook=1)
            history[reader].append((row.id, tag))
            turns[reader] += 1
    said = [pair for done in history.values() for pair in done]
    confirmed = {each for each, tag in said if tag != SKIP}
    now = list_statements(prepared, survey)
    assert {row.id for row in now if row.confirmed.primary} == confirmed
    assert len(now) == 6


def test_confirmed_tags_are_told_in_groups_of_k(prepared: Database) -> None:
    survey = make_survey(prepared, k=5)
    rows = put_statements(prepared, survey, [f"words {number}" for number in range(9)])
    confirm(prepared, rows[:4], "company.price")
    with prepared.writing() as session:
        assert actions.tell_confirmed(session) == 0
    confirm(prepared, rows[4:5], "company.quality")
    with prepared.writing() as session:
        assert actions.tell_confirmed(session) == 5
    confirm(prepared, rows[5:8], "company.price")
    with prepared.writing() as session:
        assert actions.tell_confirmed(session) == 0
        told = session.scalars(select(Statement.told)).all()
    assert sorted(told) == ["", "", "", "", *["company.price"] * 4, "company.quality"]


def test_what_is_learnt_leaves_the_audit_and_the_demo_out(prepared: Database) -> None:
    survey = make_survey(prepared, k=5)
    demo = make_survey(prepared, "Invented", k=5, is_demo=True)
    rows = put_statements(prepared, survey, ["dear", "slow", "hm", "what"])
    with prepared.writing() as session:
        session.execute(update(Statement).values(is_audit=Statement.id == rows[0].id))
    confirm(prepared, rows[:2], "company.price")
    confirm(prepared, rows[2:3], NONE)
    confirm(prepared, rows[3:], SKIP)
    confirm(prepared, put_statements(prepared, demo, ["invented"]), "company.price")
    suggest(prepared, rows[:1], "company.price")
    with prepared.reading() as session:
        assert queries.count_learnt(session) == 2
        assert {each.text for each in queries.list_learnt(session)} == {
            rows[1].text,
            rows[2].text,
        }
        quality = queries.read_audit_quality(session)
    assert (quality.read, quality.first, quality.side) == (1, 1, 1)


def test_splitting_a_cause_moves_the_statements_that_hold_the_words(prepared: Database) -> None:
    survey = make_survey(prepared, k=5)
    rows = put_statements(prepared, survey, ["Роуминг дорогой", "слишком дорого", "the roaming"])
    by_text = {row.text: row for row in rows}
    confirm(prepared, rows, "company.price", "client.budget")
    with prepared.reading() as session:
        number, examples = queries.list_tagged(
            session, survey.id, "company.price", holding="роуминг", most=5
        )
        assert (number, [row.text for row in examples]) == (1, ["Роуминг дорогой"])
        assert queries.count_tagged(session, "client.budget") == 3
    with prepared.writing() as session:
        moved = move_tags(
            session,
            survey.id,
            "company.price",
            "company.plans",
            holding="роуминг",
            by=READER,
            codebook=2,
        )
    assert moved == 1
    with prepared.reading() as session:
        row = queries.get_statement(session, survey.id, by_text["Роуминг дорогой"].id)
        assert row.confirmed == Tag("company.plans", ("client.budget",))
        stays = queries.get_statement(session, survey.id, by_text["слишком дорого"].id)
        assert stays.confirmed.primary == "company.price"


def test_two_readers_never_see_each_other_and_disagreements_are_settled(
    prepared: Database,
) -> None:
    survey = make_survey(prepared, mode=Mode.IMPORT, k=5)
    put_statements(prepared, survey, [f"words {number}" for number in range(8)])
    readers = ("a@example.com", "b@example.com")
    with prepared.writing() as session:
        sample_id = actions.draw_sample(session, survey.id, readers=readers, size=6, by=READER)
    for reader in readers:
        for place in range(6):
            with prepared.writing() as session:
                sample = queries.get_sample(session, sample_id)
                row = queries.find_next_blind(session, sample, reader)
                assert row is not None
                # Nothing of what the other said: a statement both agree on was not confirmed yet.
                assert not row.confirmed.primary
                tag = Tag("company.price" if place or reader == readers[0] else NONE)
                actions.read_blind(session, sample, row, tag, by=reader, codebook=1)
    with prepared.writing() as session:
        sample = queries.get_sample(session, sample_id)
        assert sample.is_complete
        assert queries.find_next(session, survey.id, reader="c@example.com", turn=0) is not None
        (apart,) = queries.list_disagreements(session, sample)
        assert {apart.first.primary, apart.second.primary} == {NONE, "company.price"}
        with pytest.raises(actions.UnableToDoubleCode, match="two other people"):
            actions.read_blind(
                session, sample, apart.statement, Tag(NONE), by="c@example.com", codebook=1
            )
        actions.settle(session, sample, apart.statement, Tag(NONE), by=READER, codebook=1)
    with prepared.reading() as session:
        (apart,) = queries.list_disagreements(session, sample)
        assert apart.settled
        assert apart.statement.confirmed == Tag(NONE)
    confirmed = [row for row in list_statements(prepared, survey) if row.confirmed.primary]
    assert len(confirmed) == 6


def test_themes_and_suggestions_wait_for_each_other(prepared: Database) -> None:
    survey = make_survey(prepared, k=5)
    rows = put_statements(prepared, survey, ["dear", "slow"])
    with prepared.writing() as session:
        actions.note_statements_made(session, survey.id, survey.answers_revision)
    with prepared.reading() as session:
        assert len(pending.list_unsuggested(session, "v2", most=9)) == 2
        assert pending.list_surveys_without_themes(session, "v2") == []
    suggest(prepared, rows, "company.price")
    with prepared.reading() as session:
        assert len(pending.list_unsuggested(session, "v2", most=9)) == 2
        assert len(pending.list_unsuggested(session, "20260101T000000.000000Z", most=9)) == 0
        (due,) = pending.list_surveys_without_themes(session, "20260101T000000.000000Z")
    assert due.survey_id == survey.id
