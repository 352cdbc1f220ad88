"""Files of statements: CSV with a header, UTF-8."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from feedback_app.foundation.rules import Unable
from feedback_app.tagging.suggesting.examples import Example
from feedback_app.tagging.suggesting.suggestion import NONE, SIDES
from feedback_app.tagging.suggesting.text import LONGEST_STATEMENT, find_language, read_words

LARGEST_FILE = 512 << 20  # bytes
#: A cause of the catalogue or of the company's own, or `none`.
CODE = re.compile(rf"{NONE}|(?:{'|'.join(SIDES)})\.[a-z0-9_]+")


class UnableToReadStatements(Unable):
    """The file is no CSV of statements; the message names the line or the column."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement with its confirmed causes, and its language."""

    language: str
    example: Example


def read_table(file: Path, column: str) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows of `file`, each row a mapping of column to cell.

    Raises UnableToReadStatements when the column is missing, a row has more cells than the
    header, or a statement is too long to be one.
    """
    if file.stat().st_size > LARGEST_FILE:
        raise UnableToReadStatements(
            f"{file.name} is larger than {LARGEST_FILE >> 20} MB: split it."
        )
    csv.field_size_limit(LARGEST_FILE)
    try:
        text = file.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = list(reader.fieldnames or ())
        if column not in header:
            raise UnableToReadStatements(
                f"{file.name} has no column {column!r}; it has: {', '.join(header) or 'none'}."
            )
        rows = []
        for row in reader:
            if None in row:
                raise UnableToReadStatements(
                    f"{file.name}, line {reader.line_num}: more cells than the header has."
                )
            cells = {name: row[name] or "" for name in header}
            if len(cells[column]) > LONGEST_STATEMENT:
                raise UnableToReadStatements(
                    f"{file.name}, line {reader.line_num}: a text of {len(cells[column]):,} "
                    f"characters is no statement (at most {LONGEST_STATEMENT:,})."
                )
            rows.append(cells)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnableToReadStatements(f"{file.name} is no CSV in UTF-8: {error}.") from error
    return header, rows


def read_examples(file: Path) -> list[Labelled]:
    """Statements with confirmed causes: columns text and primary; lang and others if there are.

    Raises UnableToReadStatements when a column is missing or a cause is no code.
    """
    header, rows = read_table(file, "text")
    if "primary" not in header:
        raise UnableToReadStatements(f"{file.name} has no column 'primary'.")
    labelled = []
    for number, row in enumerate(rows, start=2):
        primary = row["primary"].strip()
        others = tuple(code.strip() for code in row.get("others", "").split(";") if code.strip())
        unknown = next((code for code in (primary, *others) if not CODE.fullmatch(code)), None)
        if unknown is not None:
            raise UnableToReadStatements(
                f"{file.name}, statement {number - 1}: {unknown!r} is no code of a cause."
            )
        language = row.get("lang", "").strip() or find_language(read_words(row["text"]))
        labelled.append(Labelled(language, Example(row["text"], primary, others)))
    if not labelled:
        raise UnableToReadStatements(f"{file.name} holds no statements.")
    return labelled
