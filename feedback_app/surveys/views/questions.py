"""One question of a draft: every text in every language, its list, when it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say as say_refusal
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions, queries
from feedback_app.surveys.actions import UnableToPublish
from feedback_app.surveys.queries import SurveyRow, VersionRow
from feedback_app.surveys.rules.advice import advise
from feedback_app.surveys.rules.checking import Fault
from feedback_app.surveys.rules.editing import find_question, list_codes, put_question
from feedback_app.surveys.rules.question import say
from feedback_app.surveys.rules.shapes import SHAPES
from feedback_app.surveys.rules.typed import change_items, give_codes, read_question
from feedback_app.surveys.views.blueprint import (
    UNPROCESSABLE,
    blueprint,
    get_draft,
    get_row,
    sent_form,
)
from feedback_app.surveys.views.wording import (
    KINDS,
    advice_words,
    fault_words,
    field_words,
    kind_words,
)

FIXED_SCALES = ("nps", "csat", "ces")


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a condition can wait for."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Condition:
    """An earlier question that others can depend on, and its answers (or its two ends)."""

    code: str
    words: str
    choices: tuple[Choice, ...]
    has_sides: bool
    ends: tuple[int, int] | None


@blueprint.get("/surveys/<slug>/edit/questions/<code>")
def question(slug: str, code: str) -> ResponseReturnValue:
    """The question as it is stored."""
    row = get_row(slug)
    draft = get_draft(row)
    return _show(row, draft, code, _get(draft, code), revision=draft.revision)


@blueprint.post("/surveys/<slug>/edit/questions/<code>")
def write_question(slug: str, code: str) -> ResponseReturnValue:
    """Keep the question, or change its list first."""
    row = get_row(slug)
    draft = get_draft(row)
    languages = _languages(draft)
    typed, faults = read_question(sent_form(), _get(draft, code), languages)
    revision = request.form.get("revision", draft.revision, type=int)
    step = request.form.get("step", "save")
    changed = change_items(typed, step)
    if changed is not None:
        return _show(row, draft, code, changed, revision=revision, step=step)
    coded = give_codes(typed, languages)
    if not faults:
        try:
            document = put_question(draft.document, code, coded)
            actions.save_draft(session(), row.id, document, revision=revision, by=current_email())
        except UnableToPublish as refusal:
            faults = list(refusal.faults)
        except Unable as refusal:
            problem = say_refusal(refusal)
            return _show(row, draft, code, typed, revision=revision, problem=problem)
        else:
            flash(_("Saved."), "success")
            anchor = f"q-{coded['code']}"
            return redirect(url_for("surveys.edit", slug=slug, _anchor=anchor))
    return _show(row, draft, code, typed, revision=revision, faults=faults)


def _show(
    row: SurveyRow,
    draft: VersionRow,
    code: str,
    shown: Mapping[str, Any],
    *,
    revision: int,
    faults: Sequence[Fault] = (),
    problem: str = "",
    step: str = "",
) -> ResponseReturnValue:
    catalogue, language = get_catalogue(session()), current_language()
    own, others = _sort_faults(faults, str(shown["code"]))
    published = queries.find_published(session(), row.id)
    page = render_template(
        "surveys/question.html",
        row=row,
        code=code,
        question=shown,
        shape=SHAPES[shown["kind"]],
        kind=kind_words(shown["kind"]),
        kind_hint=KINDS[shown["kind"]][1],
        offered=_languages(draft),
        revision=revision,
        problems=own,
        others=[*([problem] if problem else []), *others],
        advice=_advice(draft, shown, language, catalogue),
        conditions=_list_conditions(draft.document, code, catalogue, language),
        predictable=[each for each in _earlier(draft.document, code) if _has_causes(each)],
        is_code_fixed=published is not None and code in list_codes(published.document),
        field_words=field_words,
        step=step,
    )
    return page, UNPROCESSABLE if faults or problem else 200


def _sort_faults(faults: Sequence[Fault], code: str) -> tuple[dict[str, list[str]], list[str]]:
    """Faults by field of this question, and those of other questions in a line each."""
    own: dict[str, list[str]] = {}
    others = []
    for fault in faults:
        if fault.question == code:
            own.setdefault(fault.field, []).append(fault_words(fault))
        else:
            others.append(f"{fault.question}: {fault_words(fault)}")
    return own, others


def _advice(
    draft: VersionRow, shown: Mapping[str, Any], language: str, catalogue: Catalogue
) -> list[str]:
    try:
        found = advise({**draft.document, "question": [shown]}, language, catalogue)
    except (TypeError, ValueError):  # something typed is no number yet: told beside it
        return []
    return [advice_words(each) for each in found if each.question]


def _list_conditions(
    document: Mapping[str, Any], code: str, catalogue: Catalogue, language: str
) -> list[Condition]:
    found = []
    for each in _earlier(document, code):
        words = say(each.get("text", {}), language) or each["code"]
        choices: tuple[Choice, ...] = ()
        ends = SHAPES[each["kind"]].ends
        if _has_causes(each):
            labels = catalogue.tickable()
            choices = tuple(Choice(it.code, it.label(language)) for it in labels)
        elif each.get("option"):
            choices = tuple(
                Choice(it["code"], say(it.get("text", {}), language) or it["code"])
                for it in each["option"]
            )
        elif each["kind"] == "scale":
            ends = (each.get("min", 0), each.get("max", 10))
        if choices or ends:
            found.append(Condition(each["code"], words, choices, _has_causes(each), ends))
    return found


def _earlier(document: Mapping[str, Any], code: str) -> list[Mapping[str, Any]]:
    questions = list(document.get("question", ()))
    return questions[: list_codes(document).index(code)]


def _has_causes(question: Mapping[str, Any]) -> bool:
    return SHAPES[question["kind"]].has_headings


def _languages(draft: VersionRow) -> list[str]:
    return list(draft.document.get("languages") or draft.document["title"])


def _get(draft: VersionRow, code: str) -> Mapping[str, Any]:
    found = find_question(draft.document, code)
    if found is None:
        abort(404)
    return found
