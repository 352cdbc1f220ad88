"""What was refused, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from feedback_app.foundation.rules import Marked, Unable


def say(refusal: Unable) -> str:
    """A refusal in the reader's language; in English where nobody marked it for translation."""
    if not refusal.sentence:
        return str(refusal)
    facts = {
        name: gettext(fact) if isinstance(fact, Marked) else fact
        for name, fact in refusal.facts.items()
    }
    return str(gettext(refusal.sentence, **facts))
