"""Reading bounces: RFC 3464 reports, however deep they are nested, and the VERP address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from uuid import UUID

LARGEST_BOUNCE = 1024 * 1024  # bytes that are looked at; reports quote whole mails
DEEPEST = 12
_VERP = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
#: Headers in which a mail server leaves the address that it delivered the bounce to.
_ADDRESSEES = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "X-Failed-Recipients")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of one mail: its invitation, the status, and whether it is for good.

    `recipient` is the address that the report blames, "" when it names none.
    """

    invitation_id: UUID
    status: str
    is_hard: bool
    recipient: str = ""


def read_bounce(content: bytes) -> Bounce | None:
    """The bounce in a mail; None when it is none of ours or reports no failure.

    Only a report by RFC 3464 counts, and only with our return path in it: a vacation note
    or somebody's invented "failure" suppresses nobody.
    """
    try:
        mail = message_from_bytes(content[:LARGEST_BOUNCE], policy=compat32)
    except RecursionError:  # thousands of mails in each other: nobody reports so
        return None
    invitation_id = _find_invitation(mail)
    if invitation_id is None:
        return None
    for part, depth in _walk(mail, 0):
        if depth <= DEEPEST and part.get_content_type() in (
            "message/delivery-status",
            "message/global-delivery-status",
        ):
            found = _read_report(part, invitation_id)
            if found is not None:
                return found
    return None


def _read_report(part: Message, invitation_id: UUID) -> Bounce | None:
    """The first recipient that failed or is being retried."""
    for block in _blocks(part):
        action = str(block.get("Action", "")).strip().lower()
        status = _STATUS.search(str(block.get("Status", "")))
        if action not in ("failed", "delayed") or status is None:
            continue
        _kind, _, address = str(
            block.get("Original-Recipient") or block.get("Final-Recipient") or ""
        ).partition(";")
        return Bounce(
            invitation_id,
            status[0],
            is_hard=action == "failed" and status[1] == "5" and not _is_passing(status[0]),
            recipient=address.strip().strip("<>").lower(),
        )
    return None


def _is_passing(status: str) -> bool:
    """5.2.2 is a full mailbox, 5.3.x, 5.4.x and 5.7.x are quarrels between servers."""
    return status == "5.2.2" or status.split(".")[1] in ("3", "4", "7")


def _blocks(part: Message) -> Iterator[Message]:
    """Groups of fields: the parser makes a message of each; a broken report is one text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (each for each in payload if isinstance(each, Message))
        return
    for block in re.split(r"\r?\n\s*\r?\n", str(payload)):
        yield message_from_bytes(block.strip().encode("utf-8", "replace"), policy=compat32)


def _find_invitation(mail: Message) -> UUID | None:
    """Whose mail came back: by the address the report was sent to, else by the quoted mail."""
    for part, depth in _walk(mail, 0):
        if depth > DEEPEST:
            continue
        names = _ADDRESSEES if depth == 0 else ("Return-Path", "X-Original-Return-Path")
        for name in names:
            for value in part.get_all(name, []):
                found = _VERP.search(str(value))
                if found is not None:
                    with suppress(ValueError):
                        return UUID(found[1])
    return None


def _walk(part: Message, depth: int) -> Iterator[tuple[Message, int]]:
    """The mail and all its parts with their depth; as far as DEEPEST and a little beyond."""
    yield part, depth
    payload = part.get_payload()
    if isinstance(payload, list) and depth <= DEEPEST:
        for each in payload:
            if isinstance(each, Message):
                yield from _walk(each, depth + 1)
