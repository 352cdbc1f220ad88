"""`feedback staff` as other people's scripts call it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.staff import queries, setup
from feedback_app.staff.rules import Role

EMAIL = "anna@example.com"
PASSWORD = "a quiet river 7"


@pytest.fixture
def run(settings: Settings, prepared: Database):
    def call(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "feedback_app.cli", "staff", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(settings),
        )

    return call


def environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "FEEDBACK_HOME": str(settings.home),
        "FEEDBACK_DATABASE_URL": settings.database_url,
    }


def test_add_list_deactivate(run, settings: Settings, database: Database) -> None:
    code = setup.ensure_code(settings, database)
    added = run("add", "--email", EMAIL, "--role", "admin", "--role", "manager", typed=PASSWORD)
    assert added.returncode == 0, added.stderr
    assert EMAIL in added.stdout
    assert PASSWORD not in added.stdout + added.stderr
    assert setup.find_code(settings) is None
    assert code
    second = run("add", "--email", "b@example.com", "--role", "admin", typed=f"{PASSWORD}\nrest\n")
    assert second.returncode == 0
    listed = run("list")
    assert listed.stdout.splitlines() == [
        f"{EMAIL}\tadmin,manager\tactive",
        "b@example.com\tadmin\tactive",
    ]
    assert run("deactivate", "--email", EMAIL.upper()).returncode == 0
    with database.reading() as session:
        assert not queries.get_staff_by_email(session, EMAIL).is_active
        assert queries.list_audit(session).rows[0].by == "command line"
    last = run("deactivate", "--email", "b@example.com")
    assert last.returncode == 2
    assert "last administrator" in last.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("--email", "anna", "--role", "admin"), PASSWORD, "not an address"),
        (("--email", EMAIL, "--role", "king"), PASSWORD, "no role 'king'"),
        (("--email", EMAIL, "--role", "admin"), "short\n", "10 characters or more"),
        (("--email", EMAIL, "--role", "admin"), "", "no password arrived"),
        (("--email", EMAIL, "--role", "admin"), EMAIL, "must not be the e-mail"),
        (("--email", "known@example.com", "--role", "admin"), PASSWORD, "already has an account"),
        (("--email", EMAIL), PASSWORD, "--role"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2(run, database, arguments, typed, words) -> None:
    from tests.factories.staff import add_staff

    add_staff(database, "known@example.com", Role.MANAGER)
    answer = run("add", *arguments, typed=typed)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    with database.reading() as session:
        assert len(queries.list_staff(session)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("again", "status"), [(PASSWORD, 0), ("something else", 2)])
def test_at_a_terminal_the_password_is_asked_for_twice(
    settings: Settings, prepared: Database, again: str, status: int
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "feedback_app.cli", "staff", "add"),
            *("--email", EMAIL, "--role", "admin"),
        ],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(settings),
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    for prompt, typed in ((b"Password:", PASSWORD), (b"Once more:", again)):
        give_up_at = time.monotonic() + 30
        while prompt not in seen and time.monotonic() < give_up_at:
            seen += os.read(ours, 1000)
        os.write(ours, f"{typed}\n".encode())
    try:
        while chunk := os.read(ours, 1000):
            seen += chunk
    except OSError:
        pass  # the other end is closed: the command has ended
    os.close(ours)
    assert process.wait(30) == status, seen
    assert PASSWORD.encode() not in seen
