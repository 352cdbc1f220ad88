"""Double coding: draw a sample, read it blind, see the agreement, settle what is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes import actions as causes
from feedback_app.causes.queries import list_notes
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Permission
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.queries import list_staff
from feedback_app.staff.rules import permissions_of
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import SurveyRow
from feedback_app.tagging import actions, queries
from feedback_app.tagging.forms import SampleForm, SettleForm, TagForm
from feedback_app.tagging.queries import SampleRow
from feedback_app.tagging.rules import UnableToTag, check_tag, is_readable
from feedback_app.tagging.views.blueprint import (
    NOT_FOUND,
    REFUSED,
    blueprint,
    catalogue,
    get_survey,
    read_id,
)
from feedback_app.tagging.views.review import MOST_LEFT_OUT, NO_CONTENT
from feedback_app.tagging.views.sheet import list_choices, make_sheet, tag_words

#: From pairs of tags to agreement; the room of reports provides it.
Agree = Callable[[list[dict[str, Any]]], dict[str, Any]]


@blueprint.route("/<slug>/samples", methods=["GET", "POST"])
def samples(slug: str) -> ResponseReturnValue:
    """The samples of a survey, and a form to draw another."""
    survey = get_survey(slug)
    form = SampleForm()
    readers = _list_readers()
    form.first.choices = form.second.choices = [(email, email) for email in readers]
    if not form.is_submitted():
        # Whoever is looking, and somebody else.
        form.first.data = current_email()
        form.second.data = next((it for it in readers if it != current_email()), None)
    if form.validate_on_submit():
        pair = (form.first.data, form.second.data)
        try:
            sample_id = actions.draw_sample(
                session(), survey.id, readers=pair, size=form.size.data or 0, by=current_email()
            )
        except actions.UnableToDoubleCode as error:
            form.form_errors.append(say(error))
        else:
            return redirect(url_for("tagging.sample", slug=slug, sample_id=sample_id))
    page = render_template(
        "tagging/samples.html",
        survey=survey,
        form=form,
        samples=queries.list_samples(session(), survey.id),
        readers=readers,
        reader=current_email(),
    )
    return page, REFUSED if form.errors else 200


def _list_readers() -> list[str]:
    return [
        account.email
        for account in list_staff(session())
        if account.is_active and Permission.TAG_ANSWERS in permissions_of(account.roles)
    ]


@blueprint.get("/<slug>/samples/<uuid:sample_id>")
def sample(slug: str, sample_id: UUID) -> ResponseReturnValue:
    """How far the two are; once both are through, how well they agree and what to settle."""
    survey, row = _get(slug, sample_id)
    known = catalogue()
    agreement, disagreements = None, []
    if row.is_complete:
        agreement = _agree(row)
        disagreements = [
            (each, make_sheet(each.statement, known, is_blind=True), _said(each))
            for each in queries.list_disagreements(session(), row)
        ]
    return render_template(
        "tagging/sample.html",
        survey=survey,
        sample=row,
        reader=current_email(),
        agreement=agreement,
        disagreements=disagreements,
        catalogue=known,
        choices=list_choices(known),
        notes=list_notes(session()),
        form=SettleForm(formdata=None),
    )


def _said(each: queries.Disagreement) -> tuple[str, str]:
    known = catalogue()
    return tag_words(known, each.first), tag_words(known, each.second)


def _agree(row: SampleRow) -> dict[str, Any] | None:
    agree: Agree | None = current_app.extensions.get("feedback_agreement")
    if agree is None:
        return None
    return agree(
        [
            {
                "first": [pair.first.primary, *pair.first.others],
                "second": [pair.second.primary, *pair.second.others],
            }
            for pair in queries.list_pairs(session(), row)
        ]
    )


@blueprint.get("/<slug>/samples/<uuid:sample_id>/read")
def read_sample(slug: str, sample_id: UUID) -> ResponseReturnValue:
    """The next statement of the sample, without a suggestion and without the other's word."""
    survey, row = _get(slug, sample_id)
    return _show_blind(survey, row)


def _show_blind(
    survey: SurveyRow, row: SampleRow, *, refusal: str = "", form: TagForm | None = None
) -> ResponseReturnValue:
    reader = current_email()
    if reader not in row.readers:
        abort(NOT_FOUND)
    ids = [read_id(text) for text in request.args.getlist("leave")[:MOST_LEFT_OUT]]
    leave_out = tuple(each for each in ids if each is not None)
    found = queries.find_next_blind(session(), row, reader, leave_out=leave_out)
    page = render_template(
        "tagging/review.html",
        survey=survey,
        sample=row,
        sheet=None if found is None else make_sheet(found, catalogue(), is_blind=True),
        form=form or TagForm(formdata=None),
        choices=list_choices(catalogue()),
        read=row.readers[reader],
        confirmed="",
        refusal=refusal,
    )
    return page, REFUSED if refusal else 200


@blueprint.post("/<slug>/samples/<uuid:sample_id>/statements/<uuid:statement_id>")
def confirm_blind(slug: str, sample_id: UUID, statement_id: UUID) -> ResponseReturnValue:
    """What one of the two says."""
    survey, row = _get(slug, sample_id)
    statement = queries.get_statement(session(), survey.id, statement_id)
    form = TagForm()
    if not form.validate_on_submit() or not form.chosen:
        return _show_blind(survey, row, refusal=_("Choose what it is about."), form=form)
    known = catalogue()
    try:
        tag = check_tag(known, form.chosen, form.others.data or ())
        actions.read_blind(
            session(), row, statement, tag, by=current_email(), codebook=known.codebook
        )
    except (UnableToTag, actions.UnableToDoubleCode) as error:
        return _show_blind(survey, row, refusal=say(error), form=form)
    if request.headers.get("X-Wants") == "nothing":
        return "", NO_CONTENT
    return redirect(url_for("tagging.read_sample", slug=slug, sample_id=sample_id))


@blueprint.post("/<slug>/samples/<uuid:sample_id>/settle/<uuid:statement_id>")
def settle(slug: str, sample_id: UUID, statement_id: UUID) -> ResponseReturnValue:
    """Decide about a disagreement; a note goes to the codebook, under the cause decided for."""
    survey, row = _get(slug, sample_id)
    statement = queries.get_statement(session(), survey.id, statement_id)
    form = SettleForm()
    page = url_for("tagging.sample", slug=slug, sample_id=sample_id)
    back = redirect(page)
    if not form.validate_on_submit() or not form.chosen:
        flash(_("Choose what it is about."), "warning")
        return back
    known = catalogue()
    try:
        tag = check_tag(known, form.chosen, form.others.data or ())
        actions.settle(session(), row, statement, tag, by=current_email(), codebook=known.codebook)
    except (UnableToTag, actions.UnableToDoubleCode) as error:
        flash(say(error), "warning")
        return back
    if (form.note.data or "").strip() and is_readable(tag.primary):
        causes.add_note(session(), tag.primary, form.note.data or "", by=current_email())
    # To the next one; what is settled stands at the end, marked.
    return redirect(f"{page}#settle")


def _get(slug: str, sample_id: UUID) -> tuple[SurveyRow, SampleRow]:
    survey = get_survey(slug)
    row = queries.get_sample(session(), sample_id)
    if row.survey_id != survey.id:
        abort(NOT_FOUND)
    return survey, row
