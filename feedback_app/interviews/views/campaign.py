"""A campaign of calls of its own: which survey, which customers; nothing is mailed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.customers.queries import count_to_call
from feedback_app.customers.rules import RecipientFilter, Status
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.interviews import actions
from feedback_app.interviews.forms import CampaignForm
from feedback_app.interviews.views.blueprint import UNPROCESSABLE, blueprint, settings
from feedback_app.invitations.forms import TypedRecipients, read_recipients, show_recipients
from feedback_app.invitations.queries import throttled_since
from feedback_app.invitations.rules import USUAL_THROTTLE_DAYS, WaveKind
from feedback_app.invitations.views.waves.lists import offer_surveys
from feedback_app.invitations.views.waves.steps import list_tick_lists
from feedback_app.staff.views import current_email


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form: survey, name, customers, and how many can be called."""
    form = CampaignForm()
    offer_surveys(form.survey, only_open=True)
    return _show(form, show_recipients(RecipientFilter(status=Status.DEPARTED)))


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Count anew, or make the wave and its call list."""
    form = CampaignForm()
    surveys = offer_surveys(form.survey, only_open=True)
    typed = read_recipients(request.form, WaveKind.ONCE, RecipientFilter())
    if request.form.get("to") == "count":
        return _show(form, typed)
    if not form.validate() or typed.faults:
        return _show(form, typed, status=UNPROCESSABLE)
    survey = next(row for row in surveys if row.slug == form.survey.data)
    try:
        _wave_id, number = actions.start_campaign(
            session(),
            survey_id=survey.id,
            name=form.name.data or "",
            wanted=typed.wanted,
            by=current_email(),
            folder=settings().keys,
        )
    except Unable as refusal:
        form.name.errors = [*form.name.errors, say(refusal)]
        return _show(form, typed, status=UNPROCESSABLE)
    words = ngettext(
        "%(num)s customer is on the call list. Nobody is written to.",
        "%(num)s customers are on the call list. Nobody is written to.",
        number,
    )
    flash(words, "success")
    return redirect(url_for("interviews.index"))


def _show(form: CampaignForm, typed: TypedRecipients, *, status: int = 200) -> ResponseReturnValue:
    since = throttled_since(USUAL_THROTTLE_DAYS, utc_today())
    page = render_template(
        "interviews/new.html",
        form=form,
        typed=typed,
        lists=list_tick_lists(typed.wanted),
        counts=None
        if typed.faults
        else count_to_call(session(), typed.wanted, invited_since=since),
        throttle_days=USUAL_THROTTLE_DAYS,
        title=_("New call campaign"),
    )
    return page, status
