"""`feedback tag` and `feedback tagger` on small files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import Settings
from feedback_app import cli
from feedback_app.tagging.suggesting import training
from feedback_app.tagging.suggesting.store import find_manifest
from tests.factories.tagging import few_examples, put_cold_start

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STATEMENTS = """id,comment,note
1,Too expensive for what it does.,a
2,"Приложение вылетает, ничего не работает.",b
3,,c
4,"Ніхто не відповідає, чекаю другий тиждень.",
"""
LABELLED = """lang,text,primary,others
en,Too expensive for what it does.,company.price,
en,I was charged twice and you refuse to refund me.,company.dishonesty,company.neglect;company.price
ru,"Приложение вылетает, ничего не работает.",company.quality,
uk,Переїхав в інше місто.,client.relocated,
uk,Усе добре.,none,
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """A function that runs `feedback` with arguments, in this process; the cold start is ready."""
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)
    put_cold_start(settings.home / "models")

    def run(*arguments: str | Path) -> Ended:
        status = 0
        capsys.readouterr()
        try:
            cli.main([str(each) for each in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of four statements, one of them empty."""
    path = tmp_path / "statements.csv"
    path.write_text(STATEMENTS, encoding="utf-8-sig")
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A file of five statements with their causes."""
    path = tmp_path / "labelled.csv"
    path.write_text(LABELLED, encoding="utf-8")
    return path


def test_five_columns_for_each_statement(command: Callable[..., Ended], file: Path) -> None:
    ended = command("tag", file, "--text", "comment", "--format", "csv")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[0] == "primary,side,confidence,others,evidence"
    assert len(list(csv.DictReader(io.StringIO(ended.out)))) == 4


def test_tags_stand_behind_the_columns_of_the_file(
    command: Callable[..., Ended], file: Path
) -> None:
    ended = command("tag", file, "--text", "comment", "--format", "csv", "--keep")
    assert (ended.status, ended.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert list(rows[0]) == [
        *("id", "comment", "note"),
        *("primary", "side", "confidence", "others", "evidence"),
    ]
    assert [row["primary"] for row in rows] == [
        *("company.price", "company.quality", "none", "company.slow_response")
    ]
    assert [row["side"] for row in rows] == ["company", "company", "", "company"]
    assert [row["note"] for row in rows] == ["a", "b", "c", ""]
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)
    assert "expensive" in rows[0]["evidence"]


def test_json_into_a_file(command: Callable[..., Ended], file: Path, tmp_path: Path) -> None:
    target = tmp_path / "tagged.json"
    ended = command(
        "tag", file, "--text", "comment", "--format", "json", "--keep", "--output", target
    )
    assert (ended.status, ended.out) == (0, "")
    rows = json.loads(target.read_text("utf-8"))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[1]["primary"] == "company.quality"


@pytest.mark.parametrize(
    ("content", "column", "words"),
    [
        (b"id,comment\n1,fine\n", "text", "has no column 'text'; it has: id, comment"),
        (b"", "text", "has no column 'text'; it has: none"),
        (b"text\n\xff\xfe\n", "text", "no CSV in UTF-8"),
        (b'text\n"never closed\n', "text", "no CSV in UTF-8"),
        (b"text\na,b\n", "text", "line 2: more cells than the header has"),
        (b"text\nfine\n" + b"x" * 1_000_000 + b"\n", "text", "line 3: a text of 1,000,000"),
    ],
)
def test_what_can_not_be_read_is_said_in_one_line(
    command: Callable[..., Ended], tmp_path: Path, content: bytes, column: str, words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    ended = command("tag", path, "--text", column)
    assert ended.status == 2
    assert words in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


def test_evaluation_as_a_table_and_as_json(command: Callable[..., Ended], labelled: Path) -> None:
    table = command("tagger", "evaluate", labelled)
    assert table.status == 0
    for words in ("top1", "side_f1", "ece", "baseline: random", "company.dishonesty", "coverage"):
        assert words in table.out
    report = json.loads(command("tagger", "evaluate", labelled, "--format", "json").out)
    assert report["all"]["statements"] == 5
    assert report["all"]["top1"] >= 0.8
    assert set(report["languages"]) == {"en", "ru", "uk"}
    assert report["baselines"]["majority"]["top1"] == pytest.approx(0.2)
    russian = command("tagger", "evaluate", labelled, "--lang", "ru", "--format", "json")
    assert json.loads(russian.out)["all"]["statements"] == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text,others\nfine,none\n", "no column 'primary'"),
        ("text,primary\nfine,company.Price!\n", "statement 1: 'company.Price!' is no code"),
        ("text,primary\n", "holds no statements"),
    ],
)
def test_labels_that_make_no_sense_are_refused(
    command: Callable[..., Ended], tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    for verb in ("evaluate", "train"):
        ended = command("tagger", verb, path)
        assert ended.status == 2
        assert words in ended.err


def test_training_makes_a_version_that_is_used_from_then_on(
    command: Callable[..., Ended],
    labelled: Path,
    file: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "list_cold_examples", few_examples)
    ended = command("tagger", "train", labelled)
    assert ended.status == 0
    manifest = find_manifest(settings.home / "models")
    assert manifest is not None
    assert manifest.version in ended.out
    assert manifest.confirmed == 5
    assert manifest.codebook >= 1
    assert manifest.counts["company.price"] == 1
    report = json.loads(command("tagger", "evaluate", labelled, "--format", "json").out)
    assert report["model"] == manifest.version
    assert report["confirmed"] == 5
    assert command("tag", file, "--text", "comment").status == 0
