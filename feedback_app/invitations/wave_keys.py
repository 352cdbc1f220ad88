"""The wave keys: one file per wave, outside the database and outside every backup.

A key and an invitation's id give the invitation's link. Whoever has the database without
the keys can follow no link; whoever loses the keys can send no further reminder.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from uuid import UUID

from config import Settings
from feedback_app.foundation.rules import Unable

FOLDER = "wave-keys"
KEY_BYTES = 32
#: Backup programs leave a folder out that holds this file (bford.info/cachedir).
TAG = "CACHEDIR.TAG"
TAG_TEXT = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Keys that links of invitations are made from: never put this folder into a backup.\n"
)


class UnableToUseWaveKey(Unable):
    """The key of a wave is missing or can not be written."""


def find_folder(settings: Settings) -> Path:
    """Where the keys of this installation's waves lie."""
    return settings.home / FOLDER


def ensure_key(folder: Path, wave_id: UUID) -> bytes:
    """The wave's key, made and on disk for certain if there was none.

    Linked under its name when whole: of two workers that begin at once both read one key.
    """
    path = folder / f"{wave_id}.key"
    try:
        if not path.exists():
            _make_folder(folder)
            aside = folder / f".{wave_id}-{secrets.token_hex(4)}"
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                path.hardlink_to(aside)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
            _sync(folder)
    except OSError as error:
        raise UnableToUseWaveKey(
            f"No wave key can be written to {folder} ({error.strerror})."
        ) from error
    return get_key(folder, wave_id)


def get_key(folder: Path, wave_id: UUID) -> bytes:
    """The wave's key. Raises UnableToUseWaveKey when it is not here."""
    try:
        key = (folder / f"{wave_id}.key").read_bytes()
    except OSError as error:
        raise UnableToUseWaveKey(
            f"The key of wave {wave_id} is not in {folder}: its links can not be made again."
        ) from error
    if len(key) != KEY_BYTES:
        raise UnableToUseWaveKey(f"The key of wave {wave_id} in {folder} is damaged.")
    return key


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / TAG).exists():
        (folder / TAG).write_text(TAG_TEXT, encoding="ascii")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
