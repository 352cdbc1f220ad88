"""What all `feedback report` commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedback_app.foundation.rules import Unable
from feedback_app.reporting.rules.kinds import ReportKind, kind_of
from feedback_app.surveys.queries import SurveyRow, list_definitions
from feedback_app.surveys.rules import Mode

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class UnableToReport(Unable):
    """The report can not be made so; the message says what to change."""


@click.group("report")
def report_command() -> None:
    """Reports as JSON, CSV or a table."""


def require_kind(session: Session, survey: SurveyRow, wanted: ReportKind) -> None:
    """Raises UnableToReport, naming the right command, where the survey has another report."""
    kind = kind_of(list_definitions(session).get(survey.id))
    if kind is not wanted:
        raise UnableToReport(
            f"{survey.slug} has another report: feedback report {kind} --survey {survey.slug}"
        )


def write_report(text: str, layout: str, output: Path | None) -> None:
    """To the terminal, or to a file; raises UnableToReport where that can not be written."""
    if output is None:
        click.echo(text, nl=layout != "csv")
        return
    try:
        output.write_bytes(text.encode("utf-8-sig" if layout == "csv" else "utf-8"))
    except OSError as error:
        raise UnableToReport(f"{output} can not be written ({error.strerror}).") from error
    click.echo(f"Written: {output}", err=True)


def smallest_group(survey: SurveyRow, wanted: int | None) -> int:
    """The smallest group told: the survey's own, or what was asked for if that is allowed."""
    if wanted is None:
        return survey.k
    if wanted < survey.k and survey.mode is Mode.ANONYMOUS:
        raise UnableToReport(
            f"{survey.slug} is anonymous: it promises that no group under {survey.k} is told. "
            f"Use --min-group {survey.k} or more."
        )
    return wanted
