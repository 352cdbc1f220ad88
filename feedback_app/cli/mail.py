"""`feedback mail`: a test mail, bounces, mails in doubt."""

from __future__ import annotations

import sys
from uuid import UUID, uuid4

import click

from feedback_app.cli import setting
from feedback_app.foundation.rules import Unable

BY = "command line"


class UnableToReadBounces(Unable):
    """No place is named to read bounces from, or it can not be read."""


@click.group("mail")
def mail_command() -> None:
    """Mail: a test, bounces, mails in doubt."""


@mail_command.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send one mail to ADDRESS and say in words what is wrong if it does not leave."""
    from feedback_app.foundation import mail

    settings = setting.read_settings()
    letter = mail.write_mail(
        settings.mail,
        mail.Addressee(key=uuid4().hex, to=address.strip()),
        mail.Words(
            "A test mail",
            f"Mail from {settings.base_url} arrives.\n",
            f"<!doctype html><title>Test</title><p>Mail from {settings.base_url} arrives.</p>",
            "en",
        ),
    )
    place = mail.send_now(settings, letter)
    if settings.mail.is_folder:
        click.echo(f"FEEDBACK_MAIL_HOST is not set: nothing was sent. Written to {place}")
    else:
        click.echo(f"{place} took the mail to {address}. Look whether it arrives.")


@mail_command.command("bounces")
@click.option("--maildir", help="A maildir to read; what was read moves from new to cur.")
@click.option("--pipe", is_flag=True, help="Read one mail from standard input.")
def bounces(maildir: str | None, pipe: bool) -> None:
    """Read bounces: hard ones suppress their address, soft ones are counted."""
    from feedback_app.invitations import inboxes
    from feedback_app.invitations.actions import take_bounce
    from feedback_app.invitations.rules import read_bounce

    settings = setting.read_settings()
    database = setting.open_database(settings)
    if pipe:
        mails = iter([sys.stdin.buffer.read(inboxes.LARGEST)])
    elif maildir:
        mails = inboxes.read_maildir(maildir)
    elif settings.mail.bounces_inbox:
        mails = inboxes.read_inbox(settings.mail)
    else:
        raise UnableToReadBounces(
            "Name a place to read from: --maildir, --pipe or FEEDBACK_MAIL_BOUNCES_INBOX."
        )
    counts = {"hard": 0, "soft": 0, "other": 0}
    for content in mails:
        bounce = read_bounce(content)
        is_ours = False
        if bounce is not None:
            with database.writing() as session:
                is_ours = take_bounce(session, bounce)
        kind = "hard" if bounce is not None and bounce.is_hard else "soft"
        counts[kind if is_ours else "other"] += 1
    click.echo(", ".join(f"{name}: {number}" for name, number in counts.items()))


@mail_command.group("doubtful")
def doubtful() -> None:
    """Mails of which nobody knows whether they arrived."""


@doubtful.command("list")
def list_doubtful() -> None:
    """Id, wave and address of every mail in doubt."""
    from feedback_app.invitations import queries

    database = setting.open_database(setting.read_settings())
    with database.reading() as session:
        for row in queries.list_doubtful(session):
            click.echo(f"{row.id}\t{row.wave_name}\t{row.address}")


@doubtful.command("send-again")
@click.argument("ids", nargs=-1, required=True, type=click.UUID)
def send_again(ids: tuple[UUID, ...]) -> None:
    """Queue the mails IDS once more: they did not arrive."""
    from feedback_app.invitations import actions

    database = setting.open_database(setting.read_settings())
    with database.writing() as session:
        for each in ids:
            actions.send_again(session, each, by=BY)
    click.echo(f"Queued again: {len(ids)}")


@doubtful.command("treat-as-sent")
@click.argument("ids", nargs=-1, required=True, type=click.UUID)
def treat_as_sent(ids: tuple[UUID, ...]) -> None:
    """Count the mails IDS as sent: they arrived."""
    from feedback_app.invitations import actions

    database = setting.open_database(setting.read_settings())
    with database.writing() as session:
        for each in ids:
            actions.treat_as_sent(session, each, by=BY)
    click.echo(f"Counted as sent: {len(ids)}")
