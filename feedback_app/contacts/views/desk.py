"""Staff's page of contact slips: where respondents are asked, who wants to be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.causes.queries import get_catalogue
from feedback_app.contacts import actions, queries
from feedback_app.contacts.queries import ContactRow
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Permission, Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import find_survey, get_definition
from feedback_app.surveys.rules.question import RecordLine

blueprint = Blueprint("contact_desk", __name__, url_prefix="/contacts")


@dataclass(frozen=True, slots=True)
class Card:
    """One contact as the page shows it: how to reach them, and the attached copy in words."""

    row: ContactRow
    link: str
    lines: tuple[RecordLine, ...]


@blueprint.get("/")
def index() -> str:
    """Who wants to be called, or was."""
    is_called = request.args.get("show") == "called"
    rows = queries.list_contacts(session(), is_called=is_called)
    return render_template(
        "contacts/index.html",
        cards=[_card(row) for row in rows],
        is_called=is_called,
        waiting=queries.count_contacts(session(), is_called=False),
        called=queries.count_contacts(session(), is_called=True),
        offers=queries.list_offers(session()),
    )


@blueprint.post("/offer")
def offer() -> ResponseReturnValue:
    """Ask respondents of a survey whether they want to be called, or ask no more."""
    survey = find_survey(session(), request.form.get("survey", ""))
    if survey is None:
        abort(404)
    is_offered = request.form.get("offer") == "yes"
    try:
        actions.offer(session(), survey, is_offered=is_offered, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
    else:
        words = (
            _("Whoever answers is asked from now on. Look here every day: they wait for a call.")
            if is_offered
            else _("Nobody is asked any more. Slips that wait are still opened.")
        )
        flash(words, "success")
    return redirect(url_for("contact_desk.index"))


@blueprint.post("/<uuid:contact_id>/called")
def called(contact_id: UUID) -> ResponseReturnValue:
    """Note that somebody was called."""
    return _mark(contact_id, is_called=True)


@blueprint.post("/<uuid:contact_id>/not-called")
def not_called(contact_id: UUID) -> ResponseReturnValue:
    """Put somebody back among those to be called."""
    return _mark(contact_id, is_called=False)


@blueprint.post("/<uuid:contact_id>/delete")
def delete(contact_id: UUID) -> ResponseReturnValue:
    """Forget somebody with all they left."""
    try:
        actions.forget(session(), contact_id, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
    else:
        flash(_("The contact is deleted."), "success")
    return redirect(url_for("contact_desk.index"))


def list_next_steps(reading: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of people who wait for a call."""
    if Permission.CALL_BACK not in permissions:
        return []
    count = queries.count_contacts(reading, is_called=False)
    if not count:
        return []
    return [
        NextStep(
            text=ngettext(
                "%(num)s person wants to be called", "%(num)s people want to be called", count
            ),
            detail=_("They left their contact details after answering. Call them soon."),
            action=_("Contacts"),
            url=url_for("contact_desk.index"),
            priority=15,
        )
    ]


def _mark(contact_id: UUID, *, is_called: bool) -> ResponseReturnValue:
    try:
        actions.mark_called(session(), contact_id, is_called=is_called, by=current_email())
    except Unable as refusal:
        flash(say(refusal), "danger")
    return redirect(url_for("contact_desk.index"))


def _card(row: ContactRow) -> Card:
    lines: list[RecordLine] = []
    if row.answer is not None:
        definition = get_definition(session(), row.survey_id)
        catalogue = get_catalogue(session())
        lines = definition.record(row.answer["answers"], current_language(), catalogue)
    return Card(row, _link(row.reach), tuple(lines))


def _link(reach: str) -> str:
    """An address that starts a mail or a call."""
    if "@" in reach:
        return f"mailto:{reach.replace(' ', '')}"
    digits = "".join(letter for letter in reach if letter.isdecimal() or letter == "+")
    return f"tel:{digits}" if digits else ""
