"""The documents are true: what they name exists, what exists is named, every link leads on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from config import SETTINGS
from feedback_app.cli import COMMANDS, feedback
from feedback_app.staff.rules import Role

ROOT = Path(__file__).resolve().parents[2]
SETTINGS_PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups opened."""
    context = click.Context(feedback)
    for name in COMMANDS:
        command = feedback.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            for below, each in command.commands.items():
                yield f"{name} {below}", each
        else:
            yield name, command


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in SETTINGS_PAGE


def test_no_setting_is_explained_that_does_not_exist() -> None:
    assert set(re.findall(r"FEEDBACK_[A-Z_]+", SETTINGS_PAGE)) <= set(SETTINGS) | {"FEEDBACK_"}


def test_every_command_stands_in_the_table_and_explains_itself() -> None:
    for name, command in commands():
        group, _, below = name.partition(" ")
        assert f"feedback {group}" in SETTINGS_PAGE
        assert not below or re.search(rf"feedback {group}\b.*`?\b{below}\b", SETTINGS_PAGE), name
        assert command.help, name


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_named(role: Role) -> None:
    assert f"`{role}`" in SETTINGS_PAGE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} -> {target}"
