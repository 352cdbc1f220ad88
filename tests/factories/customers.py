"""Lists of customers, made up, in the shapes that CRMs and spreadsheets write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from feedback_app.customers import actions
from feedback_app.customers.actions import Tally
from feedback_app.customers.rules import Reading
from tests.factories.exports import csv_bytes

LIST_HEADER = (
    *("Customer ID", "Full name", "E-mail", "Phone", "Language", "Cancelled at"),
    *("Account manager", "Plan", "Region", "MRR", "Industry"),
)
LIST_ROWS: tuple[tuple[str, ...], ...] = (
    (
        *("C-1", "Олена Коваль", "Olena@Example.com", "+380 50 111 22 33", "uk-UA", "2026-03-05"),
        *("Павло", "Pro", "Kyiv", "1 200,50", "retail"),
    ),
    (
        *("C-2", "John Smith", "john@example.org", "", "english", ""),
        *("Mary", "Basic", "Lviv", "$99", "it"),
    ),
    (
        *("C-3", "Мария Петрова", "", "8 (495) 111-22-33 доб. 4", "рус", "31.12.2025"),
        *("Павло", "Pro", "", "", ""),
    ),
)


def write_list(
    path: Path,
    rows: Sequence[Sequence[str]] = LIST_ROWS,
    *,
    header: Sequence[str] = LIST_HEADER,
    **how: str,
) -> Path:
    """A CSV file at `path`; `how` as tests.factories.exports.csv_bytes takes it."""
    path.write_bytes(csv_bytes(rows, header=header, **how))
    return path


def reading(reference: str, *, attributes: dict[str, str] | None = None, **values: Any) -> Reading:
    """What a row says of a customer who is current unless said otherwise."""
    return Reading(reference, {"status": "current", **values}, attributes or {})


def add_customers(session: Session, *readings: Reading) -> Tally:
    """Store customers as a list would."""
    tally = Tally()
    actions.store(session, readings, tally)
    return tally
