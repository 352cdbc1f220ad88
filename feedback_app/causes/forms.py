"""Forms of the causes pages. Each carries the codebook number it was made from."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from feedback_app.causes.rules import Texts
from feedback_app.causes.rules.decisions import LONGEST_EXPLANATION, LONGEST_LABEL
from feedback_app.foundation.i18n import LANGUAGES


class ChangeForm(FlaskForm):
    """What every change carries: the number of the codebook that was looked at."""

    codebook = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class MoveForm(ChangeForm):
    """One button up, one down."""

    places = IntegerField(validators=[AnyOf([-1, 1])])


class TickableForm(ChangeForm):
    """The switch that offers a cause to respondents."""

    is_tickable = StringField(validators=[AnyOf(["yes", "no"])])


class MergeForm(ChangeForm):
    """Which cause it counts as from now on; the choices are set by the view."""

    into = RadioField(_l("Counts as"))


class TextsForm(ChangeForm):
    """Label and explanation in each language of the interface; one label is enough."""

    @property
    def texts(self) -> Texts:
        """What was typed, as the rules take it."""
        return Texts(
            {code: self[f"label_{code}"].data or "" for code in LANGUAGES},
            {code: self[f"explanation_{code}"].data or "" for code in LANGUAGES},
        )


class AddForm(TextsForm):
    """A cause of the company's own."""

    side = RadioField(_l("Side"), validators=[InputRequired(_l("Choose a side."))])
    is_tickable = BooleanField(_l("Respondents can tick it"), default=True)


def _needs_label(form: TextsForm, field: TextAreaField) -> None:
    language = field.name.rpartition("_")[2]
    explanation = form[f"explanation_{language}"].data or ""
    if explanation.strip() and not (field.data or "").strip():
        raise ValidationError(_l("There is an explanation in this language: give a label too."))


def _needs_any_label(form: TextsForm, _field: TextAreaField) -> None:
    if not form.texts.labels:
        raise ValidationError(_l("Give a label in at least one language."))


def _add_language_fields() -> None:
    for place, code in enumerate(LANGUAGES):
        checks = [_needs_label, *([_needs_any_label] if place == 0 else [])]
        label = TextAreaField(
            _l("Label"),
            validators=[
                Length(max=LONGEST_LABEL, message=_l("At most %(max)d characters.")),
                *checks,
            ],
        )
        explanation = TextAreaField(
            _l("Explanation in one line"),
            validators=[Length(max=LONGEST_EXPLANATION, message=_l("At most %(max)d characters."))],
        )
        setattr(TextsForm, f"label_{code}", label)
        setattr(TextsForm, f"explanation_{code}", explanation)


_add_language_fields()
