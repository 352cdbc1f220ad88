"""What stands between an open link and a flood of answers. Nothing is dropped silently.

Calm times: a field that only robots fill in, and a count per network; what looks suspicious
is sealed with a flag. Under load a browser also solves a puzzle while the form is filled in,
or, without a script, the form is to be some seconds old; who is too fast is asked to wait and
keeps everything that was typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request

from feedback_app.answers import forms, proof
from feedback_app.answers.arrivals import Arrivals
from feedback_app.answers.views.place import settings
from feedback_app.surveys.rules import Form

PROOF = "_proof"  # the form's field with the solved puzzle
WAITING_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Guard:
    """The guard of one open link at this moment."""

    survey: str
    is_busy: bool

    def puzzle(self, token: str) -> str:
        """What the page's script has to solve, "" in calm times."""
        return proof.make_puzzle(settings().secret_key, token) if self.is_busy else ""

    def seconds_to_wait(self, form: Form, token: str, age: float) -> int:
        """How long this form must still wait before it is taken; 0 when it may be now."""
        if not self.is_busy or age >= WAITING_SECONDS:
            return 0
        solution = next(iter(form.get(PROOF, ())), "")
        if proof.is_solved(settings().secret_key, token, solution):
            return 0
        return int(WAITING_SECONDS - age) + 1

    def note(self, form: Form) -> bool:
        """Count an answer that is about to be stored; True when it is to be flagged."""
        is_many = arrivals().note(self.survey, request.remote_addr or "")
        return is_many or is_trapped(form)


def is_trapped(form: Form) -> bool:
    """True when the field that no person sees was filled in."""
    return any(text.strip() for text in form.get(forms.TRAP, ()))


def guard_of(survey: str) -> Guard:
    """The guard of an open link."""
    return Guard(survey, arrivals().is_busy(survey))


def arrivals(app: Flask | None = None) -> Arrivals:
    """The counts of `app` (the current application), in this process."""
    app = app or current_app
    found: Arrivals | None = app.extensions.get("feedback_arrivals")
    if found is None:
        made = Arrivals(app.config["FEEDBACK_SETTINGS"].busy_from)
        found = app.extensions.setdefault("feedback_arrivals", made)
    return found
