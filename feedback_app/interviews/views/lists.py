"""The call lists: one per wave; whom to call next."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Permission, Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.interviews import actions, queries
from feedback_app.interviews.views.blueprint import NOT_FOUND, blueprint, settings
from feedback_app.invitations.queries import UnableToFindWave
from feedback_app.staff import security
from feedback_app.staff.views import current_email


@blueprint.get("")
def index() -> str:
    """Every wave whose customers can be called."""
    rights = security.granted() or frozenset()
    return render_template(
        "interviews/index.html",
        lists=queries.list_call_lists(session()),
        may_list=Permission.MANAGE_CUSTOMERS in rights,
    )


@blueprint.post("/<uuid:wave_id>/list")
def start_list(wave_id: UUID) -> ResponseReturnValue:
    """Put a wave's customers with a telephone on its call list."""
    try:
        number = actions.start_list(session(), wave_id, by=current_email(), folder=settings().keys)
    except UnableToFindWave:
        abort(NOT_FOUND)
    except Unable as refusal:
        flash(say(refusal), "danger")
    else:
        words = ngettext(
            "%(num)s customer with a telephone number is new on the list.",
            "%(num)s customers with a telephone number are new on the list.",
            number,
        )
        flash(words, "success")
    return redirect(url_for("interviews.index"))


@blueprint.post("/<uuid:wave_id>/next")
def take_next(wave_id: UUID) -> ResponseReturnValue:
    """Take the next customer of a list."""
    call_id = actions.take_next(session(), wave_id, by=current_email())
    if call_id is None:
        flash(_("Nobody is to be called at the moment."), "info")
        return redirect(url_for("interviews.index"))
    return redirect(url_for("interviews.call", call_id=call_id))
