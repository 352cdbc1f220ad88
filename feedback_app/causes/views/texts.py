"""Pages with a form: add, rename, merge."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes import actions
from feedback_app.causes.forms import AddForm, MergeForm, TextsForm
from feedback_app.causes.rules import Cause, Side, UnableToChangeCause, list_merge_targets
from feedback_app.causes.views.pages import back_to, blueprint, get_catalogue, show_form
from feedback_app.foundation.i18n import LANGUAGES, current_language
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """A cause of the company's own."""
    catalogue = get_catalogue()
    form = AddForm(codebook=catalogue.codebook, side=request.args.get("side", ""))
    form.side.choices = {it.value: catalogue.side_name(it, current_language()) for it in Side}
    if not form.validate_on_submit():
        return show_form("causes/add.html", form, cause=None)
    try:
        code = actions.add(
            session(),
            side=Side(form.side.data),
            texts=form.texts,
            is_tickable=form.is_tickable.data,
            by=current_email(),
            seen=form.codebook.data,
        )
    except UnableToChangeCause as error:
        return show_form("causes/add.html", form, error, cause=None)
    return back_to(code, _("Added with the code %(code)s.", code=code))


@blueprint.route("/<code>/rename", methods=["GET", "POST"])
def rename(code: str) -> ResponseReturnValue:
    """Labels and explanations in three languages."""
    catalogue = get_catalogue()
    cause = catalogue.get(code)
    known = {f"label_{it}": cause.labels.get(it, "") for it in LANGUAGES}
    known |= {f"explanation_{it}": cause.explanations.get(it, "") for it in LANGUAGES}
    form = TextsForm(codebook=catalogue.codebook, data=known)
    if not form.validate_on_submit():
        return show_form("causes/rename.html", form, cause=cause)
    try:
        actions.rename(session(), code, form.texts, by=current_email(), seen=form.codebook.data)
    except UnableToChangeCause as error:
        return show_form("causes/rename.html", form, error, cause=cause)
    return back_to(code, _("The wording is saved."))


@blueprint.route("/<code>/merge", methods=["GET", "POST"])
def merge(code: str) -> ResponseReturnValue:
    """Choose what the cause counts as, see what moves, confirm."""
    catalogue = get_catalogue()
    cause = catalogue.get(code)
    targets = list_merge_targets(catalogue, code)
    form = MergeForm(codebook=catalogue.codebook, into=request.args.get("into", ""))
    form.into.choices = {it.code: it.label(current_language()) for it in targets}
    if not form.validate_on_submit():
        return _show_merge(form, cause)
    try:
        actions.merge(session(), code, form.into.data, by=current_email(), seen=form.codebook.data)
    except UnableToChangeCause as error:
        return _show_merge(form, cause, error)
    label = catalogue.label(form.into.data, current_language())
    return back_to(form.into.data, _("Merged: it counts as “%(label)s” now.", label=label))


def _show_merge(
    form: MergeForm, cause: Cause, error: UnableToChangeCause | None = None
) -> ResponseReturnValue:
    catalogue = get_catalogue()
    targets = list_merge_targets(catalogue, cause.code)
    target = next((it for it in targets if it.code == form.into.data), None)
    moved = (cause.code, *catalogue.merged_into(cause.code))
    return show_form(
        "causes/merge.html",
        form,
        error,
        cause=cause,
        target=target,
        targets=targets,
        counts=_count("feedback_cause_counts", (*moved, target.code)) if target else {},
        tagged=_count("feedback_tag_counts", (*moved, target.code)) if target else {},
        moved=moved,
    )


def _count(name: str, codes: Iterable[str]) -> dict[str, int]:
    """How many answers ticked each cause, or statements carry it; empty where nobody can tell.

    Both lie in rooms below this one: the wiring hands their counts in under these names.
    """
    count = current_app.extensions.get(name)
    return {} if count is None else {code: int(count(session(), code)) for code in codes}
