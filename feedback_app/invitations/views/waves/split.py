"""Split mailing: anonymous one-time links in a file; the company's own system sends them."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation.db import utc_today
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.imports.rejects import defuse
from feedback_app.invitations import actions
from feedback_app.invitations.forms import SplitForm
from feedback_app.invitations.rules import MOST_AT_ONCE
from feedback_app.invitations.views.waves.blueprint import UNPROCESSABLE, blueprint, settings
from feedback_app.invitations.views.waves.lists import offer_surveys
from feedback_app.staff.views import current_email


@blueprint.get("/split")
def split() -> ResponseReturnValue:
    """What a split mailing is, and the form that makes the file."""
    form = SplitForm(
        data={"survey": request.args.get("survey", ""), "name": request.args.get("name", "")}
    )
    return _show(form)


@blueprint.post("/split")
def make_links() -> ResponseReturnValue:
    """Make the links and hand them over, this once: only their fingerprints are kept."""
    form = SplitForm()
    surveys = offer_surveys(form.survey, only_open=True)
    if not form.validate():
        return _show(form)
    if form.expires_on.data is not None and form.expires_on.data <= utc_today():
        form.expires_on.errors = [_("Choose a day to come.")]
        return _show(form)
    survey = next(row for row in surveys if row.slug == form.survey.data)
    try:
        tokens = actions.split(
            session(),
            survey_id=survey.id,
            name=form.name.data or "",
            count=form.count.data or 0,
            by=current_email(),
            folder=settings().keys,
            expires_on=form.expires_on.data,
        )
    except Unable as refusal:
        return _show(form, refusal=say(refusal))
    lines = ["link", *(defuse(f"{settings().base_url}/i/{token}") for token in tokens)]
    answer = Response("\r\n".join(lines) + "\r\n", mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=links-{survey.slug}.csv"
    return answer


def _show(form: SplitForm, *, refusal: str = "") -> ResponseReturnValue:
    surveys = offer_surveys(form.survey, only_open=True)
    page = render_template(
        "waves/split.html", form=form, surveys=surveys, refusal=refusal, most=MOST_AT_ONCE
    )
    return page, UNPROCESSABLE if form.errors or refusal else 200
