"""Where a statement's words come from, where it is no answer."""

from __future__ import annotations

#: A statement whose question begins so is a card of a live session: staff wrote it, no customer.
CARD = "session "


def question_of_card(code: str) -> str:
    """What stands in the place of the question for cards of the session with this code."""
    return f"{CARD}{code}"


def session_of(question: str) -> str:
    """The code of the session whose card a statement is, "" for customers' words."""
    return question.removeprefix(CARD) if question.startswith(CARD) else ""
