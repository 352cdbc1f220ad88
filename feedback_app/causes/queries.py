"""Reads of the catalogue. What they give is frozen and may be kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from feedback_app.causes.models import Cause as CauseRow
from feedback_app.causes.models import CauseChange, CauseNote, CauseText, CodebookVersion
from feedback_app.causes.rules import (
    Catalogue,
    Cause,
    Change,
    ChangeKind,
    Side,
    SideNames,
    UnableToFindCause,
    replay,
)
from feedback_app.foundation.rules import N_, Unable


class UnableToReadCatalogue(Unable):
    """The database holds no causes yet."""


@dataclass(frozen=True)
class Codebook:
    """One codebook number: when and by whom it was made (an email, or the product itself)."""

    number: int
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class CodebookChanges:
    """A codebook number with everything it changed, in the order it was done."""

    codebook: Codebook
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Starter:
    """The catalogue that a new installation begins with."""

    causes: tuple[Cause, ...]
    sides: Mapping[Side, SideNames]


LARGEST_NUMBER = 2**31 - 1  # that the databases compare

#: The last catalogue read through each engine. A codebook never changes, so what is kept under
#: its number and moment stays true for as long as the process lives.
_kept: WeakKeyDictionary[Engine, tuple[Codebook, Catalogue]] = WeakKeyDictionary()


def get_catalogue(session: Session, *, newest: Codebook | None = None) -> Catalogue:
    """The catalogue as it is now: one small query, and one more after a change.

    Whoever read the `newest` codebook already gives it and saves the small query.
    Raises UnableToReadCatalogue when no causes are loaded.
    """
    codebook = newest or find_codebook(session)
    if codebook is None:
        raise UnableToReadCatalogue("The catalogue of causes is empty: run `feedback init`.")
    engine = session.get_bind().engine
    kept = _kept.get(engine)
    if kept is not None and kept[0] == codebook:
        return kept[1]
    catalogue = read_catalogue(session)
    if catalogue.codebook == codebook.number:
        _kept[engine] = (codebook, catalogue)
    return catalogue


def read_catalogue(session: Session) -> Catalogue:
    """The catalogue read anew in one query, so that number and causes belong together.

    An empty database gives an empty catalogue with the number 0.
    """
    number = select(func.max(CodebookVersion.number)).scalar_subquery()
    found = session.execute(
        select(
            *CauseRow.__table__.columns,
            CauseText.language,
            CauseText.label,
            CauseText.explanation,
            number.label("codebook"),
        )
        .outerjoin(CauseText, CauseText.cause_code == CauseRow.code)
        .order_by(CauseRow.code, CauseText.language)
    ).all()
    causes = tuple(_make_cause(list(rows)) for _code, rows in groupby(found, lambda it: it.code))
    return Catalogue(causes, found[0].codebook if found else 0, get_starter().sides)


def find_codebook(session: Session) -> Codebook | None:
    """The newest codebook, None before the causes are loaded."""
    found = session.execute(
        select(CodebookVersion.number, CodebookVersion.made_at, CodebookVersion.made_by)
        .order_by(CodebookVersion.number.desc())
        .limit(1)
    ).first()
    return None if found is None else Codebook(*found)


def find_codebook_number(session: Session) -> int | None:
    """The newest codebook's number, None before the causes are loaded."""
    return session.scalar(select(func.max(CodebookVersion.number)))


def get_catalogue_at(session: Session, number: int) -> Catalogue:
    """The catalogue as it was at codebook `number`; raises UnableToFindCause.

    Labels, order, merges and all else are as they were then.
    """
    if not 1 <= number <= (find_codebook_number(session) or 0):
        raise UnableToFindCause(
            N_("There is no codebook with the number %(number)s."), number=number
        )
    rows = session.execute(_changes().where(CauseChange.codebook <= number)).all()
    causes = replay(_make_change(row) for row in rows)
    return Catalogue(causes, number, get_starter().sides)


def list_changes(
    session: Session, *, before: int | None = None, most: int = 50
) -> tuple[CodebookChanges, ...]:
    """The history, newest codebook first: at most `most` of those with a number under `before`."""
    numbers = select(CodebookVersion.number).order_by(CodebookVersion.number.desc()).limit(most)
    if before is not None:
        numbers = numbers.where(CodebookVersion.number < min(before, LARGEST_NUMBER))
    wanted = session.scalars(numbers).all()
    if not wanted:
        return ()
    rows = session.execute(
        _changes().where(CauseChange.codebook.between(wanted[-1], wanted[0]))
    ).all()
    history = [
        CodebookChanges(codebook, tuple(_make_change(row) for row in changes))
        for codebook, changes in groupby(
            rows, lambda it: Codebook(it.number, it.made_at, it.made_by)
        )
    ]
    return tuple(reversed(history))


def list_notes(session: Session) -> dict[str, tuple[str, ...]]:
    """code -> what was noted on how the cause is read, oldest first."""
    rows = session.execute(
        select(CauseNote.cause_code, CauseNote.note).order_by(CauseNote.cause_code, CauseNote.id)
    )
    return {
        code: tuple(row.note for row in notes)
        for code, notes in groupby(rows, lambda it: str(it.cause_code))
    }


@cache
def get_starter() -> Starter:
    """What catalogue.toml says, read once."""
    text = resources.files("feedback_app.causes").joinpath("catalogue.toml").read_text("utf-8")
    data = tomllib.loads(text)
    causes = (
        Cause(
            code=entry["code"],
            side=Side(entry["side"]),
            position=entry["position"],
            is_tickable=entry["tickable"],
            labels=entry["label"],
            explanations=entry["explanation"],
        )
        for entry in data["cause"]
    )
    sides = {Side(side): SideNames(it["name"], it["short"]) for side, it in data["sides"].items()}
    return Starter(tuple(causes), sides)


def _changes() -> Any:
    return (
        select(
            CodebookVersion.number,
            CodebookVersion.made_at,
            CodebookVersion.made_by,
            CauseChange.cause_code,
            CauseChange.kind,
            CauseChange.before,
            CauseChange.after,
        )
        .join(CauseChange, CauseChange.codebook == CodebookVersion.number)
        .order_by(CodebookVersion.number, CauseChange.id)
    )


def _make_change(row: Any) -> Change:
    return Change(row.cause_code, ChangeKind(row.kind), row.before, row.after)


def _make_cause(rows: list[Any]) -> Cause:
    first = rows[0]
    return Cause(
        code=first.code,
        side=Side(first.side),
        position=first.position,
        is_tickable=first.is_tickable,
        is_retired=first.is_retired,
        merged_into=first.merged_into,
        labels={it.language: it.label for it in rows if it.language is not None},
        explanations={it.language: it.explanation for it in rows if it.explanation},
        is_own=first.is_own,
    )
