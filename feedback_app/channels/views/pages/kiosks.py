"""The staff's side of kiosks: set one up, change its PIN, retire it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.channels import actions
from feedback_app.channels.forms import KioskForm, PinForm
from feedback_app.channels.rules.kiosks import UnableToSetUpKiosk
from feedback_app.channels.views.pages.blueprint import (
    UNPROCESSABLE,
    blueprint,
    get_kiosk,
    get_survey,
    settings,
)
from feedback_app.channels.views.pages.show import show_channels
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email


@blueprint.post("/kiosks")
def set_up_kiosk(slug: str) -> ResponseReturnValue:
    """One more kiosk."""
    survey, form = get_survey(slug), KioskForm()
    if form.validate():
        try:
            actions.set_up_kiosk(
                session(),
                survey,
                name=form.name.data or "",
                pin=form.pin.data or "",
                by=current_email(),
                folder=settings().keys,
            )
        except UnableToSetUpKiosk as refusal:
            form.pin.errors = [*form.pin.errors, say(refusal)]
        else:
            flash(
                _("The kiosk is set up. Open its address on the device and unlock it."), "success"
            )
            return redirect(url_for("channels.show", slug=slug, _anchor="kiosk"))
    return show_channels(survey, kiosk_form=form), UNPROCESSABLE


@blueprint.get("/kiosks/<code>/pin")
def ask_pin(slug: str, code: str) -> ResponseReturnValue:
    """The form for another PIN."""
    return _show_pin(slug, code, PinForm())


@blueprint.post("/kiosks/<code>/pin")
def change_pin(slug: str, code: str) -> ResponseReturnValue:
    """Another PIN; every device of this kiosk is locked."""
    survey, form = get_survey(slug), PinForm()
    get_kiosk(survey, code)
    if form.validate():
        try:
            actions.change_pin(session(), survey, code, pin=form.pin.data or "", by=current_email())
        except UnableToSetUpKiosk as refusal:
            form.pin.errors = [*form.pin.errors, say(refusal)]
        else:
            flash(_("The PIN is changed, and the kiosk's devices are locked."), "success")
            return redirect(url_for("channels.show", slug=slug, _anchor="kiosk"))
    return _show_pin(slug, code, form), UNPROCESSABLE


@blueprint.post("/kiosks/<code>/retire")
def retire_kiosk(slug: str, code: str) -> ResponseReturnValue:
    """Take a kiosk out of use."""
    actions.retire_kiosk(session(), get_survey(slug), code, by=current_email())
    flash(_("The kiosk is retired."), "success")
    return redirect(url_for("channels.show", slug=slug, _anchor="kiosk"))


def _show_pin(slug: str, code: str, form: PinForm) -> str:
    survey = get_survey(slug)
    row = get_kiosk(survey, code)
    return render_template("channels/pin.html", survey=survey, kiosk=row, form=form)
