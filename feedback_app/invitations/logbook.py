"""What a worker does with the mails in its hand, in a file that survives the worker.

Mails are marked "in doubt" in the database a handful at a time: a commit is a disk flush. The
logbook tells them apart should the worker be killed. It is written, not flushed: a killed
process loses nothing of it, a machine that loses its power may. So the file names the boot of
the machine, and what it does not say after another boot counts as unknown (docs/adr/0016).
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config import Settings
from feedback_app.foundation.rules import Unable
from feedback_app.invitations.actions import Outcome
from feedback_app.invitations.queries import DueMail

FOLDER = "outbox"
BOOT = Path("/proc/sys/kernel/random/boot_id")


class UnableToKeepLogbook(Unable):
    """The logbook can not be written, so no mail may leave."""


@dataclass
class Logbook:
    """One worker's logbook; the lock on its file says that the worker lives."""

    folder: Path
    _descriptor: int | None = None
    _path: Path | None = None

    def mark(self, mails: Sequence[DueMail]) -> None:
        """These are about to be marked in the database."""
        lines = (f"marked {each.id.hex} {each.lease_until.isoformat()}\n" for each in mails)
        self._write("".join(lines))

    def begin(self, mail: DueMail) -> None:
        """The text of this mail is about to leave."""
        self._write(f"begun {mail.id.hex}\n")

    def end(self, outcome: Outcome) -> None:
        """What became of a mail; the database learns it with the next handful."""
        words = (outcome.mail.id.hex, outcome.state, int(outcome.retry), outcome.reply)
        self._write(" ".join(("ended", *map(str, words))) + "\n")

    def keep(self, outcomes: Sequence[Outcome]) -> None:
        """The database knows these ends."""
        if outcomes:
            self._write(" ".join(("kept", *(each.mail.id.hex for each in outcomes))) + "\n")

    def clear(self) -> None:
        """Nothing is in the worker's hand and the database knows everything."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            self._write(_heading())

    def close(self) -> None:
        """The worker goes; nothing is in its hand."""
        if self._descriptor is not None and self._path is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
        self._descriptor = self._path = None

    def _write(self, text: str) -> None:
        try:
            descriptor = self._open() if self._descriptor is None else self._descriptor
            is_whole = os.write(descriptor, text.encode("ascii")) == len(text)
        except OSError as error:
            raise UnableToKeepLogbook(
                f"No logbook can be written to {self.folder} ({error.strerror})."
            ) from error
        if not is_whole:
            raise UnableToKeepLogbook(f"The disk of {self.folder} is full.")

    def _open(self) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while self._descriptor is None:
            path = self.folder / f"{secrets.token_hex(8)}.log"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Somebody may have looked between the two lines and taken it for an orphan.
            if os.fstat(descriptor).st_nlink:
                self._descriptor, self._path = descriptor, path
                os.write(descriptor, _heading().encode("ascii"))
            else:
                os.close(descriptor)
        return self._descriptor


def find_folder(settings: Settings) -> Path:
    """Where the logbooks of this machine's workers lie."""
    return settings.home / FOLDER


def read_boot() -> str:
    """What names this run of the machine; a word that never comes again where none is known."""
    try:
        return BOOT.read_text("ascii").strip()
    except OSError:
        return secrets.token_hex(8)


def _heading() -> str:
    return f"boot {read_boot()}\n"
