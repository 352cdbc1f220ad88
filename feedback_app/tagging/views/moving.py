"""Splitting a cause: look at the statements that would move, then move them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.forms import MoveForm
from feedback_app.tagging.rules import UnableToTag
from feedback_app.tagging.views.blueprint import REFUSED, blueprint, catalogue, get_survey

EXAMPLES = 8


@blueprint.route("/<slug>/move", methods=["GET", "POST"])
def move(slug: str) -> ResponseReturnValue:
    """GET shows what would move, POST moves it."""
    survey = get_survey(slug)
    known = catalogue()
    counts = queries.count_by_cause(session(), survey.id)
    form = MoveForm(formdata=request.form if request.method == "POST" else request.args)
    form.source.choices = [
        (it.code, f"{it.label(current_language())} ({counts[it.code]})")
        for it in known.causes
        if counts[it.code]
    ]
    form.target.choices = [
        ("", "–"),
        *((it.code, it.label(current_language())) for it in known.standing()),
    ]
    is_asked = bool(form.source.data and form.target.data and form.source.data != "None")
    if request.method == "POST" and form.validate_on_submit():
        try:
            moved = actions.move_tags(
                session(),
                survey.id,
                form.source.data,
                form.target.data,
                holding=form.holding.data or "",
                by=current_email(),
                codebook=known.codebook,
            )
        except UnableToTag as error:
            form.form_errors.append(say(error))
        else:
            words = ngettext("%(num)s statement moved.", "%(num)s statements moved.", moved)
            flash(words, "success")
            return redirect(url_for("tagging.index"))
    return _show(survey, form, is_asked=is_asked)


def _show(survey: SurveyRow, form: MoveForm, *, is_asked: bool) -> ResponseReturnValue:
    number, examples = 0, list[queries.StatementRow]()
    if is_asked:
        number, examples = queries.list_tagged(
            session(), survey.id, form.source.data, holding=form.holding.data or "", most=EXAMPLES
        )
    page = render_template(
        "tagging/move.html",
        survey=survey,
        form=form,
        is_asked=is_asked,
        is_empty=not form.source.choices,
        number=number,
        examples=[row.text for row in examples],
    )
    return page, REFUSED if form.errors else 200
