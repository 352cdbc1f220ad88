"""Mails of which nobody can tell whether they arrived: a person decides."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation.db import utc_now
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.invitations import actions, queries
from feedback_app.invitations.views.waves.blueprint import blueprint
from feedback_app.staff.rules import is_own_path
from feedback_app.staff.views import current_email


@blueprint.get("/in-doubt")
def in_doubt() -> ResponseReturnValue:
    """All of them, by wave."""
    rows = queries.list_doubtful(session(), now=utc_now())
    return render_template("waves/in-doubt.html", rows=rows)


@blueprint.post("/in-doubt/<uuid:mail_id>/send-again")
def send_again(mail_id: UUID) -> ResponseReturnValue:
    """Queue it once more: it may arrive twice."""
    return _settle(mail_id, actions.send_again, _("It is sent again."))


@blueprint.post("/in-doubt/<uuid:mail_id>/treat-as-sent")
def treat_as_sent(mail_id: UUID) -> ResponseReturnValue:
    """Leave it: it is counted as sent."""
    return _settle(mail_id, actions.treat_as_sent, _("It counts as sent."))


def _settle(mail_id: UUID, act: Callable[..., object], words: str) -> ResponseReturnValue:
    try:
        act(session(), mail_id, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
    else:
        flash(words, "success")
    target = request.form.get("next", "")
    return redirect(target if is_own_path(target) else url_for("waves.in_doubt"))
