"""`feedback staff`: accounts from the command line; the first administrator is made here."""

from __future__ import annotations

import sys

import click

from feedback_app.cli import setting
from feedback_app.foundation.rules import Unable
from feedback_app.staff import actions, queries, setup
from feedback_app.staff.rules import SHORTEST_PASSWORD, Role

BY = "command line"


class UnableToReadPassword(Unable):
    """No password arrived, or the two that were typed differ."""


@click.group("staff")
def staff_command() -> None:
    """Staff accounts: add, list, deactivate."""


@staff_command.command("add")
@click.option("--email", required=True, help="The address the account signs in with.")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    metavar="ROLE",
    help=f"What the account is for; may be repeated: {', '.join(Role)}.",
)
def add_account(email: str, roles: tuple[str, ...]) -> None:
    """Add an account.

    The password is asked for twice, or read from the first line of standard input when that
    is not a terminal.
    """
    settings = setting.read_settings()
    database = setting.open_database(settings)
    password = _read_password()
    with database.writing() as session:
        staff_id = actions.add(session, email=email, password=password, roles=roles, by=BY)
        row = queries.get_staff(session, staff_id)
    setup.ensure_code(settings, database)  # the setup link has served
    click.echo(f"Added {row.email} ({', '.join(sorted(row.roles))}).")
    click.echo(f"Sign in: {settings.base_url}/staff/sign-in")


@staff_command.command("list")
def list_accounts() -> None:
    """List the accounts: e-mail, roles, state, separated by tabs."""
    database = setting.open_database(setting.read_settings())
    with database.reading() as session:
        rows = queries.list_staff(session)
    if not rows:
        click.echo("No staff account yet: feedback staff add --email E --role admin", err=True)
    for row in rows:
        state = "active" if row.is_active else "deactivated"
        demo = "\tdemo" if row.is_demo else ""
        click.echo(f"{row.email}\t{','.join(sorted(row.roles))}\t{state}{demo}")


@staff_command.command("deactivate")
@click.option("--email", required=True, help="The account that shall not sign in any more.")
def deactivate_account(email: str) -> None:
    """End an account's access at once; what it did stays in the log."""
    database = setting.open_database(setting.read_settings())
    with database.writing() as session:
        row = queries.get_staff_by_email(session, email)
        actions.deactivate(session, row.id, by=BY)
    click.echo(f"{row.email} can not sign in any more.")


def _read_password() -> str:
    if sys.stdin.isatty():
        click.echo(f"At least {SHORTEST_PASSWORD} characters; several words work well.", err=True)
        password = str(click.prompt("Password", hide_input=True, err=True))
        again = str(click.prompt("Once more", hide_input=True, err=True))
        if password != again:
            raise UnableToReadPassword("Not added: the two passwords differ.")
        return password
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UnableToReadPassword(
            "Not added: no password arrived; give it as the first line of standard input."
        )
    return password
