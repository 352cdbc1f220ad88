"""Exports of another tool's exit survey, made up, in the shape such tools write."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from feedback_app.causes.queries import get_starter
from feedback_app.causes.rules import Catalogue

HEADER = ("customer", "created_at", "survey_type", "reason", "details")

#: Two of customer 2: an answer, and another one a year later.
ROWS: tuple[tuple[str, ...], ...] = (
    ("1", "2024-03-01 10:00:00", "exit", "Too expensive", "It cost twice as much as before"),
    ("2", "2024-03-02 11:30:00", "exit", "I don't need it anymore", ""),
    ("2", "2025-03-05 09:15:00", "downgrade", "I’m switching to something else", "Two\nlines"),
    ("3", "2024-04-01 00:00:00", "exit", "Other", "Дорого и медленно"),
    ("4", "2024-04-02 12:00:00", "exit", "", ""),
)

MAP = """
[columns]
id = "customer"
date = "created_at"
reason = ["reason"]
text = ["details"]
channel = "survey_type"
segment.plan = "survey_type"
[reasons]
"Too expensive" = "company.price"
"I don't need it anymore" = "client.need_gone"
"I'm switching to something else" = "competitor.unspecified"
"Other" = "none"
"" = "skip"
"""


def starter_catalogue() -> Catalogue:
    """The catalogue of a new installation."""
    starter = get_starter()
    return Catalogue(starter.causes, 1, starter.sides)


def csv_bytes(
    rows: Sequence[Sequence[str]] = ROWS,
    *,
    header: Sequence[str] = HEADER,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([header, *rows])
    return text.getvalue().encode(encoding)


def write_csv(path: Path, rows: Sequence[Sequence[str]] = ROWS, **how: str) -> Path:
    """A CSV file at `path`; `how` as csv_bytes takes it."""
    path.write_bytes(csv_bytes(rows, **how))
    return path


def write_workbook(
    path: Path,
    rows: Sequence[Sequence[object]] = ROWS,
    *,
    header: Sequence[str] = HEADER,
    sheets: Sequence[str] = ("Answers",),
) -> Path:
    """A workbook at `path`; every sheet but the first is empty."""
    book = openpyxl.Workbook()
    for sheet in sheets:
        book.create_sheet(sheet)
    del book["Sheet"]
    for row in (header, *rows):
        book[sheets[0]].append(list(row))
    book.save(path)
    return path


def write_map(path: Path, text: str = MAP) -> Path:
    """A map at `path`."""
    path.write_text(text, encoding="utf-8")
    return path
