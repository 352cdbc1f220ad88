"""The texts of the ready surveys as they stand in their files, and what is looked for in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2] / "feedback_app"
TEMPLATES = PACKAGE / "surveys" / "templates"
CATALOGUE = PACKAGE / "causes" / "catalogue.toml"
LANGUAGES = ("en", "ru", "uk")
SIDES = ("competitor", "company", "client")

LIMITS = {"text": 80, "hint": 100, "intro": 90, "decided_hint": 100}
LIMIT = 45  # of headings, options, anchors: they stand beside a box on a screen 320 px wide

# Silent reading of English non-fiction, words a minute: Brysbaert 2019, J. Memory and Language 109.
READING_RATE = 238

FOREIGN_LETTERS = {
    "en": r"[А-Яа-яЁёІіЇїЄєҐґ]",
    "ru": r"[A-Za-zІіЇїЄєҐґ]",
    "uk": r"[A-Za-zЫыЭэЁёЪъ]",
}
JOINS_TWO_QUESTIONS = {
    "en": r"\b(and|or)\b",
    "ru": r"\b(и|или|а также)\b",
    "uk": r"\b(і|й|та|або|чи)\b",
}
# Words that take an answer for granted or push towards one.
LEADING = {
    "en": r"\b(too|unfortunately|problem\w*|disappoint\w*|dissatisf\w*|bad|fail\w*|don[’']t you)\b",
    "ru": r"\b(слишком|к сожалению|проблем\w*|разочаров\w*|недовол\w*|плохо го|не правда ли)\b",
    "uk": r"\b(надто|занадто|на жаль|проблем\w*|розчаров\w*|незадовол\w*|погано го|чи не так)\b",
}
RUSSISMS = (
    r"\b(и|слідую\w*|получ\w+|прийма\w+ участь|на протязі|любий|співпада\w+|нажа(ти|міть)"
    r"|вірн(ий|о)|являється|відноситься|відмітьте|вибер(іть)? любий|займе|питання обов\w*)\b"
)


def read_document(name: str) -> dict[str, Any]:
    """A ready survey's own file."""
    return tomllib.loads((TEMPLATES / f"{name}.toml").read_text(encoding="utf-8"))


def questions_of(name: str) -> dict[str, dict[str, Any]]:
    """Its questions by code."""
    return {question["code"]: question for question in read_document(name)["question"]}


def cause_codes() -> set[str]:
    """Every code of the starter catalogue."""
    causes = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["cause"]
    return {cause["code"] for cause in causes}


def tables(node: object, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """(path, table) of every table of texts, known by carrying a language."""
    if isinstance(node, dict):
        if set(node) & set(LANGUAGES):
            yield where, node
            return
        children = [(f"{where}.{key}", value) for key, value in node.items()]
    elif isinstance(node, list):
        children = [
            (f"{where}.{item.get('code', place)}", item)
            for place, item in enumerate(node)
            if isinstance(item, dict)
        ]
    else:
        children = []
    for path, child in children:
        yield from tables(child, path.removeprefix("."))


def texts_of(name: str, language: str) -> list[tuple[str, str]]:
    """(path, text) of every text."""
    return [(where, table[language]) for where, table in tables(read_document(name))]


def asked_in(name: str, language: str) -> list[tuple[str, str]]:
    """Everything worded as a question: the question texts and "which one decided it"."""
    endings = (".text", ".decided", "title")
    parts = ("option", "row")
    return [
        (where, text)
        for where, text in texts_of(name, language)
        if where.endswith(endings) and not any(f".{part}." in where for part in parts)
    ]


def matching(pattern: str, texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of `texts` that hold the pattern."""
    return [(where, text) for where, text in texts if re.search(pattern, text, re.IGNORECASE)]
