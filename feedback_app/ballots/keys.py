"""The batch keys: one file per open batch, outside the database and outside every backup."""

from __future__ import annotations

import os
import time
from pathlib import Path
from uuid import UUID

from feedback_app.foundation.rules import Unable

SUFFIX = ".key"


class UnableToUseKeys(Unable):
    """The key folder or one key in it can not be used."""


def make_folder(folder: Path) -> None:
    """Create the key folder, closed to other users. Safe to repeat."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnableToUseKeys(
            f"FEEDBACK_KEYS: the folder {folder} can not be made ({error.strerror})."
        ) from error


def write_key(folder: Path, batch_id: UUID, private_key: bytes) -> None:
    """Keep the private key of `batch_id`; on disk for certain before this returns."""
    path = folder / f"{batch_id}{SUFFIX}"
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


def find_key(folder: Path, batch_id: UUID) -> bytes | None:
    """The private key of `batch_id`, None when it was destroyed (or never came here)."""
    try:
        return (folder / f"{batch_id}{SUFFIX}").read_bytes()
    except FileNotFoundError:
        return None


def destroy_key(folder: Path, batch_id: UUID) -> None:
    """Overwrite and remove the key. Safe to repeat.

    Overwriting reaches the old sectors of plain disks only; on copy-on-write storage the
    removed bytes can linger until they are reused (docs/privacy.md says so).
    """
    path = folder / f"{batch_id}{SUFFIX}"
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(folder)
    except FileNotFoundError:
        return


def list_keys(folder: Path) -> dict[UUID, float]:
    """Batch id -> age of its key in seconds, for every key in the folder."""
    now = time.time()
    return {
        UUID(path.stem): now - path.stat().st_mtime for path in sorted(folder.glob(f"*{SUFFIX}"))
    }


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
