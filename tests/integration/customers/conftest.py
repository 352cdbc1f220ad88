"""A researcher in front of the customers' pages, and the command that imports lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from feedback_app.cli import main
from feedback_app.foundation.db import Database
from feedback_app.staff.rules import Role
from tests.factories.staff import add_staff, browser_of


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it wrote."""

    status: int
    out: str
    err: str

    def number(self, words: str) -> int:
        """The number that the summary gives after `words`."""
        lines = dict(line.split(": ", 1) for line in self.out.splitlines() if ": " in line)
        return int(lines[words])


@pytest.fixture
def bring_in(
    settings: Settings,
    prepared: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ended]:
    """A function that runs `feedback import customers FILE ...`."""
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)

    def run(file: Path, *more: object) -> Ended:
        capsys.readouterr()
        status = 0
        try:
            main(["import", "customers", str(file), *map(str, more)])
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return run


BOUNDARY = "between-the-parts-of-a-form"


def _multipart(texts: dict[str, str], files: dict[str, Path]) -> bytes:
    parts = [(f'name="{name}"', text.encode()) for name, text in texts.items()]
    parts += [
        (f'name="{name}"; filename="{path.name}"', path.read_bytes())
        for name, path in files.items()
    ]
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for head, content in parts
    )
    return body + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Visitor:
    """Somebody signed in, who reads pages and sends the forms on them."""

    client: FlaskClient

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status
        return answer.text

    def send(self, path: str, **fields: object) -> TestResponse:
        """Post to `path` with the token of a page; a Path among the fields is sent as a file."""
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', self.read("/staff/customers/import")
        )
        assert found is not None
        files = {name: value for name, value in fields.items() if isinstance(value, Path)}
        texts = {name: str(value) for name, value in fields.items() if name not in files}
        texts["csrf_token"] = found[1]
        if not files:
            return self.client.post(path, data=texts)
        # Written by hand: the client would leave its own temporary file for large ones open.
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.client.post(path, data=_multipart(texts, files), content_type=kind)

    def send_list(self, file: Path) -> str:
        """Send a list; the address of its mapping page."""
        answer = self.send("/staff/customers/import", file=file)
        assert answer.status_code == 302, answer.text
        return answer.location

    def choices(self, address: str) -> dict[str, str]:
        """What the mapping page's menus show, as their form would be sent."""
        page = self.read(address)
        chosen = {}
        for menu in re.findall(r'<select[^>]* name="(column-\d+)".*?</select>', page, re.DOTALL):
            part = page[page.index(f'name="{menu}"') :]
            found = re.search(r'<option value="([^"]*)" selected', part[: part.index("</select>")])
            chosen[menu] = found[1] if found else ""
        everybody = re.search(r'name="everybody"[^>]*value="([^"]*)" checked', page)
        chosen["everybody"] = everybody[1] if everybody else ""
        return chosen


@pytest.fixture
def visitor(app: Flask, database: Database) -> Visitor:
    """A researcher who reads English."""
    add_staff(database, "researcher@example.com", Role.RESEARCHER)
    return Visitor(browser_of(app, "researcher@example.com").client)
