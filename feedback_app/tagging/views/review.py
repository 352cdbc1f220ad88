"""The review screen: one statement after the other, by keyboard alone or on a phone."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes.rules import Side, Texts, UnableToChangeCause
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.forms import EmptyForm, ProposeForm, TagForm
from feedback_app.tagging.queries import StatementRow
from feedback_app.tagging.rules import UnableToTag, check_tag
from feedback_app.tagging.views.blueprint import REFUSED, blueprint, catalogue, get_survey, read_id
from feedback_app.tagging.views.sheet import list_choices, make_sheet, tag_words

#: Statements that the reader's browser holds already, at most.
MOST_LEFT_OUT = 30
NO_CONTENT = 204


@blueprint.get("/<slug>/review")
def review(slug: str) -> ResponseReturnValue:
    """The next statement to read, or the one that was just taken back."""
    survey = get_survey(slug)
    named = read_id(request.args.get("statement", ""))
    row = queries.get_statement(session(), survey.id, named) if named else _next(survey)
    return show(survey, row)


def _next(survey: SurveyRow) -> StatementRow | None:
    ids = [read_id(text) for text in request.args.getlist("leave")[:MOST_LEFT_OUT]]
    leave_out = [each for each in ids if each is not None]
    reader = current_email()
    turn = queries.count_readings(session(), survey.id, reader) + len(leave_out)
    return queries.find_next(session(), survey.id, reader=reader, turn=turn, leave_out=leave_out)


def show(
    survey: SurveyRow, row: StatementRow | None, *, refusal: str = "", form: TagForm | None = None
) -> ResponseReturnValue:
    """The review page with one statement; with a refusal, what was chosen stays."""
    sheet = None if row is None else make_sheet(row, catalogue(), is_blind=row.is_audit)
    page = render_template(
        "tagging/review.html",
        survey=survey,
        sheet=sheet,
        form=form or TagForm(formdata=None),
        choices=list_choices(catalogue()),
        read=queries.count_readings(session(), survey.id, current_email()),
        confirmed=tag_words(catalogue(), row.confirmed) if row and row.confirmed.primary else "",
        refusal=refusal,
    )
    return page, REFUSED if refusal else 200


@blueprint.post("/<slug>/statements/<uuid:statement_id>")
def confirm(slug: str, statement_id: UUID) -> ResponseReturnValue:
    """What the statement is about; a page with a script asks for no page back."""
    survey = get_survey(slug)
    row = queries.get_statement(session(), survey.id, statement_id)
    form = TagForm()
    if not form.validate_on_submit():
        return show(survey, row, refusal=_("The page was open too long: send it again."), form=form)
    if not form.chosen:
        return show(survey, row, refusal=_("Choose what it is about."), form=form)
    known = catalogue()
    try:
        tag = check_tag(known, form.chosen, form.others.data or ())
    except UnableToTag as error:
        return show(survey, row, refusal=say(error), form=form)
    actions.confirm(session(), row, tag, by=current_email(), codebook=known.codebook)
    if request.headers.get("X-Wants") == "nothing":
        return "", NO_CONTENT
    return redirect(url_for("tagging.review", slug=slug))


@blueprint.post("/<slug>/undo")
def undo(slug: str) -> ResponseReturnValue:
    """Take back the last word and read that statement again."""
    survey = get_survey(slug)
    found = None
    if EmptyForm().validate_on_submit():
        found = actions.undo(session(), survey.id, by=current_email())
    if found is None:
        flash(_("There is nothing to take back."), "info")
    return redirect(url_for("tagging.review", slug=slug, statement=found))


@blueprint.route("/<slug>/statements/<uuid:statement_id>/new-cause", methods=["GET", "POST"])
def propose(slug: str, statement_id: UUID) -> ResponseReturnValue:
    """A cause that the catalogue lacks, proposed from a statement and confirmed with it."""
    survey = get_survey(slug)
    row = queries.get_statement(session(), survey.id, statement_id)
    form = ProposeForm()
    language = current_language()
    form.side.choices = [(it.value, catalogue().side_name(it, language)) for it in Side]
    if form.validate_on_submit():
        texts = Texts({language: form.label.data or ""}, {language: form.explanation.data or ""})
        try:
            code = actions.confirm_with_new_cause(
                session(), row, side=Side(form.side.data), texts=texts, by=current_email()
            )
        except UnableToChangeCause as error:
            form.form_errors.append(say(error))
        else:
            words = _("Added with the code %(code)s. Respondents are not offered it yet.")
            flash(words % {"code": code}, "success")
            return redirect(url_for("tagging.review", slug=slug))
    page = render_template(
        "tagging/propose.html",
        survey=survey,
        form=form,
        sheet=make_sheet(row, catalogue(), is_blind=row.is_audit),
    )
    return page, REFUSED if form.errors else 200
