"""A manager in front of report pages, and the command that makes the same reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from config import Settings
from feedback_app import cli
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.staff import StaffBrowser, add_staff, browser_of


@dataclass
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What was printed as JSON."""
        return json.loads(self.out)


@pytest.fixture
def report_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """A function that runs `feedback report causes` with arguments, in this process."""
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)

    def run(*arguments: str) -> Ended:
        status = 0
        capsys.readouterr()
        try:
            cli.main(["report", "causes", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return run


@pytest.fixture
def manager(app: Flask, prepared: Database) -> StaffBrowser:
    """A manager who has signed in."""
    add_staff(prepared, "manager@example.com", Role.MANAGER)
    return browser_of(app, "manager@example.com")
