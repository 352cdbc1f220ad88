"""Searching everything that lies on the disk for what nobody may be able to read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from feedback_app.foundation.backup import write_backup
from feedback_app.models import TABLES
from tests.security.world import World

CANARY = re.compile(rb"canary-[b-p]{24}")


def contents_of(places: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    """Every file at and below `places`; archives unpacked."""
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        yield path / name, archive.read(name)
            elif path.is_file():
                yield path, path.read_bytes()


def assert_sealed(world: World, places: list[Path], folder: Path) -> None:
    """Fail when a waiting answer stands anywhere, or a private key outside the key folder.

    A backup made now is searched as well. Opened answers must be found, or the search
    would prove nothing.
    """
    waiting = {each.encode() for each in world.unopened()}
    assert waiting, "no answer waits: there is nothing to look for"
    write_backup(world.database, folder / "backup.zip", tables=TABLES, settings={})
    private = [path.read_bytes() for path in world.settings.keys.glob("*.key")]
    assert private
    seen: set[bytes] = set()
    in_backup: set[bytes] = set()
    for path, content in contents_of([*places, folder]):
        found = set(CANARY.findall(content))
        assert not found & waiting, f"{path} shows an answer that is still sealed"
        if path.parent != world.settings.keys:
            assert not any(key in content for key in private), f"{path} holds a private key"
        seen |= found
        in_backup |= found if folder in path.parents else set()
    opened = {each.encode() for each in world.owner} - waiting
    assert opened <= seen
    assert in_backup == opened
