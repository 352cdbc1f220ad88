"""A finished draft version takes the place of what respondents read."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions
from feedback_app.surveys.rules import Mode, PublishWhen
from feedback_app.surveys.views.blueprint import (
    blueprint,
    get_draft,
    get_row,
    make_card,
    refused,
)


@blueprint.get("/surveys/<slug>/publish")
def ask_publish(slug: str) -> ResponseReturnValue:
    """Say what becomes of the answers that wait, before a new version takes over."""
    row = get_row(slug)
    return render_template("surveys/publish.html", card=make_card(row), draft=get_draft(row))


@blueprint.post("/surveys/<slug>/publish")
def publish(slug: str) -> ResponseReturnValue:
    """Let the draft take its turn."""
    row = get_row(slug)
    get_draft(row)
    is_now = request.form.get("when") == PublishWhen.NOW
    when = PublishWhen.NOW if is_now else PublishWhen.OPENED
    try:
        actions.schedule_version(session(), row.id, when=when, by=current_email())
    except Unable as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    if row.mode is Mode.ANONYMOUS:
        flash(_("The new version takes its turn by itself; nothing more to do."), "success")
    else:
        flash(_("Respondents read the new version from now on."), "success")
    return redirect(url_for("surveys.show", slug=slug))
