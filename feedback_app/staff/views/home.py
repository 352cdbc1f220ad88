"""The home page: what to do next. And the switch of languages."""

from __future__ import annotations

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from feedback_app.foundation import next_steps, unit_of_work
from feedback_app.foundation.i18n import LANGUAGES
from feedback_app.staff import actions, security, setup
from feedback_app.staff.rules import is_own_path
from feedback_app.staff.views.blueprint import blueprint
from feedback_app.staff.views.who import current_id

BAD_REQUEST = 400


@blueprint.get("/")
def home() -> str:
    """What this staff member had best do next."""
    rights = security.granted() or frozenset()
    steps = next_steps.list_steps(unit_of_work.session(), rights)
    is_setup_open = setup.find_code(current_app.config["FEEDBACK_SETTINGS"]) is not None
    return render_template(
        "staff/home.html", steps=steps, is_setup_open=current_user.is_demo and is_setup_open
    )


@blueprint.before_app_request
def _refuse_to_lead_away() -> ResponseReturnValue | None:
    """Signing in leads to pages of this site alone: an address with another `next` is stripped
    of it, a form with one is refused.
    """
    if request.blueprint != "security":
        return None
    targets = [*request.args.getlist("next"), *request.form.getlist("next")]
    if all(is_own_path(target) for target in targets if target):
        return None
    if request.method != "GET":
        abort(BAD_REQUEST)
    return redirect(request.path)


@blueprint.post("/staff/language")
def choose_language() -> ResponseReturnValue:
    """Change the language and come back to the same page."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = language
        if current_user.is_authenticated:
            actions.choose_language(unit_of_work.session(), current_id(), language=language)
    target = request.form.get("next", "")
    return redirect(target if is_own_path(target) else url_for("staff.home"))
