"""`feedback survey`: create, list, open, invite, close."""

from __future__ import annotations

import click

from config import LANGUAGES, Settings
from feedback_app.cli import setting
from feedback_app.cli.invitations import invite_command
from feedback_app.foundation.db import Database

BY = "command line"


@click.group("survey")
def survey_command() -> None:
    """Surveys: create, list, open, invite, close."""


survey_command.add_command(invite_command)


@survey_command.command("create")
@click.option("--template", default="departed", show_default=True, help="Template to begin from.")
@click.option("--name", required=True, help="Name that staff see.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of readers who name none.")
@click.option("--k", "k", default=10, show_default=True, help="Answers that open together, >= 5.")
@click.option("--named", is_flag=True, help="Keep answers with the respondent's name (says so).")
@click.option("--open", "is_opened", is_flag=True, help="Take answers at once.")
def create(
    template: str, name: str, language: str | None, k: int, named: bool, is_opened: bool
) -> None:
    """Make a survey from a template; the last line is its public address."""
    from feedback_app.answers import actions as answers
    from feedback_app.surveys import actions
    from feedback_app.surveys.rules import Mode

    settings, database = _begin()
    with database.writing() as session:
        survey = actions.create(
            session,
            by=BY,
            template=template,
            name=name,
            language=language or settings.language,
            k=k,
            mode=Mode.NAMED if named else Mode.ANONYMOUS,
        )
        if is_opened:
            answers.open_survey(session, survey.id, by=BY, folder=settings.keys)
    click.echo(f"{'Open' if is_opened else 'Draft'}: {survey.name} ({survey.slug})")
    click.echo(f"{settings.base_url}/s/{survey.slug}")


@survey_command.command("list")
def list_surveys() -> None:
    """Every survey: slug, state, mode, answers opened, answers waiting, address."""
    from feedback_app.answers.queries import count_answers
    from feedback_app.ballots.queries import count_waiting
    from feedback_app.surveys.queries import list_surveys as rows

    settings, database = _begin()
    with database.reading() as session:
        for row in rows(session):
            counts = f"{count_answers(session, row.id)}\t{count_waiting(session, row.id)}"
            address = f"{settings.base_url}/s/{row.slug}"
            click.echo(f"{row.slug}\t{row.state}\t{row.mode}\t{counts}\t{address}")


@survey_command.command("open")
@click.argument("survey")
def open_survey(survey: str) -> None:
    """Open the draft SURVEY (id, slug or name): its questions are fixed from now on."""
    from feedback_app.answers import actions as answers
    from feedback_app.surveys.queries import get_survey

    settings, database = _begin()
    with database.writing() as session:
        row = get_survey(session, survey)
        answers.open_survey(session, row.id, by=BY, folder=settings.keys)
    click.echo(f"{settings.base_url}/s/{row.slug}")


@survey_command.command("close")
@click.argument("survey")
@click.option("--yes", is_flag=True, help="Do not ask.")
def close(survey: str, yes: bool) -> None:
    """Close SURVEY for good: waiting answers open if they are a crowd, else are destroyed."""
    from feedback_app.ballots.queries import count_waiting
    from feedback_app.surveys import actions
    from feedback_app.surveys.queries import get_survey

    _settings, database = _begin()
    with database.reading() as session:
        row = get_survey(session, survey)
        waiting = count_waiting(session, row.id)
    if waiting and not yes:
        click.confirm(
            f"{waiting} sealed answers wait; those that are fewer than {row.k} together will be "
            "destroyed unread. Close?",
            abort=True,
        )
    with database.writing() as session:
        actions.close(session, row.id, by=BY)
    click.echo(f"Closed: {row.name}. The worker opens or destroys what waits.")


def _begin() -> tuple[Settings, Database]:
    settings = setting.read_settings()
    return settings, setting.open_database(settings)
