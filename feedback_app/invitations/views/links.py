"""The page behind an invitation: the survey's page, once per link.

A link that is used up or out of date says so kindly. An address is never logged: it holds
the token.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.answers.actions import FormToken
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views import respond
from feedback_app.answers.views.place import Place, make_place, reading, seal_early
from feedback_app.answers.views.record import tagger
from feedback_app.answers.views.sent import wants_call
from feedback_app.contacts.views import slips
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.db import utc_today
from feedback_app.invitations import actions
from feedback_app.invitations.letters import find_score_question
from feedback_app.invitations.queries import InvitationRow, find_invitation
from feedback_app.invitations.rules import hash_token, is_expired, read_token
from feedback_app.invitations.views import unsubscribing
from feedback_app.surveys.queries import find_for_respondent
from feedback_app.surveys.rules import Channel, Form, State

blueprint = Blueprint("invitations", __name__)
blueprint.register_error_handler(413, respond.show_too_large)
unsubscribing.register(blueprint)


@blueprint.get("/i/<token>")
def page(token: str) -> ResponseReturnValue:
    """The survey, blank; or why this link opens it no more."""
    found = _find(token)
    if found is None:
        return respond.show_not_found()
    place, invitation = found
    return _refuse(place, invitation) or respond.show(place, filled=_filled_by_link(place))


@blueprint.post("/i/<token>")
def submit(token: str) -> ResponseReturnValue:
    """The one answer of this invitation, or a look at its record before it is sent."""
    found = _find(token)
    if found is None:
        return respond.show_not_found()
    place, invitation = found
    if invitation.is_used:
        # A double click or a reload: the answer is here, and the thanks say so.
        return redirect(_thanks(place), HTTPStatus.SEE_OTHER)
    refusal = _refuse(place, invitation)
    if refusal is not None:
        return refusal

    def keep(envelope: Envelope, form_token: FormToken, respondent: str) -> bool:
        ballot = seal_early(place, envelope)
        return actions.submit(
            unit_of_work.session(),
            place.survey,
            invitation,
            envelope,
            token=form_token,
            respondent=respondent,
            tagger=tagger(),
            ballot=ballot,
            is_counted=not wants_call(),
        )

    return respond.submit(place, keep)


@blueprint.get("/i/<token>/thanks")
def thanks(token: str) -> ResponseReturnValue:
    """What happens with the answer now; the survey itself while there is none."""
    found = _find(token)
    if found is None:
        return respond.show_not_found()
    place, invitation = found
    if not invitation.is_used and not invitation.is_test:
        return redirect(f"{place.base}?lang={place.language}")
    return respond.show_thanks(place)


@blueprint.get("/i/<token>/contact")
def contact(token: str) -> ResponseReturnValue:
    """The form of a contact slip, once the answer is given. Nothing ties the two."""
    return slips.show(_find_answered(token))


@blueprint.post("/i/<token>/contact")
def leave_contact(token: str) -> ResponseReturnValue:
    """One contact slip; what is stored of it knows no invitation."""
    return slips.take(_find_answered(token))


@blueprint.get("/i/<token>/contact/left")
def contact_left(token: str) -> ResponseReturnValue:
    """What happens with the slip now."""
    return slips.show_left(_find_answered(token))


@blueprint.get("/i/<token>/what-we-store")
def what_we_store(token: str) -> ResponseReturnValue:
    """The record's layout, and what is not stored."""
    found = _find(token)
    return respond.show_not_found() if found is None else respond.show_what_we_store(found[0])


def _filled_by_link(place: Place) -> Form:
    """What a number in the mail fills in. Only the page: nothing is stored before it is sent."""
    score, question = request.args.get("score", ""), find_score_question(place.definition)
    if question is None or not score.isdecimal() or int(score) > question.highest:
        return {}
    return {question.code: [str(int(score))]}


def _find(token: str) -> tuple[Place, InvitationRow] | None:
    token = read_token(token)
    with reading() as session:
        invitation = find_invitation(session, hash_token(token))
        if invitation is None:
            return None
        found = find_for_respondent(session, survey_id=invitation.survey_id)
        if found is None:
            return None
        place = make_place(
            session,
            found,
            base=url_for("invitations.page", token=token),
            channel=Channel.INVITATION,
            segments=invitation.segments,
            is_test=invitation.is_test,
        )
        return place, invitation


def _find_answered(token: str) -> Place | None:
    found = _find(token)
    return found[0] if found is not None and found[1].is_used else None


def _thanks(place: Place) -> str:
    return f"{place.base}/thanks?lang={place.language}"


def _refuse(place: Place, invitation: InvitationRow) -> tuple[str, int] | None:
    """The kind page of a link that takes no answer, None when it does."""
    if invitation.is_used:
        return respond.show_farewell(
            _("This link has been used"),
            _("An answer from it has been received already. Thank you!"),
            _("Each link works once, so that every voice counts once."),
            status=HTTPStatus.GONE,
        )
    if place.survey.state is not State.OPEN:
        return respond.show_closed()
    if is_expired(invitation.expires_on, utc_today()):
        return respond.show_farewell(
            _("This link is out of date"),
            _("It could be used for a limited time. Thank you for wanting to answer."),
            _("If you would still like to, ask whoever sent it for a new one."),
            status=HTTPStatus.GONE,
        )
    return None
