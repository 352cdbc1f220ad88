"""What participants send and ask for while a session runs; by script, or by plain forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.brainstorms.actions import joining, moving, writing
from feedback_app.brainstorms.queries import BrainstormRow, Pulse
from feedback_app.brainstorms.rules.phases import UnableToRunSession
from feedback_app.brainstorms.seats import SeatKey
from feedback_app.brainstorms.views.blueprint import (
    NOT_FOUND,
    UNPROCESSABLE,
    as_list,
    blueprint,
    client_id,
    done,
    find_ticket,
    get_row,
    get_seat,
    given,
)
from feedback_app.brainstorms.views.joining import find_own, live_page
from feedback_app.brainstorms.views.pulse import get_pulse, tell_change, tell_events
from feedback_app.brainstorms.views.scene import make_scene
from feedback_app.brainstorms.views.streaming import tell_stream
from feedback_app.causes.queries import get_catalogue
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session, start_over

Act = Callable[[BrainstormRow, SeatKey, bytes, dict[str, Any]], dict[str, Any]]


@blueprint.get("/<code>/events")
def events(code: str) -> Response:
    """What changed; for who has a seat."""
    return tell_events(_pulse_of_seat(code))


@blueprint.get("/<code>/stream")
def stream(code: str) -> Response:
    """That something changed, as soon as it does; for who has a seat."""
    _pulse_of_seat(code)
    return tell_stream(code, is_staff=False)


@blueprint.get("/<code>/stage")
def stage(code: str) -> ResponseReturnValue:
    """The part of the page that changes with the phase."""
    row = get_row(code)
    own = find_own(row)
    if own is None:
        abort(NOT_FOUND)
    return render_template("brainstorms/stage.html", scene=make_scene(row, "seat", own))


@blueprint.post("/<code>/cards")
def cards(code: str) -> ResponseReturnValue:
    """Write a card."""

    def act(row: BrainstormRow, key: SeatKey, secret: bytes, values: dict[str, Any]) -> Any:
        writing.write_card(
            session(),
            row.id,
            card_id=client_id(values),
            owner=key.tag("card", secret),
            side=str(values.get("side", "")),
            text=str(values.get("text", "")),
        )
        return {}

    return _take(code, act)


@blueprint.post("/<code>/cards/<uuid:card>")
def change_card(code: str, card: UUID) -> ResponseReturnValue:
    """Reword one's own card, or take it back."""

    def act(row: BrainstormRow, key: SeatKey, secret: bytes, values: dict[str, Any]) -> Any:
        owner = key.tag("card", secret)
        sent = client_id(values)
        if values.get("act") == "withdraw":
            writing.withdraw_card(session(), row.id, card_id=card, owner=owner, client_id=sent)
        else:
            writing.reword_card(
                session(),
                row.id,
                card_id=card,
                owner=owner,
                side=str(values.get("side", "")),
                text=str(values.get("text", "")),
                client_id=sent,
            )
        return {}

    return _take(code, act)


@blueprint.post("/<code>/prediction")
def prediction(code: str) -> ResponseReturnValue:
    """Guess the first causes."""

    def act(row: BrainstormRow, key: SeatKey, secret: bytes, values: dict[str, Any]) -> Any:
        catalogue = get_catalogue(session())
        writing.predict(
            session(),
            row.id,
            owner=key.tag("prediction", secret),
            causes=[cause for cause in as_list(values.get("causes")) if cause in catalogue],
            client_id=client_id(values),
        )
        return {}

    return _take(code, act)


@blueprint.post("/<code>/votes")
def votes(code: str) -> ResponseReturnValue:
    """Vote for groups."""

    def act(row: BrainstormRow, key: SeatKey, secret: bytes, values: dict[str, Any]) -> Any:
        writing.vote(
            session(),
            row.id,
            owner=key.tag("vote", secret),
            units=as_list(values.get("units")),
            client_id=client_id(values),
        )
        return {}

    return _take(code, act)


@blueprint.post("/<code>/here")
def here(code: str) -> ResponseReturnValue:
    """Say that one is still here, and whether one is done."""

    def act(row: BrainstormRow, key: SeatKey, secret: bytes, values: dict[str, Any]) -> Any:
        is_done = values.get("done") in (True, "yes")
        step = row.step if is_done else -1
        joining.beat(session(), key.seat_id(secret), done_step=step)
        return {}

    if request.is_json and get_row(code).is_over:
        return done({})  # the page's beat had not heard of the end yet: nothing to say
    return _take(code, act)


@blueprint.post("/<code>/moves")
def moves(code: str) -> ResponseReturnValue:
    """Move the shared board."""

    def act(row: BrainstormRow, _key: SeatKey, _secret: bytes, values: dict[str, Any]) -> Any:
        number = moving.move(
            session(),
            row.id,
            kind=str(values.get("kind", "")),
            payload=values.get("payload"),
            client_id=client_id(values),
        )
        tell_change()
        return {"n": number}

    return _take(code, act)


def _pulse_of_seat(code: str) -> Pulse:
    """The session's pulse for a browser that has a seat in it, else "no such page"."""
    ticket = find_ticket()
    if ticket is None:
        abort(NOT_FOUND)
    pulse = get_pulse(code)
    if ticket.brainstorm_id != pulse.row.id:
        abort(NOT_FOUND)
    return pulse


def _take(code: str, act: Act) -> ResponseReturnValue:
    """Do it for the seat that asks; a refusal is a sentence, and what was typed stays."""
    row = get_row(code)
    values = given()
    try:
        key, secret = get_seat(row)
        answer = act(row, key, secret, values)
    except UnableToRunSession as refusal:
        start_over()
        if request.is_json:
            return {"refused": say(refusal)}, UNPROCESSABLE
        return live_page(row, refused=say(refusal), typed=str(values.get("text", "")))
    if request.is_json:
        return done(answer)
    return redirect(url_for("brainstorms.show", code=row.code))
