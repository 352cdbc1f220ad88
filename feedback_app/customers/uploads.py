"""Files that wait between the steps of an import: private, for one person and one hour.

Each upload is a few files in HOME/uploads under one random name, readable by the server's
account alone. Nothing of a file travels in the session cookie. Where several machines serve
pages, the steps of one upload have to reach the same machine.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from feedback_app.foundation.rules import N_, Unable

LARGEST_FILE = 50 << 20  # bytes
KEPT_SECONDS = 3600
CHUNK = 1 << 20
LONGEST_NAME = 80
_TOKEN = re.compile(r"[0-9a-f]{32}")
_FACTS = ".json"


class UnableToTakeUpload(Unable):
    """The file is empty or too large."""


class UnableToFindUpload(Unable):
    """The upload is over: it took longer than an hour, was finished, or is somebody else's."""


@dataclass(frozen=True)
class Upload:
    """A waiting file; `facts` is what earlier steps found out."""

    token: str
    folder: Path
    name: str
    by: str
    facts: dict[str, Any]

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.folder / f"{self.token}.data"

    @property
    def rejects(self) -> Path:
        """Where its rejected rows are written."""
        return self.folder / f"{self.token}.rejects"

    def keep(self, **facts: Any) -> None:
        """Remember what this step found out; the hour does not begin anew."""
        self.facts.update(facts)
        _write_facts(self)

    def claim(self) -> bool:
        """True for the one request that may finish this upload; `release` gives it back."""
        try:
            os.close(os.open(self._claim, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return False
        return True

    def release(self) -> None:
        """Let the upload be finished another time."""
        self._claim.unlink(missing_ok=True)

    @property
    def _claim(self) -> Path:
        return self.folder / f"{self.token}.claimed"

    def remove(self) -> None:
        """Delete the file and all that belongs to it."""
        for path in self.folder.glob(f"{self.token}.*"):
            path.unlink(missing_ok=True)


def take(home: Path, stream: IO[bytes], *, name: str, by: str) -> Upload:
    """Keep a sent file. Raises UnableToTakeUpload. Removes what others left behind, too."""
    folder = home / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    remove_old(home)
    token = secrets.token_hex(16)
    upload = Upload(token, folder, _plain(name), by, {})
    try:
        _copy(stream, upload.path)
        _write_facts(upload)
    except BaseException:
        upload.remove()
        raise
    return upload


def _copy(stream: IO[bytes], path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    size = 0
    with os.fdopen(descriptor, "wb") as file:
        while block := stream.read(CHUNK):
            size += len(block)
            if size > LARGEST_FILE:
                limit = LARGEST_FILE >> 20
                raise UnableToTakeUpload(
                    N_("The file is larger than %(limit)s MB: split it."), limit=limit
                )
            file.write(block)
    if size == 0:
        raise UnableToTakeUpload(N_("The file is empty."))


def find(home: Path, token: str, *, by: str) -> Upload:
    """The upload of this name if `by` sent it within the hour. Raises UnableToFindUpload."""
    over = UnableToFindUpload(N_("This upload is over: send the file again."))
    if not _TOKEN.fullmatch(token):
        raise over
    folder = home / "uploads"
    try:
        path = folder / f"{token}{_FACTS}"
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise over from error
    upload = Upload(token, folder, kept["name"], kept["by"], kept["facts"])
    if upload.by != by or not upload.path.exists() or _age(upload.path) > KEPT_SECONDS:
        raise over
    return upload


def remove_old(home: Path) -> int:
    """Delete what waits for longer than an hour; how many files."""
    return sum(_remove(path) for path in _list_old(home / "uploads"))


def _list_old(folder: Path) -> Iterator[Path]:
    for path in folder.glob("*.*"):
        started = folder / f"{path.name.partition('.')[0]}.data"
        try:
            if _age(started if started.exists() else path) > KEPT_SECONDS:
                yield path
        except FileNotFoundError:
            continue


def _remove(path: Path) -> bool:
    path.unlink(missing_ok=True)
    return True


def _age(path: Path) -> float:
    """Seconds since the file was sent: its content is never written again."""
    return time.time() - path.stat().st_mtime


def _plain(name: str) -> str:
    """A sent file's name as it may be shown: no folders, no control characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME] or "list"


def _write_facts(upload: Upload) -> None:
    """Written aside and renamed: a reader never meets half of it."""
    aside = upload.folder / f"{upload.token}.new"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"name": upload.name, "by": upload.by, "facts": upload.facts}, file)
    aside.replace(upload.folder / f"{upload.token}{_FACTS}")
