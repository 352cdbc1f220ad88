"""The two blueprints of this room, and who is asking: a seat's cookie, a guesser, a colleague."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, current_app, request
from flask import session as web_session
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.queries import BrainstormRow
from feedback_app.brainstorms.rules.phases import UnableToRunSession, normalise_code
from feedback_app.brainstorms.seats import SeatKey, Ticket
from feedback_app.foundation.i18n import LANGUAGES
from feedback_app.foundation.rules import N_
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.throttle import Throttle

NOT_FOUND, TOO_MANY_REQUESTS, UNPROCESSABLE = 404, 429, 422
COOKIE = "session_seat"
COOKIE_DAYS = 40
GUESSES = "feedback_session_guesses"

#: Participants: by code and cookie, without an account.
blueprint = Blueprint("brainstorms", __name__, url_prefix="/brainstorms")
#: The facilitator's desk, and what researchers make of results.
desk = Blueprint("desk", __name__, url_prefix="/staff/brainstorms")


@blueprint.before_request
def _keep_language() -> None:
    """A language chosen by link stays for the pages that follow."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        web_session["language"] = asked


def folder() -> Path:
    """Where the keys of running sessions lie."""
    home: Path = current_app.config["FEEDBACK_SETTINGS"].home
    return home / seats.FOLDER


def find_ticket() -> Ticket | None:
    """What this browser's seat cookie says."""
    value = request.cookies.get(COOKIE, "")
    return seats.read(value, current_app.config["SECRET_KEY"]) if value else None


def get_row(code: str) -> BrainstormRow:
    """The session of an address; whoever tries many codes must wait."""
    is_known_browser = find_ticket() is not None
    if not is_known_browser and _guesses().must_wait(session_code=_neighbourhood()):
        abort(TOO_MANY_REQUESTS)
    row = queries.find_by_any_code(session(), code)
    if row is None:
        _guesses().count_failure(session_code=_neighbourhood())
        abort(NOT_FOUND)
    return row


def get_seat(row: BrainstormRow) -> tuple[SeatKey, bytes]:
    """The session's key and the secret of who is asking; raises UnableToRunSession."""
    ticket = find_ticket()
    if ticket is None or ticket.brainstorm_id != row.id:
        raise UnableToRunSession(N_("Join the session first."))
    return seats.get_key(folder(), row.id), ticket.secret


def set_cookie(response: Response, row: BrainstormRow, secret: bytes) -> None:
    """Give this browser its seat; no other address of the site is shown the cookie."""
    settings = current_app.config["FEEDBACK_SETTINGS"]
    response.set_cookie(
        COOKIE,
        seats.sign(Ticket(row.id, secret), current_app.config["SECRET_KEY"]),
        max_age=COOKIE_DAYS * 86_400,
        path=f"/brainstorms/{row.code}",
        httponly=True,
        samesite="Lax",
        secure=settings.is_served_over_https,
    )


def given() -> dict[str, Any]:
    """What was sent: JSON from our script, else the fields of a form."""
    if request.is_json:
        found = request.get_json(silent=True)
        return found if isinstance(found, dict) else {}
    return {
        name: values[0] if len(values) == 1 else values for name, values in request.form.lists()
    }


def client_id(values: dict[str, Any]) -> UUID:
    """The id under which the client sends this; a fresh one where it gave none."""
    try:
        return UUID(str(values["id"]))
    except (KeyError, ValueError):
        return uuid4()


def as_list(value: object) -> list[str]:
    """One or several values of a form or of JSON."""
    if isinstance(value, list):
        return [str(each) for each in value]
    return [] if value in (None, "") else [str(value)]


def canonical(code: str) -> str:
    """A code as addresses spell it."""
    return normalise_code(code)


def done(values: dict[str, Any]) -> ResponseReturnValue:
    """The answer to a script."""
    return {"ok": True, **values}


def _guesses() -> Throttle:
    return current_app.extensions.setdefault(GUESSES, Throttle())  # type: ignore[no-any-return]


def _neighbourhood() -> str:
    """The network that an address belongs to: a guesser has many addresses of one."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False))  # noqa: PLR2004
