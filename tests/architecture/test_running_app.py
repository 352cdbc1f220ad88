"""Rules that only the running application shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

#: A literal part of an address: words in lower case joined by hyphens; a file may end in .csv.
KEBAB_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
NEVER_IN_PAGE_SERVER = (
    "matplotlib",
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
    "skops",
    "openpyxl",
    "reports",
)
#: Signing in and what it stands on: half as much again as a respondents' process needs.
NEVER_BESIDE_RESPONDENTS = (
    *("flask_security", "flask_login", "flask_principal", "flask_wtf", "flask_bootstrap"),
    *("wtforms", "cryptography", "passlib", "argon2", "qrcode", "email_validator"),
)


def test_addresses_are_kebab_case(sqlite_app: Flask) -> None:
    strangers = []
    for rule in sqlite_app.url_map.iter_rules():
        literal = re.sub(r"<[^>]+>", "", rule.rule)
        parts = [part for part in re.split(r"[/.]", literal) if part]
        if not all(KEBAB_CASE.fullmatch(part) for part in parts):
            strangers.append(rule.rule)
    assert strangers == []
    assert len(list(sqlite_app.url_map.iter_rules())) > 1


RESPONDENTS_PAGES = (
    "/health",
    "/s/nothing-here",
    "/i/nobody",
    "/u/nobody",
    "/q/nothing",
    "/kiosk/nowhere",
)
STAFF_PAGES = ("/", "/staff/sign-in")


def test_page_server_never_loads_the_analysis(home: Path, sqlite_url: str) -> None:
    asked = (*RESPONDENTS_PAGES, *STAFF_PAGES)
    loaded = loaded_by("make_app", asked, home, sqlite_url)
    assert loaded & set(NEVER_IN_PAGE_SERVER) == set()
    assert "flask_security" in loaded


@pytest.mark.parametrize("factory", ["make_app", "make_respondents"])
def test_respondents_never_load_the_staff_side(home: Path, sqlite_url: str, factory: str) -> None:
    loaded = loaded_by(factory, RESPONDENTS_PAGES, home, sqlite_url)
    assert loaded & {*NEVER_IN_PAGE_SERVER, *NEVER_BESIDE_RESPONDENTS} == set()
    assert "flask" in loaded


def test_a_server_of_respondents_has_no_staff_pages(home: Path, sqlite_url: str) -> None:
    loaded = loaded_by("make_respondents", STAFF_PAGES, home, sqlite_url, expected=404)
    assert "flask_security" not in loaded


def loaded_by(
    factory: str, addresses: tuple[str, ...], home: Path, url: str, *, expected: int = 0
) -> set[str]:
    """What a page server has imported once it was asked for `addresses`: names of packages.

    `expected`: the status of every answer, unless it is 0.
    """
    script = f"""
import sys
from werkzeug.test import Client
from feedback_app.wsgi import {factory}
client = Client({factory}())
for address in {addresses!r}:
    status = client.get(address).status_code
    assert {expected!r} in (0, status), (address, status)
print(" ".join(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
    environ = {
        "PATH": os.environ["PATH"],
        "FEEDBACK_HOME": str(home),
        "FEEDBACK_DATABASE_URL": url,
    }
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env=environ,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())
