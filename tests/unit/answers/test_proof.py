"""The puzzle of a form: solved by work, bound to the form's own token."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from feedback_app.answers import proof

SECRET = "a secret of the tests"


def solve(puzzle: str) -> dict[str, Any]:
    """What the page's script does, in its own words."""
    it = json.loads(puzzle)
    number = next(
        n
        for n in range(it["maxNumber"] + 1)
        if hashlib.sha256(f"{it['salt']}{n}".encode()).hexdigest() == it["challenge"]
    )
    return {**it, "number": number}


def sent(solution: object) -> str:
    return base64.b64encode(json.dumps(solution).encode()).decode()


@pytest.fixture(scope="module")
def solution() -> dict[str, Any]:
    return solve(proof.make_puzzle(SECRET, "token-1"))


def test_a_solved_puzzle_is_known(solution: dict[str, Any]) -> None:
    assert proof.is_solved(SECRET, "token-1", sent(solution))


def test_it_serves_no_other_form_and_no_other_site(solution: dict[str, Any]) -> None:
    assert not proof.is_solved(SECRET, "token-2", sent(solution))
    assert not proof.is_solved("another secret", "token-1", sent(solution))


def test_guessing_does_not_help(solution: dict[str, Any]) -> None:
    assert not proof.is_solved(SECRET, "token-1", sent({**solution, "number": 1 + HARDEST}))
    easier = hashlib.sha256(f"{solution['salt']}0".encode()).hexdigest()
    forged = {**solution, "number": 0, "challenge": easier}
    assert not proof.is_solved(SECRET, "token-1", sent(forged))


HARDEST = proof.HARDEST


@pytest.mark.parametrize(
    "text",
    ["", "?", "e30=", sent([]), sent({"number": "1"}), sent({"number": 1, "salt": 5}), "\ud800"],
)
def test_nonsense_is_no_solution(text: str) -> None:
    assert not proof.is_solved(SECRET, "token-1", text)
