"""One's own account: language, password, second factor."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from feedback_app.foundation import unit_of_work
from feedback_app.staff import actions, queries, security
from feedback_app.staff import second_factor as totp
from feedback_app.staff.forms import (
    ROLE_NAMES,
    ConfirmForm,
    FirstCodeForm,
    LanguageForm,
    PasswordForm,
)
from feedback_app.staff.views.blueprint import blueprint
from feedback_app.staff.views.who import current_email, current_id

PENDING = "second_factor_pending"


@blueprint.route("/staff/account", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Who I am here, and the language I read."""
    me = queries.get_staff(unit_of_work.session(), current_id())
    form = LanguageForm(language=me.language or session.get("language"))
    if not form.validate_on_submit():
        return render_template("staff/profile.html", me=me, form=form, role_names=ROLE_NAMES)
    session["language"] = form.language.data
    actions.choose_language(unit_of_work.session(), me.id, language=form.language.data)
    return redirect(url_for("staff.profile"))


@blueprint.route("/staff/account/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """A new password; other browsers are signed out."""
    form = PasswordForm(email=current_email())
    if not form.validate_on_submit() or not _knows_password(form):
        return render_template("staff/change_password.html", form=form)
    actions.change_password(
        unit_of_work.session(),
        current_id(),
        password=form.password.data or "",
        by=current_email(),
    )
    security.sign_in(current_email())
    flash(_("Your password is changed. Other browsers were signed out."), "success")
    return redirect(url_for("staff.profile"))


@blueprint.get("/staff/account/second-factor")
def second_factor() -> str:
    """Whether a code of an authenticator app is asked for, and the way to change it."""
    return _second_factor_page(ConfirmForm(formdata=None))


@blueprint.post("/staff/account/second-factor/connect")
def connect_app() -> ResponseReturnValue:
    """After the password: make a secret and show it."""
    form = ConfirmForm()
    if not form.validate_on_submit() or not _knows_password(form):
        return _second_factor_page(form)
    session[PENDING] = totp.new_totp_secret()
    return redirect(url_for("staff.confirm_app"))


@blueprint.route("/staff/account/second-factor/confirm", methods=["GET", "POST"])
def confirm_app() -> ResponseReturnValue:
    """Show the secret as a picture and letters; a first right code switches it on."""
    secret = session.get(PENDING)
    if not secret:
        return redirect(url_for("staff.second_factor"))
    form = FirstCodeForm()
    if form.validate_on_submit():
        if totp.is_right_totp(form.code.data or "", secret):
            return _switch_on(secret)
        form.code.errors = [_("This code is wrong. Wait for the next one and try again.")]
    return render_template("staff/confirm_app.html", form=form, picture=totp.draw_totp(secret))


@blueprint.post("/staff/account/second-factor/off")
def second_factor_off() -> ResponseReturnValue:
    """After the password: sign in by password alone again."""
    form = ConfirmForm()
    if not form.validate_on_submit() or not _knows_password(form):
        return _second_factor_page(form)
    actions.turn_second_factor_off(unit_of_work.session(), current_id(), by=current_email())
    flash(_("Signing in asks for your password alone now."), "success")
    return redirect(url_for("staff.profile"))


def _switch_on(secret: str) -> str:
    codes, stored = totp.new_recovery_codes()
    actions.turn_second_factor_on(
        unit_of_work.session(),
        current_id(),
        secret=secret,
        recovery_codes=stored,
        by=current_email(),
    )
    session.pop(PENDING)
    return render_template("staff/recovery_codes.html", codes=codes)


def _second_factor_page(form: ConfirmForm) -> str:
    is_on = bool(current_user.tf_primary_method and current_user.tf_totp_secret)
    return render_template("staff/second_factor.html", form=form, is_on=is_on)


def _knows_password(form: PasswordForm | ConfirmForm) -> bool:
    if security.is_own_password(form.current.data or ""):
        return True
    form.current.errors = [_("This is not your present password.")]
    return False
