"""A survey at a counter: unlocked by staff, answered by one visitor after the other.

The page works through a network drop: answers wait in it, sealed for the site, and are sent
when the line is back. Each has an identifier of its own, and one that was spent is not stored
again. Without a script, or without https, it is an ordinary form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.answers import actions as answers
from feedback_app.answers import forms
from feedback_app.answers.actions import FormToken
from feedback_app.answers.publishing import take_late_answers
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views import respond
from feedback_app.answers.views.place import (
    Place,
    make_place,
    offered_competitors,
    reading,
    settings,
)
from feedback_app.answers.views.record import tagger
from feedback_app.answers.views.sheet import Sheet
from feedback_app.ballots.actions import UnableToDropBallot
from feedback_app.ballots.sealing import UnableToSeal
from feedback_app.ballots.transit import transit_key
from feedback_app.channels import queries
from feedback_app.channels.queries import KioskRow
from feedback_app.channels.rules.kiosks import KEPT_DAYS
from feedback_app.channels.views import pass_card
from feedback_app.channels.views.parcels import Parcel, UnableToReadParcel, read_parcel
from feedback_app.channels.views.scripts import read_script
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.i18n import LANGUAGES, choose_language, use_language
from feedback_app.foundation.pages import allow_script
from feedback_app.surveys.queries import find_for_respondent
from feedback_app.surveys.rules import Channel, State

kiosk = Blueprint("kiosk", __name__, url_prefix="/kiosk/<code>")
kiosk.register_error_handler(413, respond.show_too_large)

THANKS_SECONDS = 8
#: Tells the page's own worker that this is the survey, not the form that asks for the PIN.
OPEN_HEADER = "X-Kiosk-Open"


@kiosk.get("")
def page(code: str) -> ResponseReturnValue:
    """The survey; the form that asks for the PIN while the device is locked."""
    row = _find(code)
    if row is None:
        return respond.show_not_found()
    if not pass_card.is_unlocked(row):
        return _show_lock(row)
    place = _find_place(row)
    if place is None or place.survey.state is not State.OPEN:
        return respond.show_closed()
    response = make_response(_render(place))
    response.headers[OPEN_HEADER] = "yes"
    return response


@kiosk.post("/unlock")
def unlock(code: str) -> ResponseReturnValue:
    """Let this device show the survey."""
    row = _find(code)
    if row is None:
        return respond.show_not_found()
    refusal = pass_card.check_pin(row, request.form.get("pin", ""))
    if refusal:
        return _show_lock(row, refusal)
    response = redirect(_base(row), HTTPStatus.SEE_OTHER)
    pass_card.hand_out(response, row)
    return response


@kiosk.get("/staff")
def for_staff(code: str) -> ResponseReturnValue:
    """The page behind the small lock of the survey's page."""
    row = _find(code)
    return respond.show_not_found() if row is None else _show_lock(row)


@kiosk.post("/lock")
def lock(code: str) -> ResponseReturnValue:
    """Show the survey no more on this device."""
    row = _find(code)
    if row is None:
        return respond.show_not_found()
    refusal = pass_card.check_pin(row, request.form.get("pin", ""))
    if refusal:
        return _show_lock(row, refusal)
    response = redirect(_base(row), HTTPStatus.SEE_OTHER)
    pass_card.take_back(response, row)
    return response


@kiosk.post("")
def submit(code: str) -> ResponseReturnValue:
    """An answer from a page without a script."""
    row = _find(code)
    if row is None:
        return respond.show_not_found()
    if not pass_card.is_unlocked(row):
        return _show_lock(row)
    place = _find_place(row)
    if place is None or place.survey.state is not State.OPEN:
        return respond.show_closed()

    def keep(envelope: Envelope, token: FormToken, respondent: str) -> bool:
        return _store(place, envelope, token, respondent)

    return respond.submit(place, keep)


@kiosk.get("/thanks")
def thanks(code: str) -> ResponseReturnValue:
    """Thanks for a page without a script; the next visitor finds the survey blank."""
    row = _find(code)
    place = None if row is None else _find_place(row)
    if row is None or place is None:
        return respond.show_not_found()
    response = make_response(respond.show_thanks(place))
    response.headers["Refresh"] = f"{THANKS_SECONDS}; url={place.base}"
    return response


@kiosk.get("/what-we-store")
def what_we_store(code: str) -> ResponseReturnValue:
    """The record's layout, and what is not stored."""
    row = _find(code)
    place = None if row is None else _find_place(row)
    return respond.show_not_found() if place is None else respond.show_what_we_store(place)


@kiosk.post("/answers")
def deliver(code: str) -> ResponseReturnValue:
    """One answer that waited in the page; 204 once it is stored, however often it is sent.

    Other statuses tell the page what to do: 403 locked and 503 busy, keep it; 410 the survey
    is over and 422 it can not be read, nothing will ever come of it.
    """
    row = _find(code)
    if row is None or not pass_card.is_unlocked(row):
        return "", HTTPStatus.FORBIDDEN
    place = _find_place(row)
    if place is None or place.survey.state is not State.OPEN:
        return "", HTTPStatus.GONE
    try:
        parcel = read_parcel(request.get_data(), place, secret=settings().secret_key)
        _keep(row, place, parcel)
    except UnableToDropBallot:
        return "", HTTPStatus.SERVICE_UNAVAILABLE
    except (UnableToReadParcel, UnableToSeal):
        return "", HTTPStatus.UNPROCESSABLE_ENTITY
    return "", HTTPStatus.NO_CONTENT


@kiosk.get("/worker.js")
def worker(code: str) -> ResponseReturnValue:
    """The page's own worker: keeps the page for a reload while the line is down."""
    row = _find(code)
    place = None if row is None else _find_place(row)
    if row is None or place is None or not pass_card.is_unlocked(row):
        return "", HTTPStatus.NOT_FOUND
    kept = [f"{place.base}?lang={language}" for language in place.definition.languages]
    text = f"const KEPT = {json.dumps(kept)};\n{read_script('kiosk/worker.js')}"
    response = Response(text, mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = place.base
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return response


def _render(place: Place) -> str:
    allow_script("connect-src 'self'", "worker-src 'self'")
    sheet = Sheet(
        definition=place.definition,
        catalogue=place.catalogue,
        language=place.language,
        competitors=offered_competitors(place),
    )
    checks = [
        {"fields": it.fields(), "required": it.required, "longest": it.longest_texts()}
        for it in place.definition.questions
    ]
    return render_template(
        "kiosk/page.html",
        **place.context(),
        sheet=sheet,
        checks=checks,
        token=forms.make_token(settings().secret_key, place.form_name),
        script=read_script("kiosk/page.js"),
        version=place.version_id.hex,
        key=transit_key(settings().secret_key, place.base),
        thanks=sheet.say(place.definition.thanks),
    )


def _show_lock(row: KioskRow, refusal: str = "") -> ResponseReturnValue:
    use_language(choose_language(tuple(LANGUAGES), settings().language))
    page = render_template(
        "kiosk/lock.html", row=row, refusal=refusal, is_unlocked=pass_card.is_unlocked(row)
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


def _store(place: Place, envelope: Envelope, token: FormToken, respondent: str) -> bool:
    session = unit_of_work.session()
    if place.is_named:
        return answers.take_named(
            session,
            place.survey,
            envelope,
            channel=place.channel,
            reference=respondent,
            token=token,
            tagger=tagger(),
        )
    return answers.take_sealed(session, place.survey, envelope, channel=place.channel, token=token)


def _keep(row: KioskRow, place: Place, parcel: Parcel) -> None:
    """Store what a device sent, with the version that was answered."""
    version_id = parcel.envelope.version_id
    if version_id != place.version_id and not place.is_named:
        keys = settings().keys
        session = unit_of_work.session()
        take_late_answers(session, place.survey.id, version_id, folder=keys)
    survey = replace(place.survey, box_bytes=parcel.box_bytes)
    answered = replace(place, survey=survey)
    _store(answered, parcel.envelope, _spent_mark(row, parcel), parcel.respondent)


def _spent_mark(row: KioskRow, parcel: Parcel) -> FormToken:
    """The mark that an answer was stored. It is forgotten long after the device gave it up."""
    hashed = hashlib.sha256(f"kiosk {row.id} {parcel.id}".encode()).digest()
    return FormToken(hashed, forms.first_of_next_month(utc_today(), days=KEPT_DAYS))


def _find(code: str) -> KioskRow | None:
    with reading() as session:
        return queries.find_kiosk(session, code)


def _find_place(row: KioskRow) -> Place | None:
    with reading() as session:
        found = find_for_respondent(session, survey_id=row.survey_id)
        if found is None:
            return None
        return make_place(session, found, base=_base(row), channel=Channel.KIOSK)


def _base(row: KioskRow) -> str:
    return f"/kiosk/{row.code}"


@kiosk.app_template_global()
def waiting_words() -> dict[str, str]:
    """What the kiosk's script says, in the page's language."""
    return {
        "missing": _("This question needs an answer."),
        "waiting": _("Waiting to be sent: %(num)s", num="#"),
        "over": _("This survey has ended"),
        "left": _("The page starts anew in %(num)s s.", num="#"),
    }
