"""Forms of the survey pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange

from feedback_app.foundation.rules import LANGUAGES
from feedback_app.surveys.rules import Mode
from feedback_app.surveys.rules.survey import LARGEST_K, SMALLEST_K, USUAL_K


class NewSurveyForm(FlaskForm):
    """A survey from a template; its anonymity never changes after the first answer.

    `copy` is the address of the survey to copy ("" = none).
    """

    template = RadioField(
        _l("What should it begin with?"), default="departed", validate_choice=False
    )
    copy = HiddenField()
    name = StringField(_l("Name that staff see"), validators=[InputRequired(), Length(max=120)])
    language = SelectField(
        _l("Language of readers whose browser names none of the survey's"),
        choices=[SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()],
    )
    mode = RadioField(
        _l("Who stands behind an answer?"),
        choices=[
            SelectChoice(value=Mode.ANONYMOUS.value, label=_l("Nobody: anonymous")),
            SelectChoice(value=Mode.NAMED.value, label=_l("A name")),
        ],
        default=Mode.ANONYMOUS.value,
    )
    k = IntegerField(
        _l("Answers that open together"),
        default=USUAL_K,
        validators=[InputRequired(), NumberRange(SMALLEST_K, LARGEST_K)],
    )
    submit = SubmitField(_l("Create draft"))


class ImportSurveyForm(NewSurveyForm):
    """A survey that is brought as JSON: pasted or as a file."""

    text = TextAreaField(_l("The survey as JSON"))
    file = FileField(_l("or its file"))
    submit = SubmitField(_l("Bring it in as a draft"))


class CompetitorForm(FlaskForm):
    """One more name that respondents are offered."""

    name = StringField(_l("Name of the competitor"), validators=[InputRequired(), Length(max=80)])
    submit = SubmitField(_l("Add"))
