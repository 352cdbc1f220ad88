"""What workers that were killed left behind: their logbooks are read and their mails settled."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from feedback_app.foundation.db import Database, utc_now
from feedback_app.invitations import actions
from feedback_app.invitations.actions import LeftMail
from feedback_app.invitations.logbook import read_boot
from feedback_app.invitations.rules import LEASE_SECONDS, MailState

log = logging.getLogger(__name__)


def take_over_orphans(database: Database, folder: Path) -> None:
    """Settle what the logbooks of killed workers tell; those of the living stay as they are."""
    for path in sorted(folder.glob("*.log")) if folder.is_dir() else ():
        with _orphan(path) as text:
            left = [] if text is None else read_log(text, boot=read_boot())
            if left:
                with database.writing() as session:
                    queued = actions.take_over(session, left, now=utc_now())
                log.warning("a worker was killed: %s of its mails are queued again", queued)


@contextmanager
def _orphan(path: Path) -> Iterator[str | None]:
    """The logbook of a worker that is gone; the file goes when the block ends well."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None  # its worker lives
            return
        text = path.read_text("ascii") if os.fstat(descriptor).st_nlink else ""
        if text and not _is_of_this_boot(text) and _is_young(descriptor):
            yield None  # perhaps another machine's, which knows more about it
            return
        yield text
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _is_of_this_boot(text: str) -> bool:
    return text.startswith(f"boot {read_boot()}\n")


def _is_young(descriptor: int) -> bool:
    return time.time() - os.fstat(descriptor).st_mtime < LEASE_SECONDS


def read_log(text: str, *, boot: str) -> list[LeftMail]:
    """The mails that a logbook leaves open. `boot` is this machine's."""
    # A line that was not written whole did not happen: the worker waits for the write.
    lines = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
    is_whole = lines[:1] == [["boot", boot]]
    left: dict[UUID, LeftMail] = {}
    for word, *rest in lines[1:]:
        if word == "kept":
            for each in rest:
                left.pop(UUID(each), None)
            continue
        id_ = UUID(rest[0])
        if word == "marked":
            left[id_] = LeftMail(id_, datetime.fromisoformat(rest[1]), may_have_left=not is_whole)
        elif word == "begun":
            left[id_] = replace(left[id_], may_have_left=True)
        else:
            state, is_retry, *reply = rest[1:]
            left[id_] = replace(
                left[id_], state=MailState(state), reply=" ".join(reply), retry=is_retry == "1"
            )
    return list(left.values())
