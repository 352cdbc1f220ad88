"""A statement as a page shows it: text in pieces, suggestions, the causes to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from feedback_app.causes.rules import Catalogue, Cause, Side
from feedback_app.foundation.i18n import current_language
from feedback_app.tagging.queries import StatementRow
from feedback_app.tagging.quick import list_search_words
from feedback_app.tagging.rules import NONE, SKIP, Tag, is_readable, session_of
from feedback_app.tagging.rules.evidence import Piece, cut

MOST_SUGGESTED = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A cause to choose: `search` holds its words in every language, in small letters."""

    code: str
    label: str
    side: str
    side_words: str
    explanation: str
    search: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One statement to read. `suggested` is empty where the reader shall decide alone."""

    id: UUID
    pieces: tuple[Piece, ...]
    is_blind: bool
    is_audit: bool
    is_card: bool
    confidence: float
    suggested: tuple[Choice, ...]
    confirmed: Tag


def make_sheet(row: StatementRow, catalogue: Catalogue, *, is_blind: bool) -> Sheet:
    """A statement with its suggestions, causes of today's catalogue alone."""
    codes = () if is_blind else _suggested_codes(row, catalogue)
    return Sheet(
        id=row.id,
        pieces=cut(row.text, () if is_blind else row.suggested.evidence),
        is_blind=is_blind,
        is_audit=row.is_audit,
        is_card=bool(session_of(row.question)),
        confidence=row.suggested.confidence,
        suggested=tuple(make_choice(catalogue, catalogue.get(code)) for code in codes),
        confirmed=row.confirmed,
    )


def _suggested_codes(row: StatementRow, catalogue: Catalogue) -> tuple[str, ...]:
    said = [row.suggested.primary, *row.suggested.others]
    current = dict.fromkeys(catalogue.current(code) for code in said if is_readable(code))
    standing = [code for code in current if (it := catalogue.find(code)) and not it.is_retired]
    return tuple(standing[:MOST_SUGGESTED])


def make_choice(catalogue: Catalogue, cause: Cause) -> Choice:
    """One cause to choose."""
    language = current_language()
    told = list_search_words().get(cause.code, ())
    words = (*cause.labels.values(), *cause.explanations.values(), cause.code, *told)
    return Choice(
        cause.code,
        cause.label(language),
        cause.side.value,
        catalogue.side_short(cause.side, language),
        cause.explanation(language),
        " ".join(words).casefold(),
    )


def list_choices(catalogue: Catalogue) -> list[tuple[str, list[Choice]]]:
    """Every cause in use, side by side: (the side's name, its causes)."""
    language = current_language()
    return [
        (
            catalogue.side_name(side, language),
            [make_choice(catalogue, cause) for cause in catalogue.standing(side)],
        )
        for side in Side
    ]


def tag_words(catalogue: Catalogue, tag: Tag) -> str:
    """A tag in the reader's language."""
    return " + ".join(_words(catalogue, (tag.primary, *tag.others)))


def _words(catalogue: Catalogue, codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        if code == NONE:
            yield str(_("no reason"))
        elif code == SKIP:
            yield str(_("put aside"))
        else:
            yield catalogue.label(catalogue.current(code), current_language())
