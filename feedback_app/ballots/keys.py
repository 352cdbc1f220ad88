"""The batch keys: one file per batch, outside the database and outside every backup.

A key's name says its survey and its batch. The survey tells whose database a key belongs
to: a worker that looks at another database by mistake must not take its keys for strays.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from feedback_app.foundation.rules import Unable

SUFFIX = ".key"
#: Backup programs leave a folder out that holds this file (bford.info/cachedir).
TAG = "CACHEDIR.TAG"
TAG_TEXT = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Keys of sealed answers. A copy that holds both these keys and the database can link\n"
    "# answers to invitations: never copy this folder, and never put it into a backup.\n"
)


class UnableToUseKeys(Unable):
    """The key folder or one key in it can not be used."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key in the folder; `age` in seconds."""

    survey_id: UUID
    batch_id: UUID
    age: float


def make_folder(folder: Path) -> None:
    """Create the key folder, closed to other users and marked for backups. Safe to repeat."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / TAG).exists():
            (folder / TAG).write_text(TAG_TEXT, encoding="ascii")
    except OSError as error:
        raise UnableToUseKeys(
            f"FEEDBACK_KEYS: the folder {folder} can not be made ({error.strerror})."
        ) from error


def is_kept_here(folder: Path) -> bool:
    """True where the keys live. Elsewhere (a page server of its own) nobody makes or seeks any."""
    return folder.is_dir()


def is_writable(folder: Path) -> bool:
    """True where this process may keep keys; a page server may be shut out on purpose."""
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def write_key(folder: Path, survey_id: UUID, batch_id: UUID, private_key: bytes) -> None:
    """Keep the private key of `batch_id`; on disk for certain before this returns."""
    path = _path(folder, survey_id, batch_id)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(private_key)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(folder)
    except OSError as error:
        raise UnableToUseKeys(
            f"FEEDBACK_KEYS: no key can be written to {folder} ({error.strerror})."
        ) from error


def find_key(folder: Path, survey_id: UUID, batch_id: UUID) -> bytes | None:
    """The private key of `batch_id`, None when it was destroyed (or never came here)."""
    try:
        return _path(folder, survey_id, batch_id).read_bytes()
    except FileNotFoundError:
        return None


def destroy_key(folder: Path, survey_id: UUID, batch_id: UUID) -> None:
    """Overwrite and remove the key. Safe to repeat.

    Overwriting reaches the old sectors of plain disks only; on copy-on-write storage the
    removed bytes can linger until they are reused (docs/privacy.md says so).
    """
    path = _path(folder, survey_id, batch_id)
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(folder)
    except FileNotFoundError:
        return


def list_keys(folder: Path) -> list[KeyFile]:
    """Every key in the folder, by name; what is not named like a key is passed over."""
    now = time.time()
    found: list[KeyFile] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        survey, _, batch = path.stem.partition("_")
        # Another worker may remove a key between the listing and the look at its age.
        with suppress(ValueError, FileNotFoundError):
            found.append(KeyFile(UUID(survey), UUID(batch), now - path.stat().st_mtime))
    return found


def _path(folder: Path, survey_id: UUID, batch_id: UUID) -> Path:
    return folder / f"{survey_id}_{batch_id}{SUFFIX}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
