"""Forms of the channels' pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length

from feedback_app.channels.rules.kiosks import LONGEST_NAME, LONGEST_PIN


class KioskForm(FlaskForm):
    """One more device at a counter."""

    name = StringField(
        _l("Where it stands"), validators=[InputRequired(), Length(max=LONGEST_NAME)]
    )
    pin = StringField(
        _l("PIN that unlocks it"),
        description=_l("6 to 12 digits. Only its hash is stored, so write it down."),
        validators=[InputRequired(), Length(max=LONGEST_PIN)],
    )
    submit = SubmitField(_l("Set up a kiosk"))


class PinForm(FlaskForm):
    """Another PIN for a kiosk."""

    pin = StringField(
        _l("New PIN"),
        description=_l("6 to 12 digits. Devices that are unlocked now are locked."),
        validators=[InputRequired(), Length(max=LONGEST_PIN)],
    )
    submit = SubmitField(_l("Change the PIN"))


class EmbedForm(FlaskForm):
    """Which sites may show the survey."""

    origins = TextAreaField(
        _l("Sites that may show it, one per line"),
        description=_l("Like https://www.example.com; https://*.example.com means all below."),
        validators=[Length(max=5000)],
    )
    submit = SubmitField(_l("Save"))
