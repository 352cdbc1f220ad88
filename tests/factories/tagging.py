"""Makers for tests of the tagger: the cold start once a process, statements of the tests' own."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from feedback_app.tagging.suggesting.examples import Example
from feedback_app.tagging.suggesting.tagger import Tagger
from feedback_app.tagging.suggesting.training import train_tagger

STATEMENTS = Path(__file__).parents[1] / "unit" / "tagging" / "statements"
LANGUAGES = ("en", "ru", "uk")


@lru_cache(maxsize=1)
def cold_tagger() -> Tagger:
    """The tagger as it ships; made in some seconds, once in a test process."""
    return train_tagger()


def list_statements(language: str) -> list[Example]:
    """The statements of `language` that are in no lexicon, each with its cause."""
    table = tomllib.loads((STATEMENTS / f"{language}.toml").read_text(encoding="utf-8"))
    return [
        Example(line, code)
        for code, block in table.items()
        for line in block.splitlines()
        if line.strip()
    ]


def primary_of(text: str) -> str:
    """The cause that the cold start suggests for `text`."""
    return cold_tagger().suggest([text])[0].primary
