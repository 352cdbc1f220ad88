"""`/u/…`: asking is a GET and changes nothing; a POST unsubscribes at once.

Mail programs post by themselves when their reader presses "unsubscribe" (RFC 8058): they
have no form token and no cookie. The address itself is the secret, so none is needed.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.answers.views import respond
from feedback_app.answers.views.place import reading
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.i18n import LANGUAGES, choose_language, use_language
from feedback_app.invitations import actions
from feedback_app.invitations.queries import Unsubscriber, find_unsubscriber
from feedback_app.invitations.rules import hash_token


def register(blueprint: Blueprint) -> None:
    """Add the two pages to the respondents' blueprint."""
    blueprint.add_url_rule("/u/<secret>", "ask_unsubscribe", ask_unsubscribe, methods=["GET"])
    blueprint.add_url_rule("/u/<secret>", "unsubscribe", unsubscribe, methods=["POST"])


def ask_unsubscribe(secret: str) -> ResponseReturnValue:
    """A question and a button. Scanners may fetch it as often as they like."""
    person = _find(secret)
    if person is None:
        return _show_unknown()
    return render_template("respondent/unsubscribe.html")


def unsubscribe(secret: str) -> ResponseReturnValue:
    """No more mails, from this moment on."""
    person = _find(secret)
    if person is None or not actions.unsubscribe(unit_of_work.session(), secret):
        return _show_unknown()
    return respond.show_farewell(
        _("You will get no more mails from us"),
        _("Your address is on the list of those we do not write to. This works at once."),
        _("A link that you have already got can still be used to answer."),
        status=HTTPStatus.OK,
    )


def _find(secret: str) -> Unsubscriber | None:
    with reading() as session:
        person = find_unsubscriber(session, hash_token(secret))
    known = person.language if person is not None else ""
    use_language(choose_language(tuple(LANGUAGES), known if known in LANGUAGES else "en"))
    return person


def _show_unknown() -> tuple[str, int]:
    return respond.show_farewell(
        _("This address leads nowhere"),
        _("Perhaps the link was cut in two: please copy it whole from the message you got."),
        status=HTTPStatus.NOT_FOUND,
    )
