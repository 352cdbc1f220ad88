"""The shipped example statements, and the coarse knowledge of how often causes are told."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from feedback_app.tagging.suggesting import lexicon

FOLDER = Path(__file__).with_name("examples")

#: What is told often and what rarely in any trade, in steps of odds; all else lies between.
OFTEN, SOMETIMES, RARELY = 1.2, 0.4, -0.4
TOLD_OFTEN = [
    "company.quality",
    "company.expectations",
    "company.dishonesty",
    "company.slow_response",
    "company.features",
]
TOLD_RARELY = [
    "company.innovation",
    "company.usability",
    "company.pushiness",
    "client.closed",
    "client.budget",
    "client.decision",
    "client.life_event",
    "client.need_changed",
    "client.relocated",
    "competitor.offer",
    "competitor.relationship",
    "competitor.service",
    "competitor.unspecified",
]


@dataclass(frozen=True, slots=True)
class Example:
    """A statement whose cause is known; `others` are causes that are named beside it."""

    text: str
    primary: str
    others: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def list_examples() -> tuple[tuple[str, str, str], ...]:
    """Every shipped example: (language, code, statement)."""
    found = []
    for language in lexicon.LANGUAGES:
        for path in sorted(FOLDER.glob(f"{language}*.toml")):
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            found += [
                (language, code, line.strip())
                for code, block in table.items()
                for line in block.splitlines()
                if line.strip()
            ]
    return tuple(found)


@lru_cache(maxsize=1)
def list_codes() -> tuple[str, ...]:
    """Every label the tagger knows, in alphabetical order: 29 causes and `none`."""
    return tuple(sorted({code for _language, code, _text in list_examples()}))


def list_cold_examples() -> list[Example]:
    """The shipped statements, in the same order at every call."""
    return [Example(text, code) for _language, code, text in list_examples()]


def list_odds(codes: tuple[str, ...]) -> list[float]:
    """How often each code is told, as natural logarithms of probabilities that add up to 1."""
    steps = [
        OFTEN if code in TOLD_OFTEN else RARELY if code in TOLD_RARELY else SOMETIMES
        for code in codes
    ]
    total = math.log(sum(math.exp(step) for step in steps))
    return [step - total for step in steps]


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A short hash of all that the cold start is made from: lexicon, examples and code."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([*here.glob("*/*.toml"), *here.glob("*.py")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def count_by_code(examples: Sequence[Example]) -> dict[str, int]:
    """How many examples there are of each code."""
    counts: dict[str, int] = defaultdict(int)
    for example in examples:
        counts[example.primary] += 1
    return dict(sorted(counts.items()))
