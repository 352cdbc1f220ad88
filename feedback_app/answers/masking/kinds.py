"""Kinds of personal data and the marks that stand in their place."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What was masked."""

    PHONE = "phone"
    EMAIL = "email"
    CARD = "card"
    ACCOUNT = "account"
    NAME = "name"


#: The tagger reads a word in square brackets as a number: it speaks for no cause.
MARKS = {kind: f"[{kind}]" for kind in Kind}
