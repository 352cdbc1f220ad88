"""Makers for tests of the tagger: the cold start once a process, statements of the tests' own."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from feedback_app.tagging.suggesting import training
from feedback_app.tagging.suggesting.examples import Example, list_cold_examples
from feedback_app.tagging.suggesting.tagger import Tagger

STATEMENTS = Path(__file__).parents[1] / "unit" / "tagging" / "statements"
LANGUAGES = ("en", "ru", "uk")


@lru_cache(maxsize=1)
def _cold_folder() -> Path:
    """A folder that holds the cold start: trained once, whichever process of a run asks first."""
    folder = Path(os.environ.get("FOLDER_OF_THE_TEST_RUN") or tempfile.mkdtemp()) / "cold-start"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        training.load_tagger(folder)
    return folder


@lru_cache(maxsize=1)
def cold_tagger() -> Tagger:
    """The tagger as it ships, as if it were made just now."""
    return replace(training.load_tagger(_cold_folder()), version="")


def put_cold_start(models: Path) -> None:
    """Lay the cold start into a folder of models, as its first use would."""
    shutil.copytree(_cold_folder() / training.COLD_FOLDER, models / training.COLD_FOLDER)


def few_examples() -> list[Example]:
    """Every tenth shipped example, where no quality is asked for: training takes no time."""
    return list_cold_examples()[::10]


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
