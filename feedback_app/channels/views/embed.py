"""A survey inside the company's own pages: in a frame, by a link, or behind a signed ticket."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.answers import actions as answers
from feedback_app.answers import forms
from feedback_app.answers.actions import FormToken
from feedback_app.answers.queries import is_spent
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views import respond
from feedback_app.answers.views.guard import guard_of
from feedback_app.answers.views.place import Place, make_place, reading, seal_early, settings
from feedback_app.answers.views.record import tagger
from feedback_app.channels.queries import EmbedRow, find_embed
from feedback_app.channels.rules.embedding import Ticket, is_allowed, read_ticket, ticket_key
from feedback_app.channels.views.scripts import read_script
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.pages import allow_framing, allow_script
from feedback_app.surveys.queries import find_for_respondent
from feedback_app.surveys.rules import Channel, State

embed = Blueprint("embed", __name__, url_prefix="/e")
embed.register_error_handler(413, respond.show_too_large)

SCRIPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Door:
    """An embedded survey that was asked for: with a ticket, or open to anybody."""

    place: Place
    ticket: Ticket | None
    spent_mark: FormToken | None

    @property
    def is_used(self) -> bool:
        """True when the ticket has brought its answer."""
        if self.spent_mark is None:
            return False
        with reading() as session:
            return is_spent(session, self.spent_mark.token_hash)


@embed.get("/embed.js")
def script() -> Response:
    """What the company's page loads: it puts the frame where it stands."""
    response = Response(str(read_script("embed/embed.js")), mimetype="text/javascript")
    response.headers["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@embed.get("/<slug>")
@embed.get("/<slug>/t/<ticket>")
def page(slug: str, ticket: str = "") -> ResponseReturnValue:
    """The survey, blank; or why it can not be answered here."""
    door = _find(slug, ticket)
    if not isinstance(door, Door):
        return door
    if door.is_used:
        return respond.show_farewell(
            _("This link has been used"),
            _("An answer from it has been received already. Thank you!"),
            _("Each link works once, so that every voice counts once."),
            status=HTTPStatus.GONE,
        )
    return respond.show(door.place, guard=None if door.ticket else guard_of(slug))


@embed.post("/<slug>")
@embed.post("/<slug>/t/<ticket>")
def submit(slug: str, ticket: str = "") -> ResponseReturnValue:
    """One answer, or a look at its record before it is sent."""
    door = _find(slug, ticket)
    if not isinstance(door, Door):
        return door
    place = door.place
    if door.is_used:
        # A double click or a reload: the answer is here, and the thanks say so.
        return redirect(f"{place.base}/thanks?lang={place.language}", HTTPStatus.SEE_OTHER)

    def keep(envelope: Envelope, token: FormToken, respondent: str) -> bool:
        return _store(door, envelope, token, respondent)

    return respond.submit(place, keep, guard=None if door.ticket else guard_of(slug))


@embed.get("/<slug>/thanks")
@embed.get("/<slug>/t/<ticket>/thanks")
def thanks(slug: str, ticket: str = "") -> ResponseReturnValue:
    """What happens with the answer now."""
    door = _find(slug, ticket, is_over_told=False)
    return respond.show_thanks(door.place) if isinstance(door, Door) else door


@embed.get("/<slug>/what-we-store")
@embed.get("/<slug>/t/<ticket>/what-we-store")
def what_we_store(slug: str, ticket: str = "") -> ResponseReturnValue:
    """The record's layout, and what is not stored."""
    door = _find(slug, ticket, is_over_told=False)
    return respond.show_what_we_store(door.place) if isinstance(door, Door) else door


def _find(slug: str, ticket: str, *, is_over_told: bool = True) -> Door | tuple[str, int]:
    """The door that was asked for, or the page that says why there is none."""
    with reading() as session:
        found = find_for_respondent(session, slug=slug)
        row = None if found is None else find_embed(session, found.survey.id)
        if found is None or row is None:
            return respond.show_not_found()
        base = url_for("embed.page", slug=slug, ticket=ticket or None)
        place = make_place(session, found, base=base, channel=Channel.EMBED)
    if not _may_frame(row):
        return respond.show_farewell(
            _("This survey can not be shown here"),
            _("The page around it is not one of those that may show it."),
            status=HTTPStatus.FORBIDDEN,
        )
    allow_framing(row.origins)
    allow_script()
    if is_over_told and place.survey.state is not State.OPEN:
        return respond.show_closed()
    return _check_ticket(place, row, ticket, is_over_told) if ticket else Door(place, None, None)


def _check_ticket(
    place: Place, row: EmbedRow, ticket: str, is_over_told: bool
) -> Door | tuple[str, int]:
    key = ticket_key(settings().secret_key, row.survey_id, row.key_number)
    read = read_ticket(ticket, key=key, slug=place.survey.slug, now=utc_now())
    if read is None:
        return respond.show_not_found()
    if is_over_told and read.expires_at <= utc_now():
        return respond.show_farewell(
            _("This link is out of date"),
            _("It could be used for a limited time. Thank you for wanting to answer."),
            status=HTTPStatus.GONE,
        )
    return Door(place, read, _spent_mark(row, read))


def _may_frame(row: EmbedRow) -> bool:
    """False when a browser says that it fills a frame of a page that is not allowed.

    Browsers obey the content policy anyway; this refuses before anything is shown.
    """
    if request.headers.get("Sec-Fetch-Dest") != "iframe":
        return True
    around = urlsplit(request.headers.get("Referer", ""))
    origin = f"{around.scheme}://{around.netloc}"
    own = urlsplit(settings().base_url)
    is_own = origin in (f"{own.scheme}://{own.netloc}", request.host_url.rstrip("/"))
    return not around.netloc or is_own or is_allowed(origin, row.origins)


def _spent_mark(row: EmbedRow, ticket: Ticket) -> FormToken:
    """The mark that a ticket brought its answer; kept until it is certainly out of date."""
    hashed = hashlib.sha256(f"ticket {row.survey_id} {ticket.id}".encode()).digest()
    return FormToken(hashed, forms.first_of_next_month(ticket.expires_on, days=1))


def _store(door: Door, envelope: Envelope, token: FormToken, respondent: str) -> bool:
    place, token = door.place, door.spent_mark or token
    if place.is_named:
        return answers.take_named(
            unit_of_work.session(),
            place.survey,
            envelope,
            channel=place.channel,
            reference=respondent,
            token=token,
            tagger=tagger(),
        )
    ballot = seal_early(place, envelope)
    return answers.take_sealed(
        unit_of_work.session(),
        place.survey,
        envelope,
        channel=place.channel,
        token=token,
        ballot=ballot,
    )
