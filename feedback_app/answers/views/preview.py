"""A draft as respondents would see it, for the staff who write it. Nothing is taken here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from feedback_app.answers.views.place import Place, offered_competitors
from feedback_app.answers.views.respond import make_sheet
from feedback_app.causes.queries import get_catalogue
from feedback_app.foundation.i18n import LANGUAGES, current_language, use_language
from feedback_app.foundation.pages import RESPONDENT_CSP, csp_nonce
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys import queries
from feedback_app.surveys.rules import Channel, SurveyDefinition
from feedback_app.surveys.rules.editing import find_question, put_question
from feedback_app.surveys.rules.typed import change_items, give_codes, read_question

blueprint = Blueprint("preview", __name__, url_prefix="/staff")


@blueprint.get("/surveys/<slug>/preview")
def page(slug: str) -> ResponseReturnValue:
    """The draft as it is stored; what respondents read where nothing is being written."""
    row, document = _find(slug)
    return _render(row, document, only=request.args.get("only", ""))


@blueprint.post("/surveys/<slug>/preview")
def typed(slug: str) -> ResponseReturnValue:
    """The draft with one question as it stands in its form, saved or not."""
    row, document = _find(slug)
    code = request.form.get("preview_of", "")
    kept = find_question(document, code)
    if kept is None:
        abort(404)
    languages = list(document.get("languages") or document["title"])
    question, faults = read_question(dict(request.form.lists()), kept, languages)
    question = change_items(question, request.form.get("step", "")) or question
    if faults:
        return _render(row, document, only=code)
    whole = put_question(document, code, give_codes(question, languages))
    return _render(row, whole, only=str(question["code"]))


def _find(slug: str) -> tuple[queries.SurveyRow, Mapping[str, Any]]:
    row = queries.find_survey(session(), slug)
    versions = [] if row is None else queries.list_versions(session(), row.id)
    if row is None or not versions:
        abort(404)
    return row, versions[0].document


def _render(row: queries.SurveyRow, document: Mapping[str, Any], *, only: str = "") -> Response:
    try:
        definition = SurveyDefinition.from_document(document)
    except Unable:  # half typed: what was saved is shown
        definition = SurveyDefinition.from_document({**document, "question": []})
    language = request.args.get("lang") or current_language()
    if language not in definition.languages:
        language = row.language
    use_language(language)
    place = Place(
        survey=row,
        version_id=UUID(int=0),
        definition=definition,
        catalogue=get_catalogue(session()),
        language=language,
        base="",
        channel=Channel.LINK,
    )
    names = {code: LANGUAGES.get(code, code) for code in definition.languages}
    text = render_template(
        "respondent/page.html",
        **{**place.context(), "language_links": names},
        sheet=make_sheet(place, competitors=offered_competitors(place)),
        token="",
        is_preview=True,
        only=only if definition.find(only) else "",
    )
    policy = RESPONDENT_CSP.format(nonce=csp_nonce(), framers="'self'")
    return Response(text, headers={"Content-Security-Policy": policy})
