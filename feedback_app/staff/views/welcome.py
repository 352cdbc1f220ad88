"""The first visit to a fresh installation: look around the demo, or set up one's company."""

from __future__ import annotations

from flask import abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from config import Settings
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.refusals import say
from feedback_app.staff import actions, queries, security, setup
from feedback_app.staff.forms import AccountForm, throttle
from feedback_app.staff.views.blueprint import blueprint

TOO_MANY_REQUESTS = 429
FORBIDDEN = 403


@blueprint.before_app_request
def _send_first_visitor_to_welcome() -> ResponseReturnValue | None:
    """While nobody can sign in, the sign-in page leads to the welcome page."""
    if request.endpoint != "security.login" or request.method != "GET":
        return None
    with unit_of_work.database().reading() as reading:
        if not queries.has_account(reading):
            return redirect(url_for("staff.welcome"))
        g.is_demo_only = not queries.has_account(reading, is_demo_counted=False)
    return None


@blueprint.get("/welcome")
def welcome() -> ResponseReturnValue:
    """Two choices for whoever holds the setup code; one line of help for others."""
    if _is_set_up():
        return redirect(url_for("security.login"))
    code = request.args.get("code", "")
    if not _may_set_up(code):
        return render_template("staff/welcome_closed.html", is_wrong=bool(code))
    return render_template("staff/welcome.html", code=code, has_demo=_find_demo() is not None)


@blueprint.post("/welcome/demo")
def welcome_demo() -> ResponseReturnValue:
    """Fill the demo and sign in as its manager."""
    _insist_on_code()
    fill = _find_demo()
    if fill is None:
        abort(404)
    # The demo writes in transactions of its own, so this request must hold none open.
    email = fill(unit_of_work.database(), _settings())
    _begin_session()
    security.sign_in(email)
    return redirect(url_for("staff.home"))


@blueprint.route("/welcome/company", methods=["GET", "POST"])
def welcome_company() -> ResponseReturnValue:
    """Make the first administrator and sign them in."""
    code = _insist_on_code()
    form = AccountForm()
    if not form.validate_on_submit():
        return render_template("staff/welcome_company.html", form=form, code=code)
    email = form.email.data or ""
    try:
        actions.add_first_admin(
            unit_of_work.session(), email=email, password=form.password.data or ""
        )
    except actions.UnableToAddTwice as error:  # the demo has this address
        form.form_errors.append(say(error))
        return render_template("staff/welcome_company.html", form=form, code=code)
    setup.forget_code(_settings())
    _begin_session()
    security.sign_in(email)
    return redirect(url_for("staff.home"))


def _settings() -> Settings:
    settings = current_app.config["FEEDBACK_SETTINGS"]
    assert isinstance(settings, Settings)
    return settings


def _is_set_up() -> bool:
    """True when a real account exists; asked without opening the request's own session."""
    with unit_of_work.database().reading() as reading:
        return queries.has_account(reading, is_demo_counted=False)


def _may_set_up(code: str) -> bool:
    address = request.remote_addr or ""
    if throttle().must_wait(setup=address):
        abort(TOO_MANY_REQUESTS)
    if not code or setup.is_right_code(_settings(), code):
        return bool(code)
    throttle().count_failure(setup=address)
    return False


def _insist_on_code() -> str:
    code = request.values.get("code", "")
    if _is_set_up() or not _may_set_up(code):
        abort(FORBIDDEN)
    return code


def _find_demo() -> security.FillDemo | None:
    found: security.FillDemo | None = current_app.extensions.get("feedback_demo")
    return found


def _begin_session() -> None:
    """Start a new session, whoever this browser was before."""
    if current_user.is_authenticated:
        security.sign_out()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
