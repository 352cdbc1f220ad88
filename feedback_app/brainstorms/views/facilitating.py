"""The facilitator's desk: plan, lead, show on the wall."""

from __future__ import annotations

from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from feedback_app.brainstorms import queries, seats
from feedback_app.brainstorms.actions import advancing, moving
from feedback_app.brainstorms.forms import NewSessionForm
from feedback_app.brainstorms.queries import BrainstormRow
from feedback_app.brainstorms.rules.phases import (
    ORDER,
    USUAL_MINUTES,
    Phase,
    UnableToRunSession,
    spell_code,
)
from feedback_app.brainstorms.views.blueprint import (
    NOT_FOUND,
    UNPROCESSABLE,
    client_id,
    desk,
    done,
    folder,
    given,
)
from feedback_app.brainstorms.views.doors import list_doors
from feedback_app.brainstorms.views.pulse import get_pulse, tell_change, tell_events
from feedback_app.brainstorms.views.scene import make_scene, script_config
from feedback_app.brainstorms.views.streaming import tell_stream
from feedback_app.brainstorms.views.wording import phases
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session, start_over
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import list_surveys
from feedback_app.surveys.rules import State

CONFLICT = 409


@desk.get("")
def index() -> ResponseReturnValue:
    """Every session, newest first."""
    rows = queries.list_brainstorms(session())
    return render_template(
        "brainstorms/index.html", rows=rows, words=phases(), spell_code=spell_code
    )


@desk.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Plan a session."""
    form = NewSessionForm()
    surveys = [row for row in list_surveys(session()) if row.state is not State.DRAFT]
    form.survey.choices = [
        SelectChoice(value="", label=_("nothing")),
        *(SelectChoice(value=row.slug, label=row.name) for row in surveys),
    ]
    if form.validate_on_submit():
        try:
            code = advancing.create(
                session(),
                title=form.title.data or "",
                question=form.question,
                plan=form.plan,
                by=current_email(),
                folder=folder(),
            )
        except Unable as refusal:
            form.title.errors = [*form.title.errors, say(refusal)]
        else:
            return redirect(url_for("desk.show", code=code))
    status = UNPROCESSABLE if form.errors else 200
    page = render_template(
        "brainstorms/new.html", form=form, words=phases(), timed=tuple(USUAL_MINUTES)
    )
    return page, status


@desk.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """The desk of one session."""
    row = get_session(code)
    scene = make_scene(row, "desk")
    return render_template(
        "brainstorms/desk.html",
        scene=scene,
        config=script_config(scene),
        **list_doors(row),
        order=ORDER,
        people=_people(row),
        doubt=advancing.find_doubt(session(), row.code, to=_next(row)),
        following=_next(row),
    )


@desk.get("/<code>/screen")
def screen(code: str) -> ResponseReturnValue:
    """What the room sees on the wall."""
    row = get_session(code)
    scene = make_scene(row, "screen")
    return render_template(
        "brainstorms/screen.html", scene=scene, config=script_config(scene), **list_doors(row)
    )


@desk.get("/<code>/stage")
def stage(code: str) -> ResponseReturnValue:
    """The part of the desk that changes with the phase."""
    return render_template("brainstorms/stage.html", scene=make_scene(get_session(code), "desk"))


@desk.get("/<code>/screen/stage")
def screen_stage(code: str) -> ResponseReturnValue:
    """The part of the wall that changes with the phase."""
    row = get_session(code)
    scene = make_scene(row, "screen")
    return render_template("brainstorms/stage.html", scene=scene, **list_doors(row))


@desk.get("/<code>/events")
def events(code: str) -> Response:
    """What changed, and who is here by name; never what they write."""
    pulse = get_pulse(code)
    return tell_events(pulse, {"people": _people(pulse.row)})


@desk.get("/<code>/stream")
def stream(code: str) -> Response:
    """That something changed, as soon as it does: for the desk and the wall."""
    return tell_stream(get_session(code).code, is_staff=True)


@desk.post("/<code>/advance")
def advance(code: str) -> ResponseReturnValue:
    """Go to a phase; asks first while people are still at it."""
    row = get_session(code)
    values = given()
    to = Phase(values["to"]) if values.get("to") in set(Phase) else _next(row)
    doubt = advancing.find_doubt(session(), row.code, to=to)
    is_stale = _seen_step(values) not in (None, row.step)
    if doubt is not None and not is_stale and values.get("sure") not in (True, "yes"):
        if request.is_json:
            return {"still": doubt.still, "tooFew": doubt.too_few}, CONFLICT
        return redirect(url_for("desk.ask", code=row.code, to=to))
    start_over()  # the report may have to be made first: nobody waits for a lock meanwhile
    customers = _customers(row) if to is Phase.COMPARE else None
    return _act(
        row,
        lambda: advancing.advance(
            session(),
            row.id,
            to=to,
            by=current_email(),
            client_id=client_id(values),
            folder=folder(),
            customers=customers,
            seen_step=_seen_step(values),
        ),
    )


@desk.get("/<code>/advance")
def ask(code: str) -> ResponseReturnValue:
    """Say that people are still at it, for a desk without script."""
    row = get_session(code)
    to = Phase(request.args["to"]) if request.args.get("to") in set(Phase) else _next(row)
    doubt = advancing.find_doubt(session(), row.code, to=to)
    return render_template("brainstorms/ask.html", row=row, to=to, doubt=doubt, words=phases()[to])


@desk.post("/<code>/extend")
def extend(code: str) -> ResponseReturnValue:
    """Give the phase more time."""
    row = get_session(code)
    values = given()
    text = str(values.get("minutes", ""))
    minutes = int(text) if text.isdecimal() else 0
    return _act(
        row,
        lambda: advancing.extend(session(), row.id, minutes=minutes, client_id=client_id(values)),
    )


@desk.post("/<code>/late")
def late(code: str) -> ResponseReturnValue:
    """Reveal the cards that came late."""
    row = get_session(code)
    return _act(row, lambda: advancing.reveal_late(session(), row.id, client_id=client_id(given())))


@desk.post("/<code>/moves")
def moves(code: str) -> ResponseReturnValue:
    """Move the shared board; hide a card, whoever wrote it."""
    row = get_session(code)
    values = given()
    payload = values.get("payload")
    if payload is None:
        payload = {"card": values.get("card"), "is_hidden": True}
    return _act(
        row,
        lambda: moving.move(
            session(),
            row.id,
            kind=str(values.get("kind", "")),
            payload=payload,
            client_id=client_id(values),
            is_facilitator=True,
        ),
    )


def get_session(code: str) -> BrainstormRow:
    """The session of this address, else "there is no such page"."""
    row = queries.find_brainstorm(session(), code)
    if row is None:
        abort(NOT_FOUND)
    return row


def _people(row: BrainstormRow) -> list[list[Any]]:
    if row.is_over:
        return []
    try:
        key = seats.get_key(folder(), row.id)
    except UnableToRunSession:
        return []
    people = queries.list_people(session(), row.id, key)
    return [[person.name, person.is_guest, person.is_here] for person in people]


def _seen_step(values: dict[str, Any]) -> int | None:
    """The step that a desk showed when its button was pressed, where it says so."""
    text = str(values.get("step", ""))
    return int(text) if text.isdecimal() else None


def _next(row: BrainstormRow) -> Phase:
    return ORDER[min(row.phase.place + 1, len(ORDER) - 1)]


def _customers(row: BrainstormRow) -> dict[str, Any] | None:
    """What departed customers said, from opened batches alone; None where there is nothing."""
    lend = current_app.extensions.get("feedback_customer_causes")
    if lend is None or not row.plan.survey:
        return None
    found: dict[str, Any] | None = lend(row.plan.survey)
    return found


def _act(row: BrainstormRow, act: Any) -> ResponseReturnValue:
    try:
        number = act()
    except UnableToRunSession as refusal:
        start_over()
        if request.is_json:
            return {"refused": say(refusal)}, UNPROCESSABLE
        flash(say(refusal), "danger")
        return redirect(url_for("desk.show", code=row.code))
    tell_change()
    if request.is_json:
        return done({"n": number})
    return redirect(url_for("desk.show", code=row.code))
