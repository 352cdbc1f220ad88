"""The form of a contact slip, and the signed copy of an answer that may be attached to it."""

from __future__ import annotations

import hmac
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.contacts.rules import LONGEST_NAME, LONGEST_REACH, LONGEST_TIME, Slip
from feedback_app.surveys.rules import Form, Problem, ProblemKind
from feedback_app.surveys.rules.question import read_text

NAME, REACH, TIME, COPY, ATTACH = "name", "reach", "hours", "copy", "attach"
LIMITS = {NAME: LONGEST_NAME, REACH: LONGEST_REACH, TIME: LONGEST_TIME}
SIGNATURE_BYTES = 32
#: A longer copy would make the page heavy: it is not offered then.
LONGEST_COPY = 8000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sent form says, and what is to be mended: field -> words."""

    slip: Slip
    errors: Mapping[str, str]


def read_slip(form: Form, *, language: str, answer: Mapping[str, Any] | None) -> Reading:
    """The slip that was sent. `answer`: the copy that came with the form.

    It is attached only where the box that says so was ticked.
    """
    given: dict[str, str] = {}
    problems: list[Problem] = []
    for field, limit in LIMITS.items():
        given[field], found = read_text(form, field, limit)
        problems += found
    if not given[REACH]:
        problems.append(Problem(REACH, ProblemKind.MISSING))
    attached = answer if form.get(ATTACH) else None
    slip = Slip(given[NAME], given[REACH], given[TIME], language, attached)
    return Reading(slip, {each.field: _word(each) for each in problems})


def _word(problem: Problem) -> str:
    if problem.kind is ProblemKind.MISSING:
        return str(_("Write a telephone number or an e-mail address."))
    return str(
        ngettext(
            "Shorten this text by %(num)s character: there is room for %(limit)s.",
            "Shorten this text by %(num)s characters: there is room for %(limit)s.",
            problem.given - problem.limit,
            limit=problem.limit,
        )
    )


def pack_copy(secret: str, place: str, document: Mapping[str, Any]) -> str:
    """An answer as a hidden field carries it: signed, so that only what was sent comes back.

    "" when it is too long to be carried.
    """
    packed = zlib.compress(json.dumps(document, ensure_ascii=False).encode(), 9)
    text = urlsafe_b64encode(_sign(secret, place, packed) + packed).decode()
    return text if len(text) <= LONGEST_COPY else ""


def unpack_copy(secret: str, place: str, text: str) -> dict[str, Any] | None:
    """The answer inside `text`; None when there is none or this site did not sign it."""
    if not text.isascii() or len(text) > LONGEST_COPY:
        return None
    try:
        whole = urlsafe_b64decode(text)
    except ValueError:
        return None
    signature, packed = whole[:SIGNATURE_BYTES], whole[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(secret, place, packed)):
        return None
    document = json.loads(zlib.decompress(packed))
    return document if isinstance(document, dict) else None


def _sign(secret: str, place: str, packed: bytes) -> bytes:
    message = b"contact-slip-copy\0" + place.encode() + b"\0" + packed
    return hmac.digest(secret.encode(), message, "sha256")
