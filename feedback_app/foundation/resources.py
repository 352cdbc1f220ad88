"""Where templates and migrations lie: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def find_folder(name: str) -> Path:
    """The folder `name` ("templates", "migrations") of this installation.

    Raises FileNotFoundError when the installation is broken.
    """
    for folder in (PACKAGE / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name} is missing beside {PACKAGE}")
