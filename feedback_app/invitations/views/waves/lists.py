"""The list of waves, the first step of a new one, and what the home page says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from feedback_app.customers.queries import count_recipients
from feedback_app.customers.rules import RecipientFilter, Status
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Permission
from feedback_app.foundation.unit_of_work import session
from feedback_app.invitations import actions, queries
from feedback_app.invitations.forms import WaveForm
from feedback_app.invitations.queries import Progress, WaveRow
from feedback_app.invitations.rules import UnableToPlanWave, WaveKind, WaveState
from feedback_app.invitations.views.waves.blueprint import UNPROCESSABLE, blueprint
from feedback_app.invitations.views.waves.wording import KIND_NAMES, STATE_NAMES, STATE_STYLES
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import SurveyRow, list_surveys
from feedback_app.surveys.rules import Mode, State

RUNNING = (WaveState.SCHEDULED, WaveState.PREPARING, WaveState.SENDING, WaveState.PAUSED)


@dataclass(frozen=True, slots=True)
class WaveCard:
    """A wave as the list shows it; a draft has no progress yet."""

    row: WaveRow
    progress: Progress | None


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "state_names": STATE_NAMES,
        "state_styles": STATE_STYLES,
        "kind_names": KIND_NAMES,
        "WaveKind": WaveKind,
        "WaveState": WaveState,
    }


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Every wave with its state and how far it is, newest first."""
    cards = [
        WaveCard(
            row,
            None if row.state is WaveState.DRAFT else queries.get_progress(session(), row.id),
        )
        for row in queries.list_waves(session())
    ]
    return render_template(
        "waves/index.html",
        cards=cards,
        in_doubt=sum(card.progress.in_doubt for card in cards if card.progress),
        has_survey=bool(list_choosable_surveys()),
    )


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The first step: survey, name, kind."""
    form = WaveForm(data={"survey": request.args.get("survey", ""), "kind": WaveKind.ONCE.value})
    return _show_first_step(form)


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Make the draft that the next steps fill in; a split mailing has a page of its own."""
    form = WaveForm()
    chosen = offer_surveys(form.survey)
    if not form.validate():
        return _show_first_step(form)
    name, kind = form.name.data or "", WaveKind(form.kind.data)
    if kind is WaveKind.SPLIT:
        return redirect(url_for("waves.split", survey=form.survey.data, name=name))
    try:
        survey = next(row for row in chosen if row.slug == form.survey.data)
        wave_id = actions.create_wave(
            session(), survey_id=survey.id, name=name, kind=kind, by=current_email()
        )
        actions.choose_recipients(
            session(), wave_id, RecipientFilter(status=Status.DEPARTED), by=current_email()
        )
    except UnableToPlanWave as refusal:
        form.name.errors = [*form.name.errors, say(refusal)]
        return _show_first_step(form)
    return redirect(url_for("waves.recipients", wave_id=wave_id))


def list_choosable_surveys() -> list[SurveyRow]:
    """Surveys that can be sent: open ones and drafts, newest first."""
    return [
        row
        for row in list_surveys(session())
        if row.mode is not Mode.IMPORT and row.state is not State.CLOSED
    ]


def offer_surveys(item: SelectField, *, only_open: bool = False) -> Sequence[SurveyRow]:
    """Put the choosable surveys into a form's menu; gives them."""
    rows = [row for row in list_choosable_surveys() if not only_open or row.state is State.OPEN]
    item.choices = [
        SelectChoice(
            value=row.slug,
            label=row.name
            if row.state is State.OPEN
            else _("%(survey)s (draft, to be opened before sending)", survey=row.name),
        )
        for row in rows
    ]
    return rows


def list_next_steps(session: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of waves: doubtful mails, drafts, the first wave."""
    if Permission.MANAGE_CUSTOMERS not in permissions:
        return []
    waves = queries.list_waves(session)
    steps = [_finish_planning(row) for row in waves if row.state is WaveState.DRAFT]
    if any(row.state is not WaveState.DRAFT for row in waves):
        doubtful = queries.list_doubtful(session, now=utc_now())
        if doubtful:
            steps.append(_settle_doubts(len(doubtful)))
    if not any(not row.is_demo for row in waves):
        steps += _first_wave(session)
    return steps


def _finish_planning(row: WaveRow) -> NextStep:
    if row.is_demo:
        return NextStep(
            text=_("Send the demo's mail"),
            detail=_(
                "To made-up customers: each mail becomes a file. Open one and answer by its link."
            ),
            action=_("Look at it"),
            url=url_for("waves.confirm", wave_id=row.id),
            priority=15,
            is_demo=True,
        )
    return NextStep(
        text=_("Finish planning “%(name)s”", name=row.name),
        detail=_("It is a draft: nothing is sent before you confirm it."),
        action=_("Go on"),
        url=url_for("waves.recipients", wave_id=row.id),
        priority=15,
        is_demo=row.is_demo,
    )


def _settle_doubts(count: int) -> NextStep:
    return NextStep(
        text=ngettext("%(num)s mail is in doubt", "%(num)s mails are in doubt", count),
        detail=_("Nobody can tell whether they arrived. Say whether to send them again."),
        action=_("Look at them"),
        url=url_for("waves.in_doubt"),
        priority=5,
    )


def _first_wave(session: Any) -> list[NextStep]:
    survey = next(
        (
            row
            for row in list_surveys(session)
            if row.state is State.OPEN and row.mode is not Mode.IMPORT and not row.is_demo
        ),
        None,
    )
    if survey is None:
        return []
    departed = count_recipients(session, RecipientFilter(status=Status.DEPARTED)).reachable
    if not departed:
        return []
    return [
        NextStep(
            text=_("Send “%(name)s” by mail", name=survey.name),
            detail=ngettext(
                "%(num)s departed customer can be invited.",
                "%(num)s departed customers can be invited.",
                departed,
            ),
            action=_("Plan a wave"),
            url=url_for("waves.new", survey=survey.slug),
            priority=25,
        )
    ]


def _show_first_step(form: WaveForm) -> ResponseReturnValue:
    surveys = offer_surveys(form.survey)
    page = render_template("waves/new.html", form=form, surveys=surveys, at="survey")
    return page, UNPROCESSABLE if form.errors else 200
