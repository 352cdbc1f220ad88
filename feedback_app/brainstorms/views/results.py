"""What a session came to: downloads, proposals for the catalogue, habits over sessions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from flask_babel import gettext as _

from feedback_app.brainstorms import documents, queries
from feedback_app.brainstorms.actions import accepting
from feedback_app.brainstorms.queries import BrainstormRow
from feedback_app.brainstorms.rules.over_sessions import FEWEST_SESSIONS, find_habits
from feedback_app.brainstorms.rules.phases import in_language
from feedback_app.brainstorms.rules.result import csv_of, result_document, rows_of
from feedback_app.brainstorms.views.blueprint import NOT_FOUND, desk
from feedback_app.brainstorms.views.facilitating import get_session
from feedback_app.brainstorms.views.scene import find_board
from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Side, Texts
from feedback_app.foundation.i18n import LANGUAGES, current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session, start_over
from feedback_app.staff.views import current_email

BYTE_ORDER_MARK = "\ufeff"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cause that a session's group proposes."""

    code: str
    title: str
    unit: str
    label: str
    side: str
    votes: int | None
    cards: tuple[str, ...]


@desk.get("/<code>/result.csv")
def result_csv(code: str) -> Response:
    """The ranking as a table, UTF-8 with a byte order mark, without live formulas."""
    row = get_session(code)
    return _download(row, BYTE_ORDER_MARK + csv_of(rows_of(_document(row), _label)), "text/csv")


@desk.get("/<code>/result.xlsx")
def result_xlsx(code: str) -> Response:
    """The same as a workbook."""
    row = get_session(code)
    book = documents.xlsx_of(rows_of(_document(row), _label), title=row.title)
    return _download(row, book, WORKBOOK, "xlsx")


@desk.get("/<code>/result.json")
def result_json(code: str) -> Response:
    """Everything, for programmes."""
    row = get_session(code)
    text = json.dumps(_document(row), ensure_ascii=False, indent=2)
    return _download(row, text, "application/json")


@desk.get("/<code>/result.pdf")
def result_pdf(code: str) -> Response:
    """The result on paper."""
    row = get_session(code)
    document = _document(row)
    return _download(
        row, documents.pdf_of(document, _words(row, document), _label), "application/pdf"
    )


@desk.get("/habits")
def habits() -> ResponseReturnValue:
    """What sessions name again and again, and customers do not."""
    found = find_habits(queries.list_results(session()))
    return render_template(
        "brainstorms/habits.html", habits=found, label=_label, fewest=FEWEST_SESSIONS
    )


@desk.get("/proposals")
def proposals() -> ResponseReturnValue:
    """Causes that sessions propose, for a researcher to accept."""
    return render_template(
        "brainstorms/proposals.html",
        proposals=list_proposals(session()),
        side_name=lambda side: get_catalogue(session()).side_name(Side(side), current_language()),
    )


@desk.post("/<code>/accept")
def accept(code: str) -> ResponseReturnValue:
    """Make a proposal a cause of the company's own."""
    row = get_session(code)
    unit = request.form.get("unit", "")
    texts = Texts({language: request.form.get(f"label_{language}", "") for language in LANGUAGES})
    try:
        made = accepting.accept(
            session(), row.id, unit=str(UUID(unit)), texts=texts, by=current_email()
        )
    except ValueError:
        abort(NOT_FOUND)
    except Unable as refusal:
        start_over()
        flash(say(refusal), "danger")
    else:
        flash(
            _("Added with the code %(code)s. Respondents are not offered it yet.", code=made),
            "success",
        )
    return redirect(url_for("desk.proposals"))


def list_proposals(reading: Any) -> list[Proposal]:
    """Every group of an ended session that proposes a cause and was not accepted."""
    found: list[Proposal] = []
    for row in queries.list_brainstorms(reading):
        result = queries.find_result(reading, row.id) if row.is_over else None
        found += [
            _proposal(row, group)
            for group in (result or {}).get("groups", ())
            if group["proposed_cause"] and group["side"] and not group["accepted"]
        ]
    return found


def _proposal(row: BrainstormRow, group: Mapping[str, Any]) -> Proposal:
    return Proposal(
        code=row.code,
        title=row.title,
        unit=group["id"],
        label=group["proposed_cause"],
        side=group["side"],
        votes=group["votes"],
        cards=tuple(group["cards"]),
    )


def _document(row: BrainstormRow) -> dict[str, Any]:
    kept = queries.find_result(session(), row.id) if row.is_over else None
    return kept or result_document(find_board(row), title=row.title, question=row.question)


def _label(code: str) -> str:
    return get_catalogue(session()).label(code, current_language())


def _words(row: BrainstormRow, document: Mapping[str, Any]) -> dict[str, str]:
    estimate = document["unsaid"]["estimate"]
    unsaid = ""
    if estimate:
        unsaid = _(
            "%(people)s people named %(seen)s different reasons in silence. Probably there are "
            "about %(estimate)s (from %(low)s to %(high)s).",
            people=estimate["people"],
            seen=estimate["seen"],
            estimate=round(estimate["estimate"]),
            low=round(estimate["low"]),
            high=round(estimate["high"]),
        )
    customers = document["customers"] or {}
    largest = max((line["share"] or 0 for line in document["causes"]), default=0)
    return {
        "language": current_language(),
        "question": in_language(row.question, current_language()),
        "about": _("People who voted: %(count)s", count=document["people_voting"]),
        "compared": _("Beside “%(survey)s”", survey=customers.get("survey", "")),
        "apart": _(
            "Customers' shares are of %(count)s respondents; no group of fewer than %(least)s is "
            "shown. The largest share is %(largest)s.",
            count=customers.get("respondents", 0),
            least=customers.get("smallest", 0),
            largest=format_percent(largest),
        ),
        "unsaid_heading": _("How much is still unsaid"),
        "unsaid": unsaid,
        "cause": _("Cause"),
        "ours": _("Session"),
        "theirs": _("Customers"),
        "share": _("Share"),
        "votes": _("votes"),
        "why": _("Why?"),
        "idea": _("Idea"),
        "owner": _("Who does it"),
        "due": _("Until"),
        "measure": _("How we shall know"),
    }


def _download(
    row: BrainstormRow, body: str | bytes, mimetype: str, ending: str | None = None
) -> Response:
    response = Response(body, mimetype=mimetype)
    name = f"session-{row.code}.{ending or mimetype.rpartition('/')[2]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
