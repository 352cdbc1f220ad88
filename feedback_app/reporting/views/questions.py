"""Pages of all answers of a survey, question by question, and of texts of one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from feedback_app.foundation.i18n import current_language
from feedback_app.reporting.question_shelf import OpenedQuestions
from feedback_app.reporting.rules.kinds import kind_of
from feedback_app.reporting.rules.question_tables import question_csv
from feedback_app.reporting.rules.questions import BESIDE, told_elsewhere
from feedback_app.reporting.rules.selection import Selection
from feedback_app.reporting.views.blueprint import (
    NOT_FOUND,
    blueprint,
    question_shelf,
    selection,
)
from feedback_app.reporting.views.downloads import BYTE_ORDER_MARK, download
from feedback_app.reporting.views.filters import filter_form
from feedback_app.reporting.views.pages import report_link
from feedback_app.reporting.views.question_words import QuestionWords
from feedback_app.surveys.rules import Question

LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Section:
    """One question on the page: what is told of it, or where it is told."""

    code: str
    question: str
    is_elsewhere: bool
    table: Mapping[str, Any] | None
    measures: Sequence[Mapping[str, Any]]
    texts: Sequence[Mapping[str, Any]]


@blueprint.get("/<slug>/answers")
def questions(slug: str) -> str:
    """All answers: each question with what was answered to it."""
    found = _get(slug)
    words = QuestionWords(found, current_language())
    link = report_link(kind_of(found.questions), slug)
    return render_template(
        "reporting/questions.html",
        found=found,
        report=found.report,
        told=found.document,
        words=words,
        sections=_list_sections(found, words),
        form=filter_form(found.report)[1:],  # a side of causes is no filter here
        report_link=link,
    )


@blueprint.get("/<slug>/answers.csv")
def questions_csv(slug: str) -> Response:
    """Every number of the page as one CSV table, UTF-8 with a byte order mark."""
    found = _get(slug)
    if found.document is None:
        abort(NOT_FOUND)
    words = QuestionWords(found, current_language())
    about = {"survey": found.report.survey.name, **dict(found.document["selection"])}
    if found.report.survey.is_demo:
        about["demo"] = _("Demo data")
    text = BYTE_ORDER_MARK + question_csv(found.document, words.code_words, about)
    return download(text, "text/csv", f"{slug}-answers.csv")


@blueprint.get("/<slug>/answers/texts")
def question_texts(slug: str) -> str:
    """What respondents wrote to one question."""
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    code = request.args.get("question", "")
    found = question_shelf().find_texts(slug, code, page=number - 1)
    if found is None or found.report.questions is None:
        abort(NOT_FOUND)
    opened = OpenedQuestions(found.report, found.report.questions, None, "")
    return render_template(
        "reporting/question-texts.html",
        found=found,
        report=found.report,
        code=code,
        words=QuestionWords(opened, current_language()),
        page=number,
    )


def _get(slug: str) -> OpenedQuestions:
    asked = selection()
    found = question_shelf().find(slug, Selection("", asked.since, asked.until, asked.values))
    if found is None:
        abort(NOT_FOUND)
    return found


def _list_sections(found: OpenedQuestions, words: QuestionWords) -> list[Section]:
    told = found.document
    if told is None or told["withheld"]:
        return []
    return [
        _section(question, told, words)
        for question in found.questions.questions
        if question.is_answerable
    ]


def _section(question: Question, told: Mapping[str, Any], words: QuestionWords) -> Section:
    is_elsewhere = told_elsewhere(question)
    tables = {row["code"]: row for row in told["choices"]}
    texts = [tables.get(question.code), tables.get(f"{question.code}{BESIDE}")]
    table = tables.get(question.code)
    return Section(
        question.code,
        words.question(question.code),
        is_elsewhere,
        table if table is not None and table["kind"] != "texts" else None,
        ()
        if is_elsewhere
        else [
            row
            for row in told["measures"]
            if row["code"].partition("@")[0].partition(".")[0] == question.code
        ],
        [row for row in texts if row is not None and row["kind"] == "texts"],
    )
