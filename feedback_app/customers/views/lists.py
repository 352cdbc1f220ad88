"""Bringing a list in: send the file, say what its columns are, look through, confirm.

The steps share a private file (customers.uploads), never the session. None of them holds
the request's own writing session: reading a long list would keep respondents waiting.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.customers import actions, importing, queries, uploads
from feedback_app.customers.forms import DATE_FORMS, choices_of, read_column_map
from feedback_app.customers.importing import ListFile, Outcome
from feedback_app.customers.rules import (
    ColumnMap,
    Field,
    RowReader,
    UnableToMapColumns,
    check_header,
    guess_map,
    header_key,
)
from feedback_app.customers.unpacking import MOST_ROWS, open_list
from feedback_app.customers.uploads import Upload
from feedback_app.customers.views.blueprint import blueprint
from feedback_app.customers.views.wording import FIELD_NAMES, say_fault, say_refusal
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import database
from feedback_app.imports.rejects import RejectsFile
from feedback_app.imports.rules.mapping import plain_name
from feedback_app.imports.sources import Source
from feedback_app.staff.views import current_email

UNPROCESSABLE = 422
SAMPLES = 20  # rows that guesses look at
SHOWN = 3  # of them are shown


@blueprint.get("/import")
def choose_file() -> ResponseReturnValue:
    """The form that sends a list."""
    return _show_choice()


@blueprint.post("/import")
def upload() -> ResponseReturnValue:
    """Keep the file and find out what its columns probably are."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _show_choice(_("Choose a file first."))
    try:
        kept = uploads.take(_home(), sent.stream, name=sent.filename, by=current_email())
    except Unable as refusal:
        return _show_choice(say_refusal(refusal))
    try:
        source = open_list(kept.path, name=kept.name)
        check_header(source.header)
        samples = [list(row) for row in importing.read_samples(source, SAMPLES)]
    except Unable as refusal:
        kept.remove()
        return _show_choice(say_refusal(refusal))
    remembered = _find_remembered(source)
    guessed = remembered or guess_map(source.header, samples)
    kept.keep(
        samples=samples[:SHOWN],
        header=[plain_name(name) for name in source.header],
        notes=list(source.notes),
        map=guessed.to_json(),
        is_remembered=remembered is not None,
    )
    return redirect(url_for("customers.map_columns", token=kept.token))


@blueprint.get("/import/<token>")
def map_columns(token: str) -> ResponseReturnValue:
    """What each column holds: guessed or remembered, to be confirmed."""
    try:
        kept = _find(token)
    except uploads.UnableToFindUpload as refusal:
        return _start_again(refusal)
    return _show_mapping(kept, ColumnMap.from_json(kept.facts["map"]))


@blueprint.post("/import/<token>")
def look_through(token: str) -> ResponseReturnValue:
    """Read the whole list by the map and count what would happen."""
    try:
        kept = _find(token)
    except uploads.UnableToFindUpload as refusal:
        return _start_again(refusal)
    header = tuple(kept.facts["header"])
    try:
        column_map = read_column_map(request.form, header)
    except UnableToMapColumns as refusal:
        return _show_mapping(kept, None, say_refusal(refusal))
    try:
        with database().reading() as session, _opened(kept, column_map) as found:
            outcome = importing.look_through(session, found)
    except Unable as refusal:
        return _show_mapping(kept, column_map, say_refusal(refusal))
    kept.keep(map=column_map.to_json(), outcome=importing.as_document(outcome))
    return redirect(url_for("customers.preview", token=token))


@blueprint.get("/import/<token>/preview")
def preview(token: str) -> ResponseReturnValue:
    """What would happen, and which rows can not be taken."""
    try:
        kept = _find(token)
    except uploads.UnableToFindUpload as refusal:
        return _start_again(refusal)
    if "outcome" not in kept.facts:
        return redirect(url_for("customers.map_columns", token=token))
    return _show_preview(kept, importing.from_document(kept.facts["outcome"]))


@blueprint.post("/import/<token>/confirm")
def confirm(token: str) -> ResponseReturnValue:
    """Store the list, remember the map and delete the file."""
    try:
        kept = _find(token)
    except uploads.UnableToFindUpload as refusal:
        return _start_again(refusal)
    if "outcome" not in kept.facts:
        return redirect(url_for("customers.map_columns", token=token))
    if not kept.claim():
        flash(_("This list is being stored already: look at the customers in a moment."), "info")
        return redirect(url_for("customers.index"))
    try:
        outcome = _store(kept, ColumnMap.from_json(kept.facts["map"]))
    finally:
        kept.release()
    kept.remove()
    flash(
        _(
            "The list is in: %(new)s new, %(updated)s updated, %(unchanged)s unchanged.",
            new=outcome.new,
            updated=outcome.updated,
            unchanged=outcome.unchanged,
        ),
        "success",
    )
    return redirect(url_for("customers.index"))


@blueprint.get("/import/<token>/rejected.csv")
def rejected(token: str) -> ResponseReturnValue:
    """The rows that can not be taken, with what is wrong, to be corrected."""
    kept = _find(token)
    if not kept.rejects.exists():
        return redirect(url_for("customers.map_columns", token=token))
    stem = Path(kept.name).stem
    return send_file(
        kept.rejects,
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"{stem}.rejected.csv",
        max_age=0,
    )


@blueprint.post("/import/<token>/discard")
def discard(token: str) -> ResponseReturnValue:
    """Delete the file without storing anything."""
    try:
        _find(token).remove()
    except uploads.UnableToFindUpload as refusal:
        return _start_again(refusal)
    flash(_("The file is deleted, nothing was changed."), "success")
    return redirect(url_for("customers.index"))


def _store(kept: Upload, column_map: ColumnMap) -> Outcome:
    with _opened(kept, column_map) as found:
        outcome = importing.bring_in(database(), found, by=current_email())
    with database().writing() as session:
        actions.remember_mapping(session, kept.facts["header"], column_map)
    return outcome


def _home() -> Path:
    home = current_app.config["FEEDBACK_SETTINGS"].home
    assert isinstance(home, Path)
    return home


def _find(token: str) -> Upload:
    return uploads.find(_home(), token, by=current_email())


def _find_remembered(source: Source) -> ColumnMap | None:
    with database().reading() as session:
        kept = queries.find_mapping(session, header_key(source.header))
    return None if kept is None else ColumnMap.from_json(kept)


class _opened:  # noqa: N801  read as a phrase: with _opened(kept, ...) as found
    """The kept file, ready to be read by a map; its rejected rows are written beside it."""

    def __init__(self, kept: Upload, column_map: ColumnMap) -> None:
        source = open_list(kept.path, name=kept.name)
        rows = RowReader(column_map, source.header)
        self._found = ListFile(source, rows, RejectsFile(kept.rejects, source.header))
        kept.rejects.unlink(missing_ok=True)

    def __enter__(self) -> ListFile:
        return self._found

    def __exit__(self, *_error: object) -> None:
        self._found.rejects.close()


def _start_again(refusal: Unable) -> ResponseReturnValue:
    del refusal
    flash(_("This upload is over: a file is kept for an hour. Send it again."), "warning")
    return redirect(url_for("customers.choose_file"))


def _show_choice(refusal: str = "") -> ResponseReturnValue:
    page = render_template(
        "customers/import.html",
        refusal=refusal,
        largest=uploads.LARGEST_FILE >> 20,
        most_rows=MOST_ROWS,
    )
    return page, UNPROCESSABLE if refusal else 200


def _show_mapping(
    kept: Upload, column_map: ColumnMap | None, refusal: str = ""
) -> ResponseReturnValue:
    header = tuple(kept.facts["header"])
    if column_map is None:
        chosen = [request.form.get(f"column-{place}", "") for place in range(len(header))]
        everybody = request.form.get("everybody", "")
        date_format = request.form.get("date_format", "")
    else:
        chosen = choices_of(column_map, header)
        everybody, date_format = str(column_map.everybody or ""), column_map.date_format
    columns: list[dict[str, Any]] = [
        {
            "place": place,
            "name": name,
            "choice": chosen[place],
            "samples": [row[place] for row in kept.facts["samples"] if row[place].strip()],
        }
        for place, name in enumerate(header)
        if name
    ]
    page = render_template(
        "customers/map.html",
        kept=kept,
        columns=columns,
        fields={str(field): FIELD_NAMES[field] for field in Field},
        everybody=everybody,
        date_format=date_format,
        date_forms=DATE_FORMS,
        refusal=refusal,
    )
    return page, UNPROCESSABLE if refusal else 200


def _show_preview(kept: Upload, outcome: Outcome) -> ResponseReturnValue:
    faulty = [(row.line, [say_fault(each) for each in row.faults]) for row in outcome.faulty]
    people = outcome.new + outcome.updated + outcome.unchanged
    return render_template(
        "customers/preview.html",
        kept=kept,
        outcome=outcome,
        faulty=faulty,
        current=people - outcome.departed,
        people=people,
    )
