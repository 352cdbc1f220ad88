"""`feedback demo`: an example company, marked as a demo wherever it shows."""

from __future__ import annotations

import click

from feedback_app.cli import setting


@click.command("demo")
@click.option("--remove", is_flag=True, help="Take the demo away again.")
def demo_command(remove: bool) -> None:
    """Fill an example company: surveys, made-up answers, ready reports, a mail to be sent."""
    from feedback_app.demo import actions

    settings = setting.read_settings()
    database = setting.open_database(settings)
    with database.writing() as session:
        if remove:
            click.echo(f"Demo taken away: {actions.remove(session)} answers.")
            return
        demo = actions.fill(session, folder=settings.keys)
    click.echo(f"Demo filled: {demo.answers} made-up answers.")
    click.echo(f"Survey:  {settings.base_url}/s/{demo.slug}")
    click.echo(f"Report:  {settings.base_url}/reports/{demo.slug}/causes")
    click.echo(f"Mail:    {settings.base_url}/staff/waves/{demo.wave_id}/confirm")
    click.echo(f"Sign in: {settings.base_url}/staff/sign-in")
    click.echo(f"         {demo.email}")
    click.echo(f"         {demo.password}")
