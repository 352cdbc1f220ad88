"""The form of a campaign of calls."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from feedback_app.invitations.rules.waves import LONGEST_NAME


class CampaignForm(FlaskForm):
    """Which survey, under which name; whom to call is read beside it."""

    survey = SelectField(_l("Survey"), validators=[InputRequired()])
    name = StringField(_l("Name that staff see"), [InputRequired(), Length(max=LONGEST_NAME)])
