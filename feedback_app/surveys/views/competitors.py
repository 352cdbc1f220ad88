"""The list of competitors that respondents are offered."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions, queries
from feedback_app.surveys.forms import CompetitorForm
from feedback_app.surveys.rules import UnableToChangeSurvey
from feedback_app.surveys.views.blueprint import UNPROCESSABLE, blueprint


@blueprint.get("/competitors")
def competitors() -> ResponseReturnValue:
    """The names that respondents are offered when they say where they went."""
    return _competitors(CompetitorForm(), status=200)


@blueprint.post("/competitors")
def add_competitor() -> ResponseReturnValue:
    """Offer one more name."""
    form = CompetitorForm()
    if form.validate():
        try:
            name = actions.add_competitor(session(), form.name.data or "", by=current_email())
        except UnableToChangeSurvey as refusal:
            form.name.errors = [*form.name.errors, say(refusal)]
        else:
            flash(_("%(name)s is offered from now on.", name=name), "success")
            return redirect(url_for("surveys.competitors"))
    return _competitors(form, status=UNPROCESSABLE)


@blueprint.post("/competitors/retire")
def retire_competitor() -> ResponseReturnValue:
    """Offer a name no more."""
    name = request.form.get("name", "")
    actions.retire_competitor(session(), name, by=current_email())
    flash(_("%(name)s is not offered any more.", name=name), "success")
    return redirect(url_for("surveys.competitors"))


def _competitors(form: CompetitorForm, *, status: int) -> ResponseReturnValue:
    names = queries.list_competitors(session())
    return render_template("surveys/competitors.html", form=form, names=names), status
