"""Rules that only the running application shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

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


def test_addresses_are_kebab_case(sqlite_app: Flask) -> None:
    strangers = []
    for rule in sqlite_app.url_map.iter_rules():
        literal = re.sub(r"<[^>]+>", "", rule.rule)
        parts = [part for part in re.split(r"[/.]", literal) if part]
        if not all(KEBAB_CASE.fullmatch(part) for part in parts):
            strangers.append(rule.rule)
    assert strangers == []
    assert len(list(sqlite_app.url_map.iter_rules())) > 1


def test_page_server_never_loads_the_analysis(home: Path, sqlite_url: str) -> None:
    """Start the application as the page server does, ask it for pages, look at its modules."""
    script = f"""
import sys
from feedback_app.wsgi import make_app
client = make_app().test_client()
for address in ("/health", "/", "/s/nothing-here", "/staff/sign-in"):
    client.get(address)
roots = {{name.partition(".")[0] for name in sys.modules}}
print(" ".join(sorted(roots & set({NEVER_IN_PAGE_SERVER!r}))))
"""
    environ = {
        "PATH": os.environ["PATH"],
        "FEEDBACK_HOME": str(home),
        "FEEDBACK_DATABASE_URL": sqlite_url,
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
    assert answer.stdout.split() == []
