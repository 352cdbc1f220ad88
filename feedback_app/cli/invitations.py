"""`feedback survey invite`: one-time links to hand out."""

from __future__ import annotations

from datetime import datetime

import click

from feedback_app.cli import setting

BY = "command line"


@click.command("invite")
@click.argument("survey")
@click.option("--count", required=True, type=click.IntRange(1, 100_000), help="How many links.")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), help="First day they work no more (UTC)."
)
@click.option("--test", "is_test", is_flag=True, help="Links to try: answers are stored nowhere.")
def invite_command(survey: str, count: int, expires: datetime | None, is_test: bool) -> None:
    """Print COUNT one-time links to SURVEY (id, slug or name), one per line.

    They are shown this once: only their hashes are stored.
    """
    from feedback_app.invitations import actions
    from feedback_app.surveys.queries import get_survey

    settings = setting.read_settings()
    database = setting.open_database(settings)
    with database.writing() as session:
        tokens = actions.issue(
            session,
            survey_id=get_survey(session, survey).id,
            count=count,
            by=BY,
            folder=settings.keys,
            expires_on=expires.date() if expires else None,
            is_test=is_test,
        )
    for token in tokens:
        click.echo(f"{settings.base_url}/i/{token}")
