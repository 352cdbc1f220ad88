"""One wave that was started: how far it is; pause, resume, end."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation.db import utc_now
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.invitations import actions, queries
from feedback_app.invitations.queries import Progress, WaveRow
from feedback_app.invitations.rules import WaveKind, WaveState
from feedback_app.invitations.views.waves.blueprint import blueprint, get_wave
from feedback_app.invitations.views.waves.steps import leave_planned
from feedback_app.invitations.views.waves.wording import describe_filter, name_segment
from feedback_app.staff.views import current_email

MOVING = (WaveState.SCHEDULED, WaveState.PREPARING, WaveState.SENDING)
OVER = (WaveState.CANCELLED, WaveState.FINISHED)


@blueprint.get("/<uuid:wave_id>")
def show(wave_id: UUID) -> ResponseReturnValue:
    """How far the wave is; who answered is shown to nobody."""
    wave = get_wave(wave_id)
    if wave.state is WaveState.DRAFT:
        return redirect(url_for("waves.recipients", wave_id=wave.id))
    progress = queries.get_progress(session(), wave.id)
    doubtful = (
        queries.list_doubtful(session(), now=utc_now(), wave_id=wave.id)
        if progress.in_doubt
        else []
    )
    return render_template(
        "waves/show.html",
        wave=wave,
        progress=progress,
        doubtful=doubtful,
        chosen=describe_filter(wave.recipients),
        segments=[name_segment(name) for name in wave.segment_names],
        is_moving=wave.state in MOVING,
        is_over=wave.state in OVER,
        ends_early=_ends_early(wave, progress),
    )


@blueprint.post("/<uuid:wave_id>/pause")
def pause(wave_id: UUID) -> ResponseReturnValue:
    """Send nothing until resumed."""
    return _do(wave_id, actions.pause, _("Paused. A mail that was under way still arrives."))


@blueprint.post("/<uuid:wave_id>/resume")
def resume(wave_id: UUID) -> ResponseReturnValue:
    """Go on."""
    return _do(wave_id, actions.resume, _("The wave goes on."))


@blueprint.get("/<uuid:wave_id>/end")
def ask_end(wave_id: UUID) -> ResponseReturnValue:
    """Say what ending does before it is done."""
    wave = get_wave(wave_id)
    if wave.state in (WaveState.DRAFT, *OVER):
        return leave_planned(wave)
    progress = queries.get_progress(session(), wave.id)
    return render_template(
        "waves/end.html", wave=wave, progress=progress, ends_early=_ends_early(wave, progress)
    )


@blueprint.post("/<uuid:wave_id>/end")
def end(wave_id: UUID) -> ResponseReturnValue:
    """Nothing more is sent: cancelled while first mails wait, else finished."""
    wave = get_wave(wave_id)
    if _ends_early(wave, queries.get_progress(session(), wave.id)):
        return _do(wave_id, actions.cancel, _("Cancelled. Links that went out stay good."))
    return _do(wave_id, actions.finish, _("Finished. Links that went out stay good."))


def _ends_early(wave: WaveRow, progress: Progress) -> bool:
    """True while somebody who was to be invited has got no mail yet."""
    is_waiting = not wave.is_prepared or progress.queued > 0
    return wave.kind is not WaveKind.ALWAYS and is_waiting


def _do(wave_id: UUID, act: Callable[..., None], words: str) -> ResponseReturnValue:
    wave = get_wave(wave_id)
    try:
        act(session(), wave.id, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
    else:
        flash(words, "success")
    return redirect(url_for("waves.show", wave_id=wave.id))
