"""Surveys out and in as JSON, and the schema they follow."""

from __future__ import annotations

import json

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes.queries import get_catalogue
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions, queries
from feedback_app.surveys.exchange import UnableToReadSurvey, read_survey, write_survey
from feedback_app.surveys.forms import ImportSurveyForm
from feedback_app.surveys.rules import Mode, UnableToChangeSurvey
from feedback_app.surveys.rules.checking import Fault
from feedback_app.surveys.rules.schema import build_schema
from feedback_app.surveys.views.blueprint import UNPROCESSABLE, blueprint, get_row
from feedback_app.surveys.views.wording import fault_words


@blueprint.get("/surveys/<slug>/export")
def export(slug: str) -> ResponseReturnValue:
    """The survey as a JSON file: its draft if there is one, else what respondents read."""
    row = get_row(slug)
    versions = queries.list_versions(session(), row.id)
    if not versions:
        return redirect(url_for("surveys.show", slug=slug))
    text = write_survey(versions[0].document, name=row.name)
    headers = {"Content-Disposition": f'attachment; filename="{row.slug}.json"'}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/survey-schema.json")
def schema() -> ResponseReturnValue:
    """The schema that exported surveys follow."""
    text = json.dumps(build_schema(), ensure_ascii=False, indent=2) + "\n"
    return Response(text, mimetype="application/schema+json")


@blueprint.get("/surveys/import")
def choose_import() -> ResponseReturnValue:
    """The form that takes a survey as JSON."""
    form = ImportSurveyForm(language=current_language())
    return render_template("surveys/import.html", form=form, faults=[])


@blueprint.post("/surveys/import")
def import_survey() -> ResponseReturnValue:
    """Make a draft of a survey that was brought; nothing is stored unless all of it is right."""
    form = ImportSurveyForm()
    faults: list[str] = []
    if form.validate():
        try:
            row = actions.create_from_document(
                session(),
                {**read_survey(_sent_text(form), get_catalogue(session())), "template": "json"},
                by=current_email(),
                name=form.name.data or "",
                language=form.language.data,
                k=form.k.data or 0,
                mode=Mode(form.mode.data),
            )
        except UnableToReadSurvey as refusal:
            form.text.errors = [*form.text.errors, say(refusal)]
            faults = [_words(each) for each in refusal.faults]
        except UnableToChangeSurvey as refusal:
            form.name.errors = [*form.name.errors, say(refusal)]
        else:
            flash(_("The draft is made. Look it through, then open it."), "success")
            return redirect(url_for("surveys.edit", slug=row.slug))
    return render_template("surveys/import.html", form=form, faults=faults), UNPROCESSABLE


def _sent_text(form: ImportSurveyForm) -> str:
    """What was pasted, else the file; shown in the form again should something be wrong."""
    sent = request.files.get("file")
    if not (form.text.data or "").strip() and sent is not None:
        form.text.data = sent.stream.read().decode("utf-8", "replace")
    return form.text.data or ""


def _words(fault: Fault) -> str:
    """Where and what: question and field by name."""
    where = [_("question %(number)s", number=fault.question)] if fault.question else []
    where += [fault.field] if fault.field else []
    said = fault_words(fault)
    return f"{', '.join(where)}: {said}" if where else said
