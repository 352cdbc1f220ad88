"""Which language a page speaks: a link decides, then the reader's own choice, then the browser."""

from __future__ import annotations

from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, get_locale

from feedback_app.foundation.pages import is_respondent_page
from feedback_app.foundation.rules import LANGUAGES

__all__ = ["LANGUAGES", "choose_language", "current_language", "install", "use_language"]


def install(app: Flask) -> None:
    """Give templates gettext in the reader's language."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=_select_locale, default_locale="en")
    app.jinja_env.globals.update(languages=LANGUAGES, current_language=current_language)


def current_language() -> str:
    """The code of the language this page is written in."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


def use_language(code: str) -> None:
    """Write the rest of this request in `code` (a respondent's survey may lack the reader's)."""
    g.language = code


def choose_language(available: tuple[str, ...], fallback: str) -> str:
    """The best of `available` for this reader: ?lang= first, then Accept-Language.

    Reads no cookie, so it serves respondents' pages too.
    """
    asked = request.args.get("lang", "")
    if asked in available:
        return asked
    return request.accept_languages.best_match(available) or fallback


def _select_locale() -> str:
    if not has_request_context():
        return "en"
    if "language" in g:
        return str(g.language)
    kept = None if is_respondent_page() else session.get("language")
    if kept in LANGUAGES and "lang" not in request.args:
        return str(kept)
    default = current_app.config["FEEDBACK_SETTINGS"].language
    return choose_language(tuple(LANGUAGES), default)
