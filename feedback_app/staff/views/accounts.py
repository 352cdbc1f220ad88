"""Staff accounts, for administrators."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation import unit_of_work
from feedback_app.staff import actions, queries
from feedback_app.staff.forms import ROLE_HINTS, ROLE_NAMES, NewStaffForm, RolesForm
from feedback_app.staff.views.blueprint import blueprint
from feedback_app.staff.views.who import current_email, current_id

NOT_FOUND = 404


@blueprint.get("/staff/accounts")
def index() -> str:
    """Every account."""
    rows = queries.list_staff(unit_of_work.session())
    return render_template(
        "staff/index.html", rows=rows, role_names=ROLE_NAMES, own_id=current_id()
    )


@blueprint.route("/staff/accounts/new", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """A new account with a password made here, shown once."""
    form = NewStaffForm()
    if not form.validate_on_submit():
        return render_template("staff/add.html", form=form, role_hints=ROLE_HINTS)
    password, email = actions.make_password(), form.email.data or ""
    try:
        actions.add(
            unit_of_work.session(),
            email=email,
            password=password,
            roles=form.roles.data or [],
            by=current_email(),
        )
    except actions.UnableToAddTwice:
        form.email.errors = [_("This address already has an account.")]
        return render_template("staff/add.html", form=form, role_hints=ROLE_HINTS)
    return render_template("staff/one_time_password.html", email=email, password=password)


@blueprint.route("/staff/accounts/<int:staff_id>", methods=["GET", "POST"])
def edit(staff_id: int) -> ResponseReturnValue:
    """One account: its roles and what can be done with it."""
    row = _get(staff_id)
    form = RolesForm(roles=[role.value for role in sorted(row.roles)])
    if form.validate_on_submit():
        try:
            actions.change_roles(
                unit_of_work.session(), staff_id, roles=form.roles.data or [], by=current_email()
            )
        except actions.UnableToLoseLastAdmin:
            form.roles.errors = [_last_admin()]
        else:
            flash(_("The roles of %(email)s are changed.", email=row.email), "success")
            return redirect(url_for("staff.index"))
    return render_template(
        "staff/edit.html",
        row=row,
        form=form,
        role_hints=ROLE_HINTS,
        is_own=staff_id == current_id(),
    )


@blueprint.post("/staff/accounts/<int:staff_id>/deactivate")
def deactivate(staff_id: int) -> ResponseReturnValue:
    """End the account's access."""
    row = _get(staff_id)
    try:
        actions.deactivate(unit_of_work.session(), staff_id, by=current_email())
    except actions.UnableToLoseLastAdmin:
        flash(_last_admin(), "danger")
        return redirect(url_for("staff.edit", staff_id=staff_id))
    flash(_("%(email)s can not sign in any more.", email=row.email), "success")
    return redirect(url_for("staff.index"))


@blueprint.post("/staff/accounts/<int:staff_id>/activate")
def activate(staff_id: int) -> ResponseReturnValue:
    """Let the account sign in again."""
    row = _get(staff_id)
    actions.activate(unit_of_work.session(), staff_id, by=current_email())
    flash(_("%(email)s can sign in again.", email=row.email), "success")
    return redirect(url_for("staff.index"))


@blueprint.post("/staff/accounts/<int:staff_id>/reset-password")
def reset_password(staff_id: int) -> ResponseReturnValue:
    """A new password for a colleague who lost theirs, shown once."""
    row = _get(staff_id)
    if staff_id == current_id():
        return redirect(url_for("staff.change_password"))
    password = actions.reset_password(unit_of_work.session(), staff_id, by=current_email())
    return render_template("staff/one_time_password.html", email=row.email, password=password)


def _get(staff_id: int) -> queries.StaffRow:
    try:
        return queries.get_staff(unit_of_work.session(), staff_id)
    except queries.UnableToFindStaff:
        abort(NOT_FOUND)


def _last_admin() -> str:
    return str(_("This is the last administrator: make somebody else one first."))
