"""Coming in: the code, the name, the seat; and the live page itself."""

from __future__ import annotations

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.actions import joining
from feedback_app.brainstorms.forms import JoinForm
from feedback_app.brainstorms.queries import BrainstormRow
from feedback_app.brainstorms.rules.phases import UnableToRunSession, in_language
from feedback_app.brainstorms.seats import Ticket
from feedback_app.brainstorms.views.blueprint import (
    COOKIE,
    UNPROCESSABLE,
    blueprint,
    canonical,
    find_ticket,
    folder,
    get_row,
    set_cookie,
)
from feedback_app.brainstorms.views.pulse import tell_change
from feedback_app.brainstorms.views.scene import Own, make_scene, own_of, script_config
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session


@blueprint.get("")
def enter() -> ResponseReturnValue:
    """Type the code that stands on the wall."""
    typed = request.args.get("code", "")
    if typed:
        return redirect(url_for("brainstorms.show", code=canonical(typed)))
    return render_template("brainstorms/enter.html")


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """The live page for who has a seat; else the page to take one."""
    row = get_row(code)
    if code != row.code:
        return redirect(url_for("brainstorms.show", code=row.code))
    return live_page(row)


def live_page(row: BrainstormRow, *, refused: str = "", typed: str = "") -> ResponseReturnValue:
    """The live page, or the door. What was typed is kept when it was refused."""
    own = find_own(row)
    if own is None:
        return _door(row, JoinForm(ticket=_fresh_ticket(row)))
    scene = make_scene(row, "seat", own)
    page = render_template(
        "brainstorms/live.html",
        scene=scene,
        config=script_config(scene),
        refused=refused,
        typed=typed,
    )
    return (page, UNPROCESSABLE) if refused else page


def find_own(row: BrainstormRow) -> Own | None:
    """What is this browser's own; None for one without a seat. After the end a seat is none."""
    ticket = find_ticket()
    if ticket is None or ticket.brainstorm_id != row.id:
        return None
    if row.is_over:
        return Own()
    key = seats.get_key(folder(), row.id)
    if not queries.has_seat(session(), key.seat_id(ticket.secret)):
        return None
    return own_of(row, key, ticket.secret)


@blueprint.post("/<code>/join")
def join(code: str) -> ResponseReturnValue:
    """Take a seat; the same form sent twice takes the same one."""
    row = get_row(code)
    form = JoinForm()
    ticket = seats.read(form.ticket.data or "", current_app.config["SECRET_KEY"])
    if ticket is None or ticket.brainstorm_id != row.id:
        ticket = Ticket(row.id, seats.make_secret())
    if not form.validate():
        return _door(row, form), UNPROCESSABLE
    try:
        joining.join(
            session(),
            row.id,
            secret=ticket.secret,
            name=form.name.data or "",
            is_guest=row.is_guests_door,
            folder=folder(),
        )
    except UnableToRunSession as refusal:
        form.name.errors = [*form.name.errors, say(refusal)]
        return _door(row, form), UNPROCESSABLE
    tell_change()
    response = make_response(redirect(url_for("brainstorms.show", code=row.code)))
    set_cookie(response, row, ticket.secret)
    return response


@blueprint.post("/<code>/leave")
def leave(code: str) -> ResponseReturnValue:
    """Forget the seat on this device, so that somebody else may join with it."""
    response = make_response(redirect(url_for("brainstorms.enter")))
    response.delete_cookie(COOKIE, path=f"/brainstorms/{canonical(code)}")
    return response


def _door(row: BrainstormRow, form: JoinForm) -> str:
    return render_template(
        "brainstorms/join.html",
        row=row,
        form=form,
        question=in_language(row.question, current_language()),
    )


def _fresh_ticket(row: BrainstormRow) -> str:
    return seats.sign(Ticket(row.id, seats.make_secret()), current_app.config["SECRET_KEY"])
