"""The editor's main page: order, add, copy, remove questions; the survey's own texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say as say_refusal
from feedback_app.foundation.rules import LANGUAGES, Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions
from feedback_app.surveys.actions import UnableToPublish
from feedback_app.surveys.queries import SurveyRow, VersionRow
from feedback_app.surveys.rules.advice import advise, estimate_minutes
from feedback_app.surveys.rules.checking import find_gaps
from feedback_app.surveys.rules.editing import (
    add_question,
    copy_question,
    list_codes,
    make_code,
    move_question,
    order_questions,
    remove_question,
)
from feedback_app.surveys.rules.question import say
from feedback_app.surveys.rules.shapes import Completeness, measure_completeness
from feedback_app.surveys.rules.typed import read_survey_texts
from feedback_app.surveys.templates import read_starter
from feedback_app.surveys.views.blueprint import (
    UNPROCESSABLE,
    blueprint,
    get_draft,
    get_row,
    make_card,
    refused,
    sent_form,
)
from feedback_app.surveys.views.wording import (
    KINDS,
    advice_words,
    condition_words,
    fault_words,
    field_words,
    kind_words,
)


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question as the editor lists it."""

    code: str
    kind: str
    text: str
    is_required: bool
    condition: str
    advice: tuple[str, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Everything the editor shows of a draft."""

    draft: VersionRow
    questions: tuple[QuestionCard, ...]
    advice: tuple[str, ...]
    gaps: tuple[str, ...]
    meters: tuple[Completeness, ...]
    minutes: float

    @property
    def is_ready(self) -> bool:
        """True when nothing keeps it from opening."""
        return not self.gaps and not any(each.gaps for each in self.questions)


@blueprint.get("/surveys/<slug>/edit")
def edit(slug: str) -> ResponseReturnValue:
    """The draft: its questions in order, what is missing, what deserves a second look."""
    row = get_row(slug)
    draft = get_draft(row)
    language = request.args.get("in", current_language())
    return render_template(
        "surveys/edit.html",
        card=make_card(row),
        page=_make_page(draft, get_catalogue(session()), language),
        kinds=KINDS,
        shown=language,
        offered=_offered(draft.document),
        moved=request.args.get("moved", ""),
    )


@blueprint.post("/surveys/<slug>/edit/begin")
def begin(slug: str) -> ResponseReturnValue:
    """A new version beside the one that respondents read."""
    try:
        actions.begin_version(session(), get_row(slug).id, by=current_email())
    except Unable as refusal:
        return refused(refusal, "surveys.show", slug=slug)
    return redirect(url_for("surveys.edit", slug=slug))


@blueprint.post("/surveys/<slug>/edit/discard")
def discard(slug: str) -> ResponseReturnValue:
    """Forget the draft version."""
    try:
        actions.discard_version(session(), get_row(slug).id, by=current_email())
    except Unable as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    flash(_("The draft version is gone; respondents read what they read before."), "success")
    return redirect(url_for("surveys.show", slug=slug))


@blueprint.post("/surveys/<slug>/edit/questions")
def add(slug: str) -> ResponseReturnValue:
    """A new question at the end, as its kind begins."""
    row = get_row(slug)
    draft = get_draft(row)
    try:
        question = read_starter(request.form.get("kind", ""))
        codes = list_codes(draft.document)
        question["code"] = make_code(question["code"], codes, otherwise="question")
        if question["kind"] == "prediction":
            question["of"] = _find_predictable(draft.document) or question["of"]
        _save(row, draft, add_question(draft.document, question))
    except Unable as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    return redirect(url_for("surveys.question", slug=slug, code=question["code"]))


@blueprint.post("/surveys/<slug>/edit/order")
def order(slug: str) -> ResponseReturnValue:
    """The questions in the order that was dragged, or one of them a step up or down."""
    row = get_row(slug)
    draft = get_draft(row)
    moved = request.form.get("move", "")
    act, _colon, code = moved.partition(":")
    try:
        if moved:
            document = move_question(draft.document, code, -1 if act == "up" else 1)
        else:
            document = order_questions(draft.document, request.form.get("order", "").split())
        _save(row, draft, document)
    except Unable as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    # No anchor: a browser that is sent to one does not give the pressed button the focus back.
    return redirect(url_for("surveys.edit", slug=slug, moved=moved or None))


@blueprint.post("/surveys/<slug>/edit/questions/<code>/copy")
def copy(slug: str, code: str) -> ResponseReturnValue:
    """A copy of the question after it."""
    row = get_row(slug)
    draft = get_draft(row)
    try:
        document, new = copy_question(draft.document, code)
        _save(row, draft, document)
    except Unable as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    return redirect(url_for("surveys.edit", slug=slug, _anchor=f"q-{new}"))


@blueprint.post("/surveys/<slug>/edit/questions/<code>/remove")
def remove(slug: str, code: str) -> ResponseReturnValue:
    """Take the question out."""
    row = get_row(slug)
    draft = get_draft(row)
    try:
        _save(row, draft, remove_question(draft.document, code))
    except Unable as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    flash(_("The question is taken out."), "success")
    return redirect(url_for("surveys.edit", slug=slug))


@blueprint.get("/surveys/<slug>/edit/texts")
def texts(slug: str) -> ResponseReturnValue:
    """The survey's own texts and the languages it is offered in."""
    row = get_row(slug)
    draft = get_draft(row)
    return _show_texts(row, draft.document, revision=draft.revision)


@blueprint.post("/surveys/<slug>/edit/texts")
def write_texts(slug: str) -> ResponseReturnValue:
    """Keep the survey's own texts."""
    row = get_row(slug)
    draft = get_draft(row)
    document = read_survey_texts(sent_form(), draft.document, list(LANGUAGES))
    revision = int(request.form.get("revision", draft.revision, type=int))
    try:
        actions.save_draft(session(), row.id, document, revision=revision, by=current_email())
    except UnableToPublish as refusal:
        problems = [f"{field_words(each.field)}: {fault_words(each)}" for each in refusal.faults]
        return _show_texts(row, document, revision=revision, problems=problems)
    except Unable as refusal:
        problems = [say_refusal(refusal)]
        return _show_texts(row, document, revision=revision, problems=problems)
    flash(_("Saved."), "success")
    return redirect(url_for("surveys.edit", slug=slug))


def _show_texts(
    row: SurveyRow, document: Mapping[str, Any], *, revision: int, problems: list[str] | None = None
) -> ResponseReturnValue:
    page = render_template(
        "surveys/texts.html",
        row=row,
        document=document,
        revision=revision,
        offered=_offered(document),
        problems=problems or [],
    )
    return page, UNPROCESSABLE if problems else 200


def _make_page(draft: VersionRow, catalogue: Catalogue, language: str) -> DraftPage:
    document = draft.document
    gaps = find_gaps(document, catalogue)
    advice = advise(document, language, catalogue)
    return DraftPage(
        draft=draft,
        questions=tuple(
            QuestionCard(
                code=each["code"],
                kind=kind_words(each["kind"]),
                text=say(each.get("text", {}), language),
                is_required=bool(each.get("required")),
                condition=condition_words(each, document, catalogue, language),
                advice=tuple(advice_words(it) for it in advice if it.question == each["code"]),
                gaps=tuple(
                    f"{field_words(it.field)}: {fault_words(it)}"
                    for it in gaps
                    if it.question == each["code"]
                ),
            )
            for each in document.get("question", ())
        ),
        advice=tuple(advice_words(it) for it in advice if not it.question),
        gaps=tuple(f"{field_words(it.field)}: {fault_words(it)}" for it in gaps if not it.question),
        meters=tuple(measure_completeness(document, each) for each in _offered(document)),
        minutes=estimate_minutes(document, language, catalogue),
    )


def _offered(document: Mapping[str, Any]) -> list[str]:
    """The languages the draft is offered in."""
    return list(document.get("languages") or document["title"])


def _find_predictable(document: Mapping[str, Any]) -> str:
    kinds = ("ranking", "causes")
    return next((q["code"] for q in document.get("question", ()) if q["kind"] in kinds), "")


def _save(row: SurveyRow, draft: VersionRow, document: Mapping[str, Any]) -> None:
    actions.save_draft(session(), row.id, document, revision=draft.revision, by=current_email())
