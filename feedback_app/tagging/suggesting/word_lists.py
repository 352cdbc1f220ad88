"""Lists of little words: what denies, what tells languages apart, what is nobody's name."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("lexicon") / "little-words.toml"


@lru_cache(maxsize=1)
def _read() -> dict[str, str]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def load_words(name: str) -> frozenset[str]:
    """The list called `name`."""
    return frozenset(_read()[name].split())
