"""What tests of the wave pages read and type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from feedback_app.foundation.db import Database
from feedback_app.invitations import queries
from feedback_app.invitations.queries import WaveRow
from feedback_app.invitations.rules import MailText
from tests.factories.staff import StaffBrowser

FIRST = {"survey": "departed", "name": "Left in spring", "kind": "once"}


def only_wave(database: Database) -> WaveRow:
    """The one wave there is."""
    with database.reading() as session:
        (wave,) = queries.list_waves(session)
        return wave


def draft(browser: StaffBrowser, **change: str) -> str:
    """The address that all steps of a new draft begin with."""
    made = browser.send("/staff/waves/new", **(FIRST | change))
    assert made.status_code == 302, made.text
    return made.location.removesuffix("/recipients")


def numbers(page: str) -> dict[str, str]:
    """Name -> value of the numbers a page shows."""
    pairs = re.findall(r"<dt>([^<]+)</dt><dd>([^<]*)", page)
    return {unescape(name): unescape(value) for name, value in pairs}


def typed_texts(texts: Mapping[str, MailText], **change: str) -> dict[str, str]:
    """What the form of texts sends when only `change` was typed."""
    return {
        f"{language}-{name}": change.get(name, getattr(text, name))
        for language, text in texts.items()
        for name in MailText.__slots__
    }
