"""`feedback import`: bring in answers collected elsewhere."""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedback_app.cli import setting
from feedback_app.cli.customers import customers
from feedback_app.foundation.db import Database, utc_today
from feedback_app.foundation.rules import Unable

if TYPE_CHECKING:
    from feedback_app.imports.actions import Outcome, Reader
    from feedback_app.imports.inspection import Watch
    from feedback_app.imports.rules import ImportMap

BY = "command line"
LARGEST_MAP = 1 << 20  # bytes
MOST_UNMAPPED_SHOWN = 30
STEPS = 1000  # of the progress bar, for each of the two readings
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class UnableToUseMapping(Unable):
    """The map can not be read, or leaves reasons without a meaning."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    file: Path
    survey: str
    map_file: Path
    unmapped: str | None
    rejects: Path
    is_dry_run: bool


@click.group("import")
def import_command() -> None:
    """Bring in answers collected elsewhere, and lists of customers."""


import_command.add_command(customers)


@import_command.command("answers")
@click.argument("file", type=FILE)
@click.option("--survey", required=True, help="Survey of imported answers (id, slug or name).")
@click.option("--map", "map_file", required=True, type=FILE, help="What its columns mean (TOML).")
@click.option(
    "--unmapped", type=click.Choice(["skip", "none"]), help="Meaning of reasons not in the map."
)
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="File of rejected rows."
)
@click.option(
    "--dry-run", "is_dry_run", is_flag=True, help="Read and check everything, store nothing."
)
def answers(
    file: Path,
    survey: str,
    map_file: Path,
    unmapped: str | None,
    rejects: Path | None,
    is_dry_run: bool,
) -> None:
    """Import the answers in FILE (CSV or .xlsx); a second run adds nothing.

    The survey is made when there is none of this name. Rows that can not be read go to the
    rejects file, the others are taken: that is exit status 0 too. 2: nothing was stored.
    """
    rejects = rejects or usual_rejects(file)
    request = Request(file, survey, map_file, unmapped, rejects, is_dry_run)
    if request.rejects.resolve() in (file.resolve(), map_file.resolve()):
        raise click.UsageError("--rejects names a file that is read.")
    started = time.monotonic()
    settings = setting.read_settings()
    database = setting.open_database(settings)
    outcome, target = _import(database, request, language=settings.language)
    _summarise(request, outcome, target, time.monotonic() - started)


def usual_rejects(file: Path) -> Path:
    """Beside the file where that folder can be written, else in the present folder."""
    import os

    name = f"{file.stem}.rejects.csv"
    return file.parent / name if os.access(file.parent, os.W_OK) else Path(name)


def _import(database: Database, request: Request, *, language: str) -> tuple[Outcome, str]:
    from feedback_app.imports import actions

    with _bar() as (checking, storing):
        import_map, reader, stored = _check(database, request, checking, storing)
        try:
            with database.opened_for_writing() as session:
                known = actions.check_target(session, request.survey)
                survey = actions.make_target(session, request.survey, by=BY, language=language)
                outcome = actions.import_answers(
                    session, survey, import_map, reader, by=BY, stored_before=stored
                )
                if not request.is_dry_run:
                    session.commit()
        finally:
            reader.rejects.close()
    return outcome, f"{survey.name} ({survey.slug}{'' if known else ', new'})"


def _check(
    database: Database, request: Request, checking: Watch, storing: Watch
) -> tuple[ImportMap, Reader, int]:
    """Everything that could stop the import, before anything is stored."""
    from feedback_app.causes.queries import get_catalogue
    from feedback_app.imports import actions, queries
    from feedback_app.imports.inspection import inspect
    from feedback_app.imports.rejects import RejectsFile
    from feedback_app.imports.rules import Ledger, RowReader, place_segments, read_map
    from feedback_app.imports.sources import open_source
    from feedback_app.worker import list_names

    with database.reading() as session:
        import_map = read_map(_read_toml(request.map_file), get_catalogue(session))
        survey = actions.check_target(session, request.survey)
        stored = queries.read_stored_keys(session, survey.id) if survey else {}
        stored_rows = queries.count_stored_rows(session, survey.id) if survey else 0
    if survey is not None:
        place_segments(survey.segment_names, tuple(import_map.segments))
    source = open_source(
        request.file,
        wanted=import_map.list_columns(),
        encoding=import_map.encoding,
        sheet=import_map.sheet,
    )
    for note in source.notes:
        click.echo(note, err=True)
    rows = RowReader(import_map, source.header, unmapped=request.unmapped, today=utc_today())
    ledger = Ledger(stored)
    key = survey.id.bytes if survey else b""
    found = inspect(source, rows, ledger, survey=key, watch=checking)
    if found.unmapped and request.unmapped is None:
        _refuse_unmapped(found.unmapped, found.unmapped_beyond)
    rejects = RejectsFile(request.rejects, source.header)
    with database.reading() as session:
        names = list_names(session)
    return import_map, actions.Reader(source, rows, ledger, rejects, storing, names), stored_rows


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_MAP:
            raise UnableToUseMapping(f"{path.name} is too large to be a map.")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnableToUseMapping(f"The map {path.name} is no TOML: {error}.") from error


def _refuse_unmapped(unmapped: tuple[tuple[str, int], ...], beyond: int) -> None:
    import json

    click.echo("Reasons that the map does not know, with the number of rows:", err=True)
    for reason, count in unmapped[:MOST_UNMAPPED_SHOWN]:
        # Quoted as TOML wants it: such a line can be copied into [reasons].
        click.echo(f"{count:8}  {json.dumps(reason, ensure_ascii=False)}", err=True)
    rest = sum(count for _reason, count in unmapped[MOST_UNMAPPED_SHOWN:]) + beyond
    if rest:
        click.echo(f"{rest:8}  rows with other reasons", err=True)
    kinds = f"{len(unmapped)} or more" if beyond else str(len(unmapped))
    raise UnableToUseMapping(
        f"{kinds} reasons have no meaning in the map: add them to [reasons], or say "
        "--unmapped none (answered, no cause) or --unmapped skip (leave the rows out)."
    )


@contextmanager
def _bar() -> Iterator[tuple[Watch, Watch]]:
    """A progress bar on a terminal, nothing elsewhere; for the checking and the storing pass."""
    is_shown = sys.stderr.isatty()
    with click.progressbar(
        length=2 * STEPS, label="Reading", file=sys.stderr, hidden=not is_shown
    ) as bar:

        def watch(already: int) -> Watch:
            return lambda fraction: bar.update(already + int(fraction * STEPS) - bar.pos)

        yield watch(0), watch(STEPS)
        bar.update(2 * STEPS - bar.pos)


def _summarise(request: Request, outcome: Outcome, target: str, seconds: float) -> None:
    click.echo(f"Survey: {target}")
    if request.is_dry_run:
        click.echo("Dry run: nothing was stored.")
    lines = {
        "Rows read": outcome.rows,
        "Taken": outcome.taken,
        "Of them without a cause": outcome.without_cause,
        "Skipped by the map": outcome.skipped,
        "Already there": outcome.stored_before,
        "Changed since, not taken": outcome.changed,
        "Rejected": outcome.rejected,
    }
    for words, number in lines.items():
        click.echo(f"{words}: {number}")
    if outcome.changed_lines:
        more = ", …" if outcome.changed > len(outcome.changed_lines) else ""
        click.echo(f"Changed lines: {', '.join(map(str, outcome.changed_lines))}{more}")
    if outcome.rejected:
        click.echo(f"Rejected rows: {request.rejects}")
    click.echo(f"Seconds: {seconds:.2f} ({outcome.rows / max(seconds, 0.001):.0f} rows/s)")
