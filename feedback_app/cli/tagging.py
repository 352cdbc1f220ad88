"""`feedback tag` and `feedback tagger`: causes for free text, and how good they are."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from feedback_app.cli import setting

if TYPE_CHECKING:
    from feedback_app.tagging.suggesting.suggestion import Suggestion

MODELS = "models"  # folder of FEEDBACK_HOME
COLUMNS = ("primary", "side", "confidence", "others", "evidence")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("tag")
@click.argument("file", type=FILE)
@click.option("--text", "column", required=True, help="Column that holds the statements.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--keep", is_flag=True, help="Keep the columns of FILE before the five.")
@click.option("--output", type=NEW_FILE, help="Write here, not to standard output.")
def tag_command(file: Path, column: str, form: str, keep: bool, output: Path | None) -> None:
    """Suggest causes for every statement in FILE (a CSV with a header).

    A row for each row of FILE, in its order: primary, side, confidence, others and evidence
    (the words that led to it). Statements without text get `none`.
    """
    from feedback_app.tagging.suggesting.sources import read_table
    from feedback_app.tagging.suggesting.training import load_tagger

    header, rows = read_table(file, column)
    settings = setting.read_settings()
    tagger = load_tagger(settings.home / MODELS, embeddings=settings.tagger_model)
    texts = [row[column] for row in rows]
    suggestions = tagger.suggest(texts)
    kept = [name for name in header if name not in COLUMNS] if keep else []
    tagged = [
        {**{name: row[name] for name in kept}, **_fields(suggestion, text)}
        for row, text, suggestion in zip(rows, texts, suggestions, strict=True)
    ]
    with _target(output) as target:
        if form == "json":
            json.dump(tagged, target, ensure_ascii=False, indent=1)
            target.write("\n")
        else:
            _write_csv(target, [*kept, *COLUMNS], tagged)


def _fields(suggestion: Suggestion, text: str) -> dict[str, str | float]:
    return {
        "primary": suggestion.primary,
        "side": suggestion.side,
        "confidence": round(suggestion.confidence, 3),
        "others": ";".join(suggestion.others),
        "evidence": "; ".join(" ".join(words.split()) for words in suggestion.list_words(text)),
    }


def _write_csv(target: IO[str], names: list[str], rows: list[dict[str, Any]]) -> None:
    writer = csv.DictWriter(target, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


@contextmanager
def _target(output: Path | None) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    with output.open("w", encoding="utf-8", newline="") as file:
        yield file


@click.group("tagger")
def tagger_command() -> None:
    """The tagger: how good it is, and training it."""


@tagger_command.command("evaluate")
@click.argument("file", type=FILE)
@click.option("--train-on", type=click.IntRange(min=1), help="Learning curve up to N confirmed.")
@click.option("--repeats", type=click.IntRange(1, 50), default=3, help="Splits per point.")
@click.option("--lang", help="Statements of this language alone (en, ru, uk).")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def evaluate(file: Path, train_on: int | None, repeats: int, lang: str | None, form: str) -> None:
    """Measure suggestions against the causes in FILE (columns lang, text, primary, others).

    Without --train-on the tagger as it stands is measured. With it, taggers are trained with
    N (and fewer) statements of FILE confirmed and measured on the others, several splits
    together. Where N leaves too few others, the splits are folds. No trained
    tagger is kept.
    """
    from feedback_app.tagging.suggesting import evaluation
    from feedback_app.tagging.suggesting.embeddings import load_embedder
    from feedback_app.tagging.suggesting.sources import read_examples
    from feedback_app.tagging.suggesting.training import load_cold, load_tagger

    labelled = [each for each in read_examples(file) if lang in (None, each.language)]
    settings = setting.read_settings()
    models = settings.home / MODELS
    if train_on is not None:
        cold = load_cold(models, load_embedder(settings.tagger_model))
        report = evaluation.learning_curve(cold, labelled, most=train_on, repeats=repeats)
    else:
        tagger = load_tagger(models, embeddings=settings.tagger_model)
        report = evaluation.evaluate(tagger, labelled)
    if form == "json":
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo(evaluation.describe(report))


@tagger_command.command("train")
@click.argument("file", type=FILE)
def train(file: Path) -> None:
    """Train with the confirmed statements in FILE (columns lang, text, primary, others).

    The new model is a version in the folder `models` of FEEDBACK_HOME and is used from then
    on. Broken off at any moment, the former one stays.
    """
    from feedback_app.causes.queries import get_catalogue
    from feedback_app.tagging.suggesting.embeddings import load_embedder
    from feedback_app.tagging.suggesting.sources import read_examples
    from feedback_app.tagging.suggesting.training import load_cold, save_tagger, train_tagger

    confirmed = [each.example for each in read_examples(file)]
    settings = setting.read_settings()
    models = settings.home / MODELS
    tagger = train_tagger(confirmed, load_cold(models, load_embedder(settings.tagger_model)))
    with setting.open_database(settings).reading() as session:
        codebook = get_catalogue(session).codebook
    manifest = save_tagger(models, tagger, confirmed, codebook=codebook)
    click.echo(f"Model {manifest.version}: {manifest.confirmed} confirmed statements.")
    click.echo(f"Folder: {models / manifest.version}")
