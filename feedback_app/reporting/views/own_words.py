"""Pages of what people wrote: ranked with it, corrected by the audit, quoted."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from feedback_app.causes.rules import Catalogue, Side
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.rules import Permission
from feedback_app.reporting.rules.own_words import CHOSEN, CONFIRMED, STATES
from feedback_app.reporting.rules.words_tables import csv_of_words, words_document
from feedback_app.reporting.views.blueprint import NOT_FOUND, blueprint
from feedback_app.reporting.views.downloads import BYTE_ORDER_MARK, download
from feedback_app.reporting.views.filters import period_words
from feedback_app.reporting.views.numbers import interval_words, share_words
from feedback_app.reporting.words_shelf import OpenedWords, WordsShelf
from feedback_app.staff import security

LAST_PAGE = 10_000
MOST_THEMES = 8


@blueprint.get("/<slug>/words")
def own_words(slug: str) -> ResponseReturnValue:
    """What people wrote, told in the state of the switch that the address names."""
    found = _get_words(slug)
    return render_template(
        "reporting/own-words.html",
        found=found,
        themes=found.themes[:MOST_THEMES],
        told=found.told,
        states=_state_words(),
        words=WordsOfWords(found.catalogue),
        may_propose=Permission.TAG_ANSWERS in (security.granted() or frozenset()),
    )


@blueprint.get("/<slug>/words.csv")
def own_words_csv(slug: str) -> Response:
    """Every number of the page as one CSV table, UTF-8 with a byte order mark."""
    found = _get_words(slug)
    words = WordsOfWords(found.catalogue)
    about = {"survey": found.survey.name, "count": dict(_state_words())[found.state]}
    if found.survey.is_demo:
        about["demo"] = _("Demo data")
    text = BYTE_ORDER_MARK + csv_of_words(_document(found), words.label, about)
    return download(text, "text/csv", f"{slug}-words.csv")


@blueprint.get("/<slug>/words.json")
def own_words_json(slug: str) -> Response:
    """What the page shows, as one document."""
    document = {"survey": slug, **_document(_get_words(slug))}
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return download(text, "application/json", f"{slug}-words.json")


def _document(found: OpenedWords) -> dict[str, Any]:
    themes = [
        {
            "words": list(theme.words),
            "texts": theme.statements,
            "quotes": [text for _id, text in theme.quotes],
        }
        for theme in found.themes[:MOST_THEMES]
    ]
    return words_document(found.document, found.told, found.state, themes)


@blueprint.get("/<slug>/words/quotes")
def quotes(slug: str) -> ResponseReturnValue:
    """Confirmed texts of one cause."""
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    found = _shelf().find_quotes(slug, request.args.get("cause", ""), page=number - 1)
    if found is None:
        abort(NOT_FOUND)
    return render_template(
        "reporting/quotes.html", found=found, words=WordsOfWords(found.catalogue), page=number
    )


def _get_words(slug: str) -> OpenedWords:
    """What the address names, else "there is no such page"."""
    state = request.args.get("count", CONFIRMED)
    found = _shelf().find(slug, state if state in STATES else CONFIRMED)
    if found is None:
        abort(NOT_FOUND)
    return found


def _shelf() -> WordsShelf:
    found = current_app.extensions["feedback_own_words"]
    assert isinstance(found, WordsShelf)
    return found


def _state_words() -> list[tuple[str, str]]:
    words = {CHOSEN: _("what was ticked"), CONFIRMED: _("and confirmed texts")}
    sure = _("and suggestions from %(percent)s %% sure")
    return [(state, words.get(state) or sure % {"percent": state}) for state in STATES]


class WordsOfWords:
    """Numbers and codes of these pages in the reader's language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._language = current_language()

    def label(self, code: str) -> str:
        """A cause's label, or a side's short name."""
        if code in frozenset(Side):
            return self._catalogue.side_short(Side(code), self._language)
        return self._catalogue.label(code, self._language)

    def side_name(self, side: str) -> str:
        """A side's whole name."""
        return self._catalogue.side_name(Side(side), self._language)

    def share(self, share: float | None) -> str:
        """A share in percent."""
        return share_words(share)

    def interval(self, row: Any) -> str:
        """A 95 % interval of a share."""
        return interval_words(row)

    def number(self, count: int | None) -> str:
        """A count."""
        return str(_("withheld")) if count is None else str(format_decimal(count))

    def hundred(self, share: float) -> int:
        """Of a hundred, so many."""
        return round(share * 100)

    def period(self, since: str, until: str) -> str:
        """A stretch of months."""
        return period_words(since, until)
