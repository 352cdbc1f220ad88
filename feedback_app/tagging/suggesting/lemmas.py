"""Roots of words: lemmas by pymorphy3 where it is installed, else stems of our own."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from typing import Any

from feedback_app.tagging.suggesting.text import stem

DICTIONARIES = {"ru": "pymorphy3_dicts_ru", "uk": "pymorphy3_dicts_uk"}


@lru_cache(maxsize=1)
def list_languages() -> tuple[str, ...]:
    """Languages whose lemmas can be looked up here."""
    if importlib.util.find_spec("pymorphy3") is None:
        return ()
    return tuple(
        language for language, name in DICTIONARIES.items() if importlib.util.find_spec(name)
    )


@lru_cache(maxsize=2)
def _analyser(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


@lru_cache(maxsize=1 << 17)
def find_root(form: str, language: str) -> str:
    """The lemma of `form` where `language` has a dictionary, else its stem."""
    if language in list_languages() and form.isalpha():
        return str(_analyser(language).normal_forms(form)[0]).replace("ё", "е")
    return stem(form)
