"""The steps that fill in a draft: whom, what travels, when; and the confirmation.

Every way out of a step is a button of its form, so whatever was typed is kept in the draft.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from feedback_app.customers import queries as customers
from feedback_app.customers.queries import RecipientCounts
from feedback_app.customers.rules import RecipientFilter
from feedback_app.foundation.db import utc_now, utc_today
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import database, session
from feedback_app.invitations import actions, queries
from feedback_app.invitations.forms import (
    USUAL_REMINDER_DAYS,
    USUAL_TIME,
    RhythmForm,
    TypedRecipients,
    read_recipients,
    show_recipients,
)
from feedback_app.invitations.queries import WaveRow
from feedback_app.invitations.rules import USUAL_MOST_REMINDERS, WaveKind, WaveState
from feedback_app.invitations.views.waves.blueprint import (
    UNPROCESSABLE,
    blueprint,
    get_wave,
)
from feedback_app.invitations.views.waves.wording import (
    LIST_LABELS,
    describe_filter,
    name_segment,
    name_value,
)
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import get_survey
from feedback_app.surveys.rules import State

STEPS = ("recipients", "segments", "texts", "rhythm", "confirm")
MOST_COMBINATIONS = 40
MOST_CHOICES = 200
#: Name, label, options: (value, words, is ticked).
TickList = tuple[str, str, list[tuple[str, str, bool]]]


@blueprint.route("/<uuid:wave_id>/recipients", methods=["GET", "POST"])
def recipients(wave_id: UUID) -> ResponseReturnValue:
    """Whom it is sent to: a filter of the customers' list, with counts."""
    wave = get_wave(wave_id)
    if wave.state is not WaveState.DRAFT:
        return leave_planned(wave)
    if request.method == "GET":
        return _show_recipients(wave, show_recipients(wave.recipients))
    typed = read_recipients(request.form, wave.kind, wave.recipients)
    if typed.faults or request.form.get("to") == "count":
        return _show_recipients(wave, typed)
    if typed.wanted != wave.recipients:
        actions.choose_recipients(session(), wave.id, typed.wanted, by=current_email())
    return go_on(wave)


@blueprint.post("/<uuid:wave_id>/recipients/count")
def count(wave_id: UUID) -> ResponseReturnValue:
    """The counts alone, for the page's script; stores nothing."""
    with database().reading() as reading:
        wave = queries.get_wave(reading, wave_id)
        typed = read_recipients(request.form, wave.kind, wave.recipients)
        counts = None if typed.faults else _count(reading, wave, typed.wanted)
    return render_template("waves/counts.html", wave=wave, counts=counts)


@blueprint.route("/<uuid:wave_id>/segments", methods=["GET", "POST"])
def segments(wave_id: UUID) -> ResponseReturnValue:
    """Which coarse properties travel with an answer, and how large each crowd would be."""
    wave = get_wave(wave_id)
    if wave.state is not WaveState.DRAFT:
        return leave_planned(wave)
    if request.method == "GET":
        return _show_segments(wave, wave.segment_names)
    names = tuple(name for name in request.form.getlist("segments") if name)
    if names != wave.segment_names:
        try:
            actions.choose_segments_of(session(), wave.id, names, by=current_email())
        except Unable as refusal:
            return _show_segments(wave, names, refusal=say(refusal))
    return go_on(wave)


@blueprint.route("/<uuid:wave_id>/rhythm", methods=["GET", "POST"])
def rhythm(wave_id: UUID) -> ResponseReturnValue:
    """When it starts, who is reminded, how long people are left in peace."""
    wave = get_wave(wave_id)
    if wave.state is not WaveState.DRAFT:
        return leave_planned(wave)
    form = RhythmForm() if request.method == "POST" else _rhythm_form(wave)
    if wave.kind is not WaveKind.ALWAYS:
        del form.invite_after_days
    if not form.validate_on_submit():
        return _show_rhythm(wave, form)
    try:
        _keep_rhythm(wave, form)
    except Unable as refusal:
        return _show_rhythm(wave, form, refusal=say(refusal))
    return go_on(wave)


@blueprint.get("/<uuid:wave_id>/confirm")
def confirm(wave_id: UUID) -> ResponseReturnValue:
    """Everything that was chosen, with today's numbers."""
    wave = get_wave(wave_id)
    if wave.state is not WaveState.DRAFT:
        return leave_planned(wave)
    survey = get_survey(session(), str(wave.survey_id))
    return render_template(
        "waves/confirm.html",
        wave=wave,
        at="confirm",
        preview=queries.preview_wave(session(), wave.id, today=utc_today()),
        chosen=describe_filter(wave.recipients),
        name_segment=name_segment,
        is_open=survey.state is State.OPEN,
        has_passed=wave.scheduled_at is not None and wave.scheduled_at <= utc_now(),
    )


@blueprint.post("/<uuid:wave_id>/confirm")
def start(wave_id: UUID) -> ResponseReturnValue:
    """Let the worker have it."""
    wave = get_wave(wave_id)
    if wave.state is not WaveState.DRAFT:
        return leave_planned(wave)
    try:
        actions.schedule(session(), wave.id, at=wave.scheduled_at, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
        return redirect(url_for("waves.confirm", wave_id=wave.id))
    flash(_("The wave is on its way. This page shows how far it is."), "success")
    return redirect(url_for("waves.show", wave_id=wave.id))


@blueprint.post("/<uuid:wave_id>/delete")
def delete(wave_id: UUID) -> ResponseReturnValue:
    """Forget a draft."""
    wave = get_wave(wave_id)
    try:
        actions.delete_draft(session(), wave.id, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
        return redirect(url_for("waves.show", wave_id=wave.id))
    flash(_("The draft “%(name)s” is deleted.", name=wave.name), "success")
    return redirect(url_for("waves.index"))


def go_on(wave: WaveRow) -> Response:
    """To the step whose button was pressed; back to this one after "show"."""
    asked = request.form.get("to", "")
    here = (request.endpoint or "").partition(".")[2]
    if asked == "list":
        return redirect(url_for("waves.index"))
    return redirect(url_for(f"waves.{asked if asked in STEPS else here}", wave_id=wave.id))


def leave_planned(wave: WaveRow) -> Response:
    """A wave that is no draft any more has its own page."""
    return redirect(url_for("waves.show", wave_id=wave.id))


def _count(reading: Any, wave: WaveRow, wanted: RecipientFilter) -> RecipientCounts:
    since = queries.throttled_since(wave.throttle_days, utc_today())
    return customers.count_recipients(reading, wanted, invited_since=since)


def _show_recipients(wave: WaveRow, typed: TypedRecipients) -> ResponseReturnValue:
    page = render_template(
        "waves/recipients.html",
        wave=wave,
        at="recipients",
        typed=typed,
        lists=list_tick_lists(typed.wanted),
        counts=None if typed.faults else _count(session(), wave, typed.wanted),
        further=describe_filter(RecipientFilter(attributes=typed.wanted.attributes)),
    )
    return page, UNPROCESSABLE if typed.faults else 200


def list_tick_lists(wanted: RecipientFilter) -> list[TickList]:
    """The properties that customers can be chosen by: (name, label, its options)."""
    choices = customers.list_filter_choices(session())
    lists = [
        (name, str(label), _options(name, getattr(choices, name), getattr(wanted, name)))
        for name, label in LIST_LABELS.items()
    ]
    return [each for each in lists if len(each[2]) > 1 or any(it[2] for it in each[2])]


def _options(
    name: str, values: tuple[str, ...], ticked: tuple[str, ...]
) -> list[tuple[str, str, bool]]:
    """(value, words, is ticked); what is ticked stays although no customer has it any more."""
    shown = [
        *values[:MOST_CHOICES],
        *(each for each in ticked if each not in values[:MOST_CHOICES]),
    ]
    named = [(value, name_value(name, value), value in ticked) for value in shown]
    return sorted(named, key=lambda each: (not each[0], each[1].casefold()))


def _show_segments(
    wave: WaveRow, names: tuple[str, ...], *, refusal: str = ""
) -> ResponseReturnValue:
    survey = get_survey(session(), str(wave.survey_id))
    is_fixed = queries.is_anybody_invited(session(), wave.survey_id)
    offered = survey.segment_names if is_fixed else customers.list_segment_names(session())
    preview = queries.preview_wave(session(), wave.id, today=utc_today())
    rest = preview.combinations[MOST_COMBINATIONS:]
    page = render_template(
        "waves/segments.html",
        wave=wave,
        at="segments",
        options=[(name, name_segment(name), name in names) for name in offered],
        is_fixed=is_fixed,
        preview=preview,
        shown=preview.combinations[:MOST_COMBINATIONS],
        rest=(len(rest), sum(each.people for each in rest)),
        blurred=sum(each.people for each in preview.combinations if each.becomes != each.segments),
        name_segment=name_segment,
        name_value=name_value,
        refusal=refusal,
    )
    return page, UNPROCESSABLE if refusal else 200


def _rhythm_form(wave: WaveRow) -> RhythmForm:
    at = wave.scheduled_at
    return RhythmForm(
        data={
            "start": "at" if at else "now",
            "on_day": at.date() if at else None,
            "at_time": at.time() if at else USUAL_TIME,
            "invite_after_days": wave.invite_after_days or 0,
            "is_reminding": wave.reminder_after_days is not None,
            "reminder_after_days": wave.reminder_after_days or USUAL_REMINDER_DAYS,
            "most_reminders": wave.most_reminders or USUAL_MOST_REMINDERS,
            "throttle_days": wave.throttle_days,
        }
    )


def _keep_rhythm(wave: WaveRow, form: RhythmForm) -> None:
    is_always = wave.kind is WaveKind.ALWAYS
    is_reminding = bool(form.is_reminding.data)
    actions.plan_wave(
        session(),
        wave.id,
        reminder_after_days=form.reminder_after_days.data if is_reminding else None,
        most_reminders=(form.most_reminders.data or 0) if is_reminding else 0,
        throttle_days=form.throttle_days.data or 0,
        invite_after_days=form.invite_after_days.data if is_always else None,
        scheduled_at=form.starts_at,
        by=current_email(),
    )


def _show_rhythm(wave: WaveRow, form: RhythmForm, *, refusal: str = "") -> ResponseReturnValue:
    page = render_template(
        "waves/rhythm.html", wave=wave, at="rhythm", form=form, refusal=refusal, now=utc_now()
    )
    return page, UNPROCESSABLE if form.errors or refusal else 200
