"""What a staff member had best do next, told by the rooms, shown on the home page.

A room that knows of something to do registers a provider; the home page stands below them
all in the dependency order and only asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from feedback_app.foundation.rules import Permission

_KEY = "feedback_next_steps"
#: More would be a list to read, not what to do next.
MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: words in the reader's language, an address, and how soon.

    The lowest `priority` stands first. `detail` is a line under it, `action` what its button
    says, `progress` (have, needed) draws a bar, `is_demo` marks steps about demo data.
    """

    text: str
    url: str
    priority: int
    detail: str = ""
    action: str = ""
    progress: tuple[int, int] | None = None
    is_demo: bool = False


#: Gives the steps for somebody with these rights; reads through the session, never writes.
Provider = Callable[[Session, frozenset[Permission]], Iterable[NextStep]]


def register(app: Flask, provider: Provider) -> None:
    """Ask `provider` whenever the home page is assembled."""
    app.extensions.setdefault(_KEY, []).append(provider)


def list_steps(session: Session, permissions: frozenset[Permission]) -> list[NextStep]:
    """The rooms' most urgent steps; steps of one priority keep their order."""
    providers: list[Provider] = current_app.extensions.get(_KEY, [])
    steps = [step for provider in providers for step in provider(session, permissions)]
    return sorted(steps, key=lambda step: step.priority)[:MOST_STEPS]
