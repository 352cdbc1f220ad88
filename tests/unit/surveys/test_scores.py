"""The short text that holds an answer's numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feedback_app.reporting.rules.scores import (
    NOT_APPLICABLE,
    complete_columns,
    count_signs,
    name_fields,
    number_of,
)
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.scores import (
    MOST_FIELDS,
    SILENT,
    ScoreField,
    score_fields,
    spell_scores,
)
from feedback_app.surveys.templates import read_template

TEXT = {"en": "?"}


def _definition(*questions: dict) -> SurveyDefinition:
    asked = [{"text": TEXT, **question} for question in questions]
    return SurveyDefinition.from_document({"title": TEXT, "question": asked})


def _rating(code: str, *rows: str, points: int = 5) -> dict:
    listed = [{"code": row, "text": TEXT} for row in rows]
    return {"code": code, "kind": "rating", "points": points, "row": listed}


NPS = {"code": "nps", "kind": "nps"}
RATING = _rating("ratings", "speed", "staff")


def test_the_ready_survey_has_eleven_numbers_in_its_own_order():
    fields = score_fields([SurveyDefinition.from_document(read_template("current"))])

    assert [field.code for field in fields][:4] == ["csat", "nps", "ces", "ratings.quality"]
    assert len(fields) == 11


def test_an_answer_becomes_one_sign_per_field():
    fields = score_fields([_definition(NPS, RATING, {"code": "why", "kind": "text"})])

    assert spell_scores(fields, {"nps": 10, "ratings": {"speed": "na", "staff": 3}}) == "A-3"
    assert spell_scores(fields, {"ratings": {"staff": 1}}) == "..1"
    assert spell_scores(fields, {"nps": 0}) == "0"
    assert spell_scores(fields, {"nps": 11, "ratings": "spoiled"}) == ""


def test_later_versions_add_places_and_move_none():
    first, second = _definition(NPS, RATING), _definition(_rating("ratings", "value"), NPS)
    before, after = score_fields([first]), score_fields([first, second])

    assert after[: len(before)] == before
    assert after[-1].code == "ratings.value"
    answered = {"nps": 7, "ratings": {"value": 2}}
    assert spell_scores(after, answered) == "7..2"


def test_another_scale_is_another_field_with_a_name_of_its_own():
    fields = score_fields(
        [_definition(_rating("r", "speed")), _definition(_rating("r", "speed", points=7))]
    )

    assert name_fields(fields) == ("r.speed@rating-1-5", "r.speed@rating-1-7")


def test_scales_that_one_sign_can_not_hold_are_not_counted():
    wide = {"code": "percent", "kind": "scale", "min": 0, "max": 100}
    many = _rating("many", *(f"row{number}" for number in range(300)))

    assert score_fields([_definition(wide)]) == ()
    assert len(score_fields([_definition(many)])) == MOST_FIELDS


def test_signs_are_counted_field_by_field():
    names = ("a", "b")
    counted = count_signs(names, [("5-", 3), ("5", 2), (".4", 1)], ("channel",))

    rows = set(zip(counted["field"], counted["value"], counted["respondents"], strict=True))
    assert rows == {("a", 5, 5), ("b", NOT_APPLICABLE, 3), ("b", 4, 1)}
    assert set(counted["month"]) == set(counted["channel"]) == {""}
    complete = complete_columns(names, [("5-", 3), ("A", 2)])
    assert complete == {"a": [5, 10], "b": [None, None], "respondents": [3, 2]}


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=8))
def test_what_was_spelled_is_read_again(numbers):
    fields = tuple(ScoreField(f"q{at}", "", "scale", 0, 10) for at in range(len(numbers)))
    values = {f"q{at}": number for at, number in enumerate(numbers) if number is not None}

    spelled = spell_scores(fields, values).ljust(len(numbers), SILENT)

    assert [number_of(sign) for sign in spelled] == numbers
