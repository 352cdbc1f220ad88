"""`feedback import customers`: bring in a list of customers."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedback_app.cli import setting
from feedback_app.foundation.db import Database
from feedback_app.foundation.rules import Unable

if TYPE_CHECKING:
    from feedback_app.customers.importing import Outcome
    from feedback_app.customers.rules import ColumnMap
    from feedback_app.imports.sources import Source

BY = "command line"
LARGEST_MAP = 1 << 20  # bytes
MOST_LINES_SHOWN = 10
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class UnableToUseMap(Unable):
    """The map can not be read, or both a map and mappings are given."""


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    file: Path
    map_file: Path | None
    mappings: tuple[str, ...]
    everybody: str | None
    rejects: Path
    is_dry_run: bool


@click.command("customers")
@click.argument("file", type=FILE)
@click.option("--map", "map_file", type=FILE, help="What its columns mean (TOML).")
@click.option(
    "--mapping",
    "mappings",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="What one column means; may be repeated. Further columns are kept.",
)
@click.option(
    "--everybody",
    type=click.Choice(["departed", "current"]),
    help="Status of every customer in the file, where no column tells it.",
)
@click.option(
    "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="File of rejected rows."
)
@click.option(
    "--dry-run", "is_dry_run", is_flag=True, help="Read and check everything, store nothing."
)
def customers(
    file: Path,
    map_file: Path | None,
    mappings: tuple[str, ...],
    everybody: str | None,
    rejects: Path | None,
    is_dry_run: bool,
) -> None:
    """Add and update customers from FILE (CSV or .xlsx) by their reference.

    Without --map and --mapping the columns are taken as last time on the import page, else
    recognised by their names. Rows that can not be read go to the rejects file, the others
    are taken: that is exit status 0 too. 2: nothing was stored.
    """
    from feedback_app.cli.imports import usual_rejects

    request = Request(
        file, map_file, mappings, everybody, rejects or usual_rejects(file), is_dry_run
    )
    read = [each.resolve() for each in (file, map_file) if each]
    if request.rejects.resolve() in read:
        raise click.UsageError("--rejects names a file that is read.")
    settings = setting.read_settings()
    database = setting.open_database(settings)
    _summarise(request, _bring_in(database, request, home=settings.home))


def _bring_in(database: Database, request: Request, *, home: Path) -> Outcome:
    from feedback_app.customers import importing, uploads
    from feedback_app.customers.rules import RowReader
    from feedback_app.customers.unpacking import open_list
    from feedback_app.imports.rejects import RejectsFile

    document = _read_document(request)
    options = document.get("options", {})
    sheet, encoding = (str(options.get(name, "")) for name in ("sheet", "encoding"))
    with request.file.open("rb") as stream:
        kept = uploads.take(home, stream, name=request.file.name, by=BY)
    try:
        source = open_list(kept.path, name=kept.name, sheet=sheet, encoding=encoding)
        for note in source.notes:
            click.echo(note, err=True)
        column_map = _make_map(database, request, document, source)
        found = importing.ListFile(
            source,
            RowReader(column_map, source.header),
            RejectsFile(request.rejects, source.header),
        )
        try:
            if request.is_dry_run:
                with database.reading() as session:
                    outcome = importing.look_through(session, found)
            else:
                outcome = importing.bring_in(database, found, by=BY)
        finally:
            found.rejects.close()
    finally:
        kept.remove()
    if outcome.rows and outcome.rejected == outcome.rows:
        raise importing.UnableToImportList(
            f"No row could be taken ({request.rejects}); the first, line "
            f"{outcome.faulty[0].line}: {'; '.join(map(str, outcome.faulty[0].faults))}."
        )
    return outcome


def _read_document(request: Request) -> dict[str, Any]:
    """The map as a document, {} when the columns are to be recognised."""
    if request.map_file and request.mappings:
        raise UnableToUseMap("Give --map or --mapping, not both.")
    if request.mappings:
        return {"columns": dict(map(_parted, request.mappings))}
    if request.map_file is None:
        return {}
    try:
        if request.map_file.stat().st_size > LARGEST_MAP:
            raise UnableToUseMap(f"{request.map_file.name} is too large to be a map.")
        return tomllib.loads(request.map_file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnableToUseMap(f"The map {request.map_file.name} is no TOML: {error}.") from error


def _parted(mapping: str) -> tuple[str, str]:
    field, sign, column = mapping.partition("=")
    if not sign:
        raise UnableToUseMap(f"--mapping takes FIELD=COLUMN, got {mapping!r}.")
    return field.strip(), column.strip()


def _make_map(
    database: Database, request: Request, document: dict[str, Any], source: Source
) -> ColumnMap:
    from feedback_app.customers.importing import read_samples
    from feedback_app.customers.queries import find_mapping
    from feedback_app.customers.rules import (
        ColumnMap,
        check_header,
        guess_map,
        header_key,
        read_everybody,
        read_map,
    )

    everybody = read_everybody(request.everybody)
    if document:
        options = dict(document.get("options", {}))
        if request.everybody:
            options["everybody"] = request.everybody
        return read_map({**document, "options": options}, source.header)
    check_header(source.header)
    with database.reading() as session:
        remembered = find_mapping(session, header_key(source.header))
    if remembered is not None:
        made = ColumnMap.from_json(remembered)
    else:
        made = guess_map(source.header, read_samples(source, 20))
    if everybody is not None or remembered is None:
        # A command says who has left; only the page may suppose it, for it shows that.
        made = replace(made, everybody=everybody)
    made.check(source.header)
    _tell_columns(made, is_remembered=remembered is not None)
    return made


def _tell_columns(made: ColumnMap, *, is_remembered: bool) -> None:
    how = "as last time" if is_remembered else "by their names"
    told = ", ".join(f"{field}={column}" for field, column in made.columns.items())
    click.echo(f"Columns {how}: {told}", err=True)
    if made.attributes:
        click.echo(f"Kept as further properties: {', '.join(made.attributes)}", err=True)


def _summarise(request: Request, outcome: Outcome) -> None:
    if request.is_dry_run:
        click.echo("Dry run: nothing was stored.")
    lines: Sequence[tuple[str, int]] = (
        ("Rows read", outcome.rows),
        ("New", outcome.new),
        ("Updated", outcome.updated),
        ("Unchanged", outcome.unchanged),
        ("Duplicates merged", outcome.merged),
        ("Departed", outcome.departed),
        ("Rejected", outcome.rejected),
    )
    for words, number in lines:
        click.echo(f"{words}: {number}")
    for row in outcome.faulty[:MOST_LINES_SHOWN]:
        click.echo(f"line {row.line}: {'; '.join(map(str, row.faults))}", err=True)
    if outcome.rejected:
        click.echo(f"Rejected rows: {request.rejects}")
