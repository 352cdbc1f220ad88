"""`feedback report current` and `feedback report staff`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

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
from feedback_app.surveys.queries import SurveyRow, get_survey


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """What both commands take."""
    for option in (
        click.option(
            "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write."
        ),
        click.option(
            "--format",
            "layout",
            type=click.Choice(("json", "csv", "table")),
            default="table",
            show_default=True,
            help="How to write it.",
        ),
        click.option(
            "--departed", "compared", default="", help="Survey of departed customers to compare."
        ),
        click.option(
            "--min-group", type=click.IntRange(1), help="Smallest group told (default: its k)."
        ),
        click.option("--survey", "named", required=True, help="The survey's id, slug or name."),
    ):
        command = option(command)
    return command


@report_command.command("current")
@_options
def current(**options: Any) -> None:
    """How current customers are doing, and what could make them leave."""
    _report(ReportKind.CURRENT, **options)


@report_command.command("staff")
@_options
def staff(**options: Any) -> None:
    """What staff believe makes customers leave, beside what customers say."""
    _report(ReportKind.STAFF, **options)


def _report(
    kind: ReportKind,
    *,
    named: str,
    min_group: int | None,
    compared: str,
    layout: str,
    output: Path | None,
) -> None:
    settings = setting.read_settings()
    database = setting.open_database(settings)
    with database.reports() as session:
        survey = get_survey(session, named)
        require_kind(session, survey, kind)
    smallest = smallest_group(survey, min_group)
    catalogue, document = _make(database, survey, kind, smallest, compared)
    labels = _labels(catalogue, settings.language)
    write_report(_write(document, layout, survey, labels), layout, output)


def _make(
    database: Database, survey: SurveyRow, kind: ReportKind, smallest: int, compared: str
) -> tuple[Catalogue, dict[str, Any]]:
    from feedback_app.causes.queries import get_catalogue
    from feedback_app.reporting import queries
    from feedback_app.reporting.analyst import score_reports
    from feedback_app.reporting.queries import requests

    with database.reports() as session:
        catalogue = get_catalogue(session)
        choices = requests.list_departed(session, is_demo=survey.is_demo)
        departed = requests.find_departed(choices, compared)
        if compared and (departed is None or departed.slug != compared):
            known = ", ".join(row.slug for row in choices) or "none"
            raise UnableToReport(
                f"--departed: there is no survey of departed customers {compared!r} with enough "
                f"answers; there are: {known}."
            )
        entries, codebook = queries.list_entries(catalogue), catalogue.codebook
        if kind is ReportKind.CURRENT:
            request = requests.read_current_request(
                session, survey, departed, entries, codebook, smallest=smallest
            )
            return catalogue, score_reports.make_current_report(request)
        poll = requests.read_staff_request(
            session, survey, departed, entries, codebook, smallest=smallest
        )
        return catalogue, score_reports.make_staff_report(poll)


def _labels(catalogue: Catalogue, language: str) -> Callable[[str], str]:
    known = set(catalogue.codes())
    sides = frozenset(Side)

    def label(code: str) -> str:
        if code in sides:
            return catalogue.side_short(Side(code), language)
        return catalogue.label(code, language) if code in known else code

    return label


def _write(
    document: dict[str, Any], layout: str, survey: SurveyRow, labels: Callable[[str], str]
) -> str:
    from feedback_app.reporting.rules.score_tables import score_csv
    from feedback_app.reporting.rules.score_text import score_text

    if layout == "json":
        return json.dumps(document, ensure_ascii=False, indent=2)
    if layout == "csv":
        about = {"survey": survey.slug}
        if document["departed_survey"]:
            about["departed_survey"] = document["departed_survey"]
        return score_csv(document, labels, about)
    return score_text(document, labels, name=survey.name)
