"""Forms of the review screen, of moving tags and of double-coded samples."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

LONGEST_LABEL, LONGEST_NOTE, LONGEST_WORDS = 120, 500, 100
FEWEST_DRAWN, MOST_DRAWN, USUALLY_DRAWN = 5, 500, 60


class TagForm(FlaskForm):
    """What a statement is about: a button's value, else the cause chosen from the list."""

    primary = StringField()
    cause = StringField(_l("Another cause"))
    others = SelectMultipleField(_l("Further causes"), validate_choice=False)

    @property
    def chosen(self) -> str:
        """The primary cause's code, "" when nothing was chosen."""
        return (self.primary.data or self.cause.data or "").strip()


class SettleForm(TagForm):
    """A decision about a disagreement, with a note for the codebook."""

    note = TextAreaField(
        _l("Note for the codebook"),
        validators=[
            Optional(),
            Length(max=LONGEST_NOTE, message=_l("At most %(max)d characters.")),
        ],
    )


class EmptyForm(FlaskForm):
    """A button that says all."""


class ProposeForm(FlaskForm):
    """A new cause that a statement shows to be missing; choices of sides are set by the view."""

    side = RadioField(_l("Side"), validators=[InputRequired(_l("Choose a side."))])
    label = StringField(
        _l("Label"),
        validators=[
            InputRequired(_l("Give the cause a name.")),
            Length(max=LONGEST_LABEL, message=_l("At most %(max)d characters.")),
        ],
    )
    explanation = TextAreaField(
        _l("Explanation in one line"),
        validators=[Length(max=300, message=_l("At most %(max)d characters."))],
    )


class MoveForm(FlaskForm):
    """Which statements of one cause get another."""

    source = SelectField(_l("Statements confirmed with"))
    target = SelectField(
        _l("Give them this cause"), validators=[InputRequired(_l("Choose a cause."))]
    )
    holding = StringField(
        _l("Only those that hold the words"),
        validators=[Length(max=LONGEST_WORDS, message=_l("At most %(max)d characters."))],
    )


class SampleForm(FlaskForm):
    """Who reads how many statements blind; choices of people are set by the view."""

    first = SelectField(_l("First reader"))
    second = SelectField(_l("Second reader"))
    size = IntegerField(
        _l("Number of statements"),
        default=USUALLY_DRAWN,
        validators=[
            InputRequired(_l("Give a number.")),
            NumberRange(min=FEWEST_DRAWN, max=MOST_DRAWN, message=_l("From %(min)d to %(max)d.")),
        ],
    )
