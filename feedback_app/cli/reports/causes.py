"""`feedback report causes`: the ranked causes as JSON, CSV or a text table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config import Settings
from feedback_app.answers.rules import FLAGGED
from feedback_app.causes.rules import Catalogue, Side
from feedback_app.cli import setting
from feedback_app.cli.reports.group import (
    UnableToReport,
    report_command,
    require_kind,
    smallest_group,
    write_report,
)
from feedback_app.foundation.db import Database
from feedback_app.reporting.rules.kinds import ReportKind
from feedback_app.reporting.rules.selection import UNKNOWN, Selection, read_selection
from feedback_app.surveys.queries import SurveyRow, get_survey

if TYPE_CHECKING:
    from feedback_app.reporting.rules.told import Told


SIDES = [side.value for side in Side]
#: What the option says -> the filter's value.
FLAGS = {"only": FLAGGED, "without": UNKNOWN}


@report_command.command("causes")
@click.option("--survey", "named", required=True, help="The survey's id, slug or name.")
@click.option("--min-group", type=click.IntRange(1), help="Smallest group told (default: its k).")
@click.option("--from", "since", default="", help="First day or month: 2024-03-01 or 2024-03.")
@click.option("--to", "until", default="", help="Last day or month.")
@click.option("--side", type=click.Choice(SIDES), help="Rank one side only.")
@click.option("--language", default="", help="Only answers in this language, such as ru.")
@click.option("--channel", default="", help="Only answers that came in this way.")
@click.option("--flagged", type=click.Choice(tuple(FLAGS)), help="Only flagged ones, or the rest.")
@click.option("--segment", "segments", multiple=True, help="Only this segment: NAME=VALUE.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(("json", "csv", "table")),
    default="table",
    show_default=True,
    help="How to write it.",
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
def causes(
    named: str,
    min_group: int | None,
    layout: str,
    output: Path | None,
    segments: tuple[str, ...],
    **filters: str | None,
) -> None:
    """Why customers left: sides and causes, ranked, with intervals."""
    settings = setting.read_settings()
    database = setting.open_database(settings)
    with database.reports() as session:
        survey = get_survey(session, named)
        require_kind(session, survey, ReportKind.CAUSES)
    smallest = smallest_group(survey, min_group)
    selection = _read_filters(survey, segments, filters)
    catalogue, document = _make(database, survey, selection, smallest)
    text = _write(document, layout, survey, catalogue, settings)
    write_report(text, layout, output)


def _read_filters(
    survey: SurveyRow, segments: Sequence[str], filters: dict[str, str | None]
) -> Selection:
    given = {name: value for name, value in filters.items() if value}
    for name, key in (("since", "from"), ("until", "to")):
        if name in given:
            given[key] = given.pop(name)
    if "flagged" in given:
        given["flag"] = FLAGS[given.pop("flagged")]
    for segment in segments:
        name, equals, value = segment.partition("=")
        if not equals or not value or name not in survey.segment_names:
            known = ", ".join(survey.segment_names) or "none"
            raise UnableToReport(
                f"--segment: expected NAME=VALUE, got {segment!r}; "
                f"segments of {survey.slug}: {known}."
            )
        given[f"segment_{survey.segment_names.index(name) + 1}"] = value
    return read_selection(given)


def _make(
    database: Database, survey: SurveyRow, selection: Selection, smallest: int
) -> tuple[Catalogue, dict[str, Any]]:
    from feedback_app.causes.queries import get_catalogue
    from feedback_app.reporting import queries
    from feedback_app.reporting.analyst.cause_reports import make_report
    from feedback_app.reporting.analyst.requests import ReportRequest
    from feedback_app.reporting.rules.told import told_by

    with database.reports() as session:
        catalogue = get_catalogue(session)
        _check_values(queries.read_kinds(session, survey.id), selection, survey)

        def make(chosen: Selection, whole: Told | None) -> dict[str, Any]:
            counts = queries.read_counts(session, survey.id, chosen, is_exact=smallest == 1)
            made = make_report(
                ReportRequest(
                    survey=survey.slug,
                    counts=counts,
                    entries=queries.list_entries(catalogue),
                    codebook=catalogue.codebook,
                    min_group=smallest,
                    selection=chosen,
                    whole=whole,
                    **further(chosen),
                )
            )
            return made.document()

        def further(chosen: Selection) -> dict[str, Any]:
            if chosen.is_narrowed:
                return {}
            return queries.read_further(session, survey.id, smallest=smallest)

        if not selection.is_narrowed or smallest == 1:
            return catalogue, make(selection, None)
        return catalogue, make(selection, told_by(make(selection.whole, None)))


def _check_values(
    kinds: dict[str, dict[str, int]], selection: Selection, survey: SurveyRow
) -> None:
    """A value that no answer has is a slip of the pen."""
    from feedback_app.reporting.rules.selection import OTHERS, UNKNOWN

    for name, value in selection.values:
        plain = "" if value == UNKNOWN else value
        if value != OTHERS and plain not in kinds[name]:
            known = ", ".join(sorted(it or UNKNOWN for it in kinds[name])) or "none"
            raise UnableToReport(
                f"No answer of {survey.slug} has the {name.replace('_', ' ')} {value!r}; "
                f"there are: {known}."
            )


def _write(
    document: dict[str, Any],
    layout: str,
    survey: SurveyRow,
    catalogue: Catalogue,
    settings: Settings,
) -> str:
    from feedback_app.reporting.rules.tables import csv_of
    from feedback_app.reporting.rules.text import text_of

    def label(code: str) -> str:
        return catalogue.label(code, settings.language)

    if layout == "json":
        return json.dumps(document, ensure_ascii=False, indent=2)
    if layout == "csv":
        return csv_of(document, label, {"survey": survey.slug, **document["selection"]})
    return text_of(document, label, name=survey.name)
