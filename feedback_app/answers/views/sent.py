"""What was sent, and which button sent it."""

from __future__ import annotations

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge

from feedback_app.answers import forms
from feedback_app.answers.forms import Step
from feedback_app.surveys.rules import Form


def sent_form() -> Form:
    """What was sent, field by field; answers 413 to more than any form holds."""
    form: Form | None = g.get("sent_form")
    if form is None:
        request.max_content_length = forms.LARGEST_FORM
        if request.mimetype == "application/x-www-form-urlencoded":
            form = forms.parse_fields(request.get_data())
        else:
            form = dict(request.form.lists())
        if sum(map(len, form.values())) > forms.MOST_FIELDS:
            raise RequestEntityTooLarge
        g.sent_form = form
    return form


def is_sending() -> bool:
    """True when the reader pressed the button that sends."""
    return Step.SEND in sent_form().get(forms.STEP, ())


def wants_call() -> bool:
    """True when the reader pressed the button that sends and then asks for contact details.

    Until a copy of the answer is attached to them it is as anonymous as any; but as it may be
    given away, it does not count towards the crowd that others hide in.
    """
    return Step.SEND_AND_CALL in sent_form().get(forms.STEP, ())
