"""The `feedback` command.

Exit status: 0 done; 2 bad input or setting (one line says what and what to do); 1 anything
else. Subcommands load when they are called, so `feedback serve` never loads a chart library.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from config import UnableToReadSettings
from feedback_app.foundation.rules import Unable

BAD_INPUT = 2
FAILED = 1

#: subcommand -> (module that holds it, its one-line help)
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("feedback_app.cli.server", "Create or update the database and the key folder."),
    "serve": ("feedback_app.cli.server", "Serve the pages."),
    "worker": ("feedback_app.cli.server", "Open full batches and do everything else that is due."),
    "demo": ("feedback_app.cli.demo", "Fill an example company with marked demo data."),
    "staff": ("feedback_app.cli.staff", "Staff accounts."),
    "survey": ("feedback_app.cli.surveys", "Surveys: create, list, open, close."),
    "wave": ("feedback_app.cli.waves", "Waves: links for your own mailing; pause, cancel."),
    "mail": ("feedback_app.cli.mail", "Mail: a test, bounces, mails in doubt."),
    "import": ("feedback_app.cli.imports", "Bring in answers collected elsewhere, and customers."),
    "report": ("feedback_app.cli.reports", "Reports as JSON, CSV or a table."),
    "tag": ("feedback_app.cli.tagging", "Suggest causes for the statements in a file."),
    "tagger": ("feedback_app.cli.tagging", "How good the suggestions are; training."),
    "backup": ("feedback_app.cli.backup", "Write a consistent copy without the batch keys."),
    "restore": ("feedback_app.cli.backup", "Bring a backup back into an empty database."),
}


class LazyGroup(click.Group):
    """A group whose subcommands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The subcommands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds `cmd_name`."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = getattr(module, f"{cmd_name}_command")
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup, name="feedback", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="feedback-app")
def feedback() -> None:
    """Why do customers leave, and did what we changed help?"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the console script; turns every failure into a line and a status."""
    try:
        feedback.main(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(FAILED)
    except (Unable, UnableToReadSettings) as error:
        click.echo(f"feedback: {error}", err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        # The reader of our output (head, less) went away: not a failure of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("PYTHONDEVMODE"):
            raise
        text = str(error).strip().splitlines()
        click.echo(f"feedback: {type(error).__name__}: {text[0] if text else ''}", err=True)
        sys.exit(FAILED)
