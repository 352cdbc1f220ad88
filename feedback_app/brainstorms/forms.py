"""Forms of live sessions: plan one, join one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from feedback_app.brainstorms.rules.phases import (
    LONGEST_MINUTES,
    LONGEST_NAME,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    USUAL_MINUTES,
    Plan,
)
from feedback_app.foundation.i18n import LANGUAGES


class NewSessionForm(FlaskForm):
    """Title, question in each language, who may do what, and minutes for each phase."""

    title = StringField(
        _l("Title"), validators=[InputRequired(_l("Give it a title.")), Length(max=LONGEST_TITLE)]
    )
    are_guests_allowed = BooleanField(_l("Guests (loyal customers) may join"))
    everybody_moves = BooleanField(
        _l("Everybody may group, tag and write down ideas"), default=True
    )
    survey = SelectField(_l("Compare with"), default="")

    @property
    def question(self) -> dict[str, str]:
        """The question as typed, by language."""
        return {code: self[f"question_{code}"].data or "" for code in LANGUAGES}

    @property
    def plan(self) -> Plan:
        """Everything else as the rules take it."""
        return Plan(
            minutes={phase.value: self[f"minutes_{phase}"].data or 0 for phase in USUAL_MINUTES},
            are_guests_allowed=bool(self.are_guests_allowed.data),
            everybody_moves=bool(self.everybody_moves.data),
            survey=self.survey.data or "",
        )


def _add_fields() -> None:
    for code in LANGUAGES:
        field: Any = TextAreaField(_l("Question"), validators=[Length(max=LONGEST_QUESTION)])
        setattr(NewSessionForm, f"question_{code}", field)
    for phase, usual in USUAL_MINUTES.items():
        minutes: Any = IntegerField(
            default=usual, validators=[NumberRange(min=0, max=LONGEST_MINUTES)]
        )
        setattr(NewSessionForm, f"minutes_{phase}", minutes)


_add_fields()


class JoinForm(FlaskForm):
    """A name; by which code one came says who one is. The ticket makes two clicks one seat."""

    ticket = HiddenField()
    name = StringField(
        _l("Your name in this session"),
        validators=[InputRequired(_l("Choose a name.")), Length(max=LONGEST_NAME)],
    )
