"""The staff's side of embedding: which sites may show the survey, and the key of its tickets."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.channels import actions
from feedback_app.channels.forms import EmbedForm
from feedback_app.channels.rules.embedding import UnableToEmbed
from feedback_app.channels.views.pages.blueprint import (
    UNPROCESSABLE,
    blueprint,
    get_survey,
    settings,
)
from feedback_app.channels.views.pages.show import show_channels
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email


@blueprint.post("/embedding")
def allow_embedding(slug: str) -> ResponseReturnValue:
    """Let sites show the survey."""
    survey, form = get_survey(slug), EmbedForm()
    if form.validate():
        try:
            actions.allow_embedding(
                session(),
                survey,
                origins=form.origins.data or "",
                by=current_email(),
                folder=settings().keys,
            )
        except UnableToEmbed as refusal:
            form.origins.errors = [*form.origins.errors, say(refusal)]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("channels.show", slug=slug, _anchor="embed"))
    return show_channels(survey, embed_form=form), UNPROCESSABLE


@blueprint.post("/embedding/key")
def renew_ticket_key(slug: str) -> ResponseReturnValue:
    """Another key for tickets."""
    actions.renew_ticket_key(session(), get_survey(slug), by=current_email())
    flash(
        _("There is a new key. Tickets signed with the old one are refused from now on."), "success"
    )
    return redirect(url_for("channels.show", slug=slug, _anchor="embed"))
