"""Why do customers leave, and did what we changed help?

What is here only wires rooms together; what the product does is read in the rooms.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, jsonify
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from feedback_app.foundation import i18n, next_steps, pages, policy, unit_of_work
from feedback_app.foundation.db import Database
from feedback_app.foundation.pages import NoSessions
from feedback_app.foundation.resources import find_folder
from feedback_app.front import Front

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LARGEST_REQUEST = 2 * 1024 * 1024  # bytes; imports through pages raise it for themselves
SERVICE_UNAVAILABLE = 503


class RespondentsApp(Flask):
    """The respondents' side: no sessions, and no view or hook that is a coroutine."""

    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """`func` itself, without asking anew on every request whether it is a coroutine."""
        return func


def create_app(settings: Settings) -> Flask:
    """The whole site as one WSGI application: respondents' pages in front of the staff's."""
    database = Database(settings.database_url, reports_url=settings.reports_database_url)
    app = create_staff_side(settings, database)
    site = Front(create_respondents(settings, database), app.wsgi_app)
    app.wsgi_app = behind_proxies(settings, site)  # type: ignore[method-assign, assignment]
    return app


def create_respondents(settings: Settings, database: Database) -> Flask:
    """The respondents' side alone: the pages of their rooms, without sessions and users.

    Nothing that it imports may load Flask-Security, WTForms or another library of the staff's
    side (a test looks).
    """
    from feedback_app.answers.views.letterbox import Letterbox

    app = RespondentsApp(
        __name__, template_folder=str(find_folder("templates")), static_folder=None
    )
    _configure(app, settings, database)
    pages.install(app, is_served_over_https=settings.is_served_over_https, are_all_respondents=True)
    unit_of_work.install(app)
    i18n.install(app)
    for blueprint in list_respondents_blueprints():
        app.register_blueprint(blueprint)
    _lend_to_respondents(app)
    _add_health(app)
    app.wsgi_app = Letterbox(app)  # type: ignore[method-assign]
    return app


def create_staff_side(settings: Settings, database: Database) -> Flask:
    """Everything, with signing in: the staff's pages, and respondents' ones for their addresses.

    `Front` answers respondents before a request of theirs comes here.
    """
    app = Flask(__name__, template_folder=str(find_folder("templates")))
    _configure(app, settings, database)
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_served_over_https,
        SESSION_COOKIE_NAME="feedback_staff",
        SEND_FILE_MAX_AGE_DEFAULT=86400,
    )
    pages.install(app, is_served_over_https=settings.is_served_over_https)
    unit_of_work.install(app)
    i18n.install(app)
    _install_rooms(app)
    _lend_to_rooms_above(app)
    _add_health(app)
    return app


def behind_proxies(settings: Settings, app: WSGIApplication) -> WSGIApplication:
    """`app` as reverse proxies in front of it are to be believed."""
    hops = settings.proxies
    return ProxyFix(app, x_for=hops, x_proto=hops, x_host=hops) if hops else app


def _configure(app: Flask, settings: Settings, database: Database) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        FEEDBACK_SETTINGS=settings,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["feedback_database"] = database


def list_respondents_blueprints() -> tuple[Blueprint, ...]:
    """The pages that respondents open. A room that brings more of them adds its blueprint."""
    from feedback_app.answers import views as answers
    from feedback_app.channels import views as channels
    from feedback_app.contacts.views import slips
    from feedback_app.invitations import views as invitations

    return answers.blueprint, *channels.BLUEPRINTS, slips.blueprint, invitations.blueprint


def _install_rooms(app: Flask) -> None:
    """Every room's pages, in the order of the house, and what they say on the home page."""
    from feedback_app.answers.views import preview
    from feedback_app.brainstorms import views as brainstorms
    from feedback_app.causes import views as causes
    from feedback_app.channels.views import pages as channels
    from feedback_app.contacts.views import desk as contacts
    from feedback_app.customers import views as customers
    from feedback_app.interviews import views as interviews
    from feedback_app.invitations.views import waves
    from feedback_app.reporting import views as reporting
    from feedback_app.staff import security
    from feedback_app.staff import views as staff
    from feedback_app.surveys import views as surveys
    from feedback_app.tagging import views as tagging

    policy.install(app, permissions=security.install(app))
    rooms = (
        *(staff, causes, surveys, preview, channels, contacts, customers),
        *(waves, interviews, tagging, reporting),
    )
    for room in rooms:
        app.register_blueprint(room.blueprint)
    for blueprint in (brainstorms.blueprint, brainstorms.desk, *list_respondents_blueprints()):
        app.register_blueprint(blueprint)
    for teller in (surveys, contacts, waves, tagging, brainstorms, reporting):
        next_steps.register(app, teller.list_next_steps)
    reporting.install(
        app, app.extensions["feedback_database"], app.config["FEEDBACK_SETTINGS"].home
    )


def _lend_to_respondents(app: Flask) -> None:
    """What respondents' pages of answers need from rooms above them."""
    from feedback_app.answers.views.place import ContactDoor
    from feedback_app.contacts.views import slips
    from feedback_app.tagging.rules import chosen_tags

    app.extensions["feedback_tagger"] = chosen_tags
    app.extensions["feedback_contact_door"] = ContactDoor(
        slips.takes_slips, slips.show_after_sending
    )


def _lend_to_rooms_above(app: Flask) -> None:
    """What pages of a room need from rooms below it, which they may not import."""
    from feedback_app.answers import actions as answers
    from feedback_app.answers.queries import count_answers, count_answers_with_cause
    from feedback_app.ballots.queries import count_waiting
    from feedback_app.invitations.queries import list_contact_history
    from feedback_app.reporting.lending import tell_causes
    from feedback_app.surveys.views import SurveyDesk
    from feedback_app.tagging.queries import count_tagged

    _lend_to_respondents(app)
    app.extensions["feedback_demo"] = _fill_demo
    app.extensions["feedback_cause_counts"] = count_answers_with_cause
    app.extensions["feedback_customer_causes"] = partial(
        tell_causes, app.extensions["feedback_reports"]
    )
    app.extensions["feedback_tag_counts"] = count_tagged
    app.extensions["feedback_contact_history"] = list_contact_history
    app.extensions["feedback_survey_desk"] = SurveyDesk(
        open_survey=partial(answers.open_survey, folder=app.config["FEEDBACK_SETTINGS"].keys),
        count_answers=count_answers,
        count_waiting=count_waiting,
    )


def _fill_demo(database: Database, settings: Settings) -> str:
    """Fill the demo unless it is there; the e-mail of the account to look around with."""
    from feedback_app.demo import actions as demo

    with suppress(demo.UnableToFillDemo), database.writing() as session:
        demo.fill(session, folder=settings.keys)
    return demo.EMAIL


def _add_health(app: Flask) -> None:
    from feedback_app.foundation import schema

    @app.get("/health")
    def health() -> tuple[Response, int]:
        """Liveness, and whether the schema is the one this release needs."""
        try:
            is_current = schema.is_current(unit_of_work.database())
        except Exception:  # noqa: BLE001  any failure to ask means the same to a monitor
            return jsonify(status="database unreachable", schema="unknown"), SERVICE_UNAVAILABLE
        if not is_current:
            return jsonify(status="schema outdated", schema="outdated"), SERVICE_UNAVAILABLE
        return jsonify(status="ok", schema="current"), 200
