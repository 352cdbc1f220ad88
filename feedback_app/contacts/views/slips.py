"""The respondent's page of a contact slip: after the answer, apart from it, three fields.

The open link's addresses are here; those of invitations stand in their room and use the same
functions. No field of the slip travels with the answer, and none of the answer with the slip,
unless its sender ticks that a copy be attached.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.answers import forms as answer_forms
from feedback_app.answers.actions import FormToken
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views import find_place, respond
from feedback_app.answers.views.place import Place, reading, settings
from feedback_app.answers.views.sent import sent_form
from feedback_app.ballots.sealing import UnableToSeal
from feedback_app.contacts import actions, forms
from feedback_app.contacts.queries import is_offered
from feedback_app.contacts.rules import UnableToLeaveSlip
from feedback_app.foundation import unit_of_work
from feedback_app.surveys.rules import Channel, Form, State

blueprint = Blueprint("contacts", __name__)
blueprint.register_error_handler(413, respond.show_too_large)


@blueprint.get("/s/<slug>/contact")
def ask(slug: str) -> ResponseReturnValue:
    """The form of a slip, without an answer."""
    return show(find_place(slug))


@blueprint.post("/s/<slug>/contact")
def leave(slug: str) -> ResponseReturnValue:
    """One slip."""
    return take(find_place(slug))


@blueprint.get("/s/<slug>/contact/left")
def left(slug: str) -> ResponseReturnValue:
    """What happens with the slip now."""
    return show_left(find_place(slug))


def takes_slips(place: Place) -> bool:
    """True when this survey asks whoever answered whether they want to be called."""
    is_asked = place.channel in (Channel.LINK, Channel.INVITATION) and not place.is_test
    if not is_asked or place.is_named or place.survey.state is not State.OPEN:
        return False
    with reading() as session:
        return is_offered(session, place.survey.id)


def show(place: Place | None) -> ResponseReturnValue:
    """The blank form, for whoever comes from the thanks."""
    if place is None or not takes_slips(place):
        return respond.show_not_found()
    return _show(place)


def show_after_sending(place: Place, envelope: Envelope) -> ResponseReturnValue:
    """The form right after an answer, which may be attached by a tick."""
    copy = forms.pack_copy(settings().secret_key, place.base, envelope.document())
    return _show(place, copy=copy, was_just_sent=True)


def show_left(place: Place | None) -> ResponseReturnValue:
    """The thanks for a slip."""
    if place is None:
        return respond.show_not_found()
    return render_template("respondent/contact_left.html", **place.context())


def take(place: Place | None) -> ResponseReturnValue:
    """Seal what was sent, or show it again with what to mend."""
    if place is None or not takes_slips(place):
        return respond.show_not_found()
    form = sent_form()
    secret = settings().secret_key
    copy = next(iter(form.get(forms.COPY, ())), "")
    issued = answer_forms.find_issued_form(secret, _address(place), _first(form, "token"))
    if issued is None:
        notice = answer_forms.word_old_form()
        return _show(place, form, copy=copy, notice=notice)
    answer = forms.unpack_copy(secret, place.base, copy)
    read = forms.read_slip(form, language=place.language, answer=answer)
    if read.errors:
        return _show(place, form, copy=copy, errors=read.errors)
    token = FormToken(issued.token_hash, issued.purge_on)
    try:
        actions.leave(unit_of_work.session(), place.survey, read.slip, token=token)
    except UnableToLeaveSlip:
        notice = _("Contact details can not be taken at the moment. Please try again in a minute.")
        return _show(place, form, copy=copy, notice=notice)
    except UnableToSeal:
        notice = _("That is too long to send")
        return _show(place, form, copy=copy, notice=notice)
    return redirect(f"{_address(place)}/left?lang={place.language}", HTTPStatus.SEE_OTHER)


def _show(
    place: Place,
    form: Form | None = None,
    *,
    copy: str = "",
    errors: Mapping[str, str] | None = None,
    notice: str = "",
    was_just_sent: bool = False,
) -> ResponseReturnValue:
    sent = form or {}
    typed: dict[str, Any] = {field: _first(sent, field) for field in forms.LIMITS}
    page = render_template(
        "respondent/contact.html",
        **place.context(),
        action=_address(place),
        token=answer_forms.make_token(settings().secret_key, _address(place)),
        typed=typed,
        copy=copy,
        is_attached=bool(sent.get(forms.ATTACH)),
        errors=errors or {},
        notice=notice,
        was_just_sent=was_just_sent,
    )
    is_refused = bool(errors or notice)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def _address(place: Place) -> str:
    return f"{place.base}/contact"


def _first(form: Form, field: str) -> str:
    return next(iter(form.get(field, ())), "")
