"""The open link of a survey: its page, sending an answer, thanks, what we store.

Thin: what a page shows is in `respond`, `record` and `sheet`, and invitations use the same.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from feedback_app.answers import actions, slot
from feedback_app.answers.actions import FormToken
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views import respond
from feedback_app.answers.views.guard import guard_of
from feedback_app.answers.views.place import (
    Place,
    make_place,
    reading,
    recall_place,
    remembered_places,
    seal_early,
    settings,
)
from feedback_app.answers.views.record import tagger
from feedback_app.answers.views.sent import is_sending, wants_call
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.resources import find_folder
from feedback_app.surveys.queries import find_for_respondent
from feedback_app.surveys.rules import Channel, State, Subject

blueprint = Blueprint("answers", __name__)
blueprint.register_error_handler(413, respond.show_too_large)


@blueprint.get("/s/<slug>")
def page(slug: str) -> ResponseReturnValue:
    """The survey, blank."""
    place = find_place(slug)
    if place is None:
        return respond.show_not_found()
    if not _is_open(place):
        return respond.show_closed()
    return respond.show(place, guard=guard_of(slug))


@blueprint.post("/s/<slug>")
def submit(slug: str) -> ResponseReturnValue:
    """One answer, or a look at its record before it is sent."""
    base = request.script_root + request.path  # what url_for gives, without the search for it
    remembered = recall_place(base) if is_sending() else None
    if remembered is not None:
        answer = respond.submit(remembered, _keeper(remembered), guard=guard_of(slug))
        if respond.is_taken(answer):
            return answer
        # The survey may have changed within the second: look again, and begin anew.
        remembered_places().forget(base)
        unit_of_work.start_over()
    place = find_place(slug)
    if place is None:
        return respond.show_not_found()
    if not _is_open(place):
        return respond.show_closed()
    remembered_places().keep(place)
    return respond.submit(place, _keeper(place), guard=guard_of(slug))


def _keeper(place: Place) -> respond.Keep:
    """What stores an answer at `place`."""

    def keep(envelope: Envelope, token: FormToken, respondent: str) -> bool:
        if place.is_named:
            return actions.take_named(
                unit_of_work.session(),
                place.survey,
                envelope,
                channel=place.channel,
                reference=respondent,
                token=token,
                tagger=tagger(),
            )
        if wants_call():
            return actions.take_sealed(
                unit_of_work.session(),
                place.survey,
                envelope,
                channel=place.channel,
                token=token,
                ballot=seal_early(place, envelope),
                is_counted=False,
            )
        return slot.put_in(
            unit_of_work.database(),
            place.survey,
            envelope,
            channel=place.channel,
            token=token,
            ballot=seal_early(place, envelope),
        )

    return keep


@blueprint.get("/s/<slug>/thanks")
def thanks(slug: str) -> ResponseReturnValue:
    """What happens with the answer now."""
    place = find_place(slug)
    return respond.show_not_found() if place is None else respond.show_thanks(place)


@blueprint.get("/s/<slug>/what-we-store")
def what_we_store(slug: str) -> ResponseReturnValue:
    """The record's layout, and what is not stored."""
    place = find_place(slug)
    return respond.show_not_found() if place is None else respond.show_what_we_store(place)


@blueprint.app_template_global()
def respondent_brand(subject: str = "") -> str:
    """Whose survey it is; where no company is named, whom it asks."""
    words = _("Staff survey") if subject == Subject.STAFF else _("Customer survey")
    return settings().company or words


@blueprint.app_template_global()
def respondent_style() -> Markup:
    """The style of respondents' pages, without comments and line ends."""
    return _read_style(find_folder("templates") / "respondent" / "style.css")


@cache
def _read_style(path: Path) -> Markup:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?|(?<=[a-z]): ", lambda it: it[1] or ":", text)
    return Markup(text.strip())  # noqa: S704  our own file


def find_place(slug: str) -> Place | None:
    """The survey at this address, None for a draft or nothing."""
    with reading() as session:
        found = find_for_respondent(session, slug=slug)
        if found is None:
            return None
        base = url_for("answers.page", slug=found.survey.slug)
        return make_place(session, found, base=base, channel=Channel.LINK)


def _is_open(place: Place) -> bool:
    return place.survey.state is State.OPEN
