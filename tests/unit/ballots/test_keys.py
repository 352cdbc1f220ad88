"""The key folder: closed to others, left out of backups, nothing left of a destroyed key."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import pytest

from feedback_app.ballots import keys

SECRET = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    keys.make_folder(made)
    return made


def test_the_folder_is_closed_and_marked_for_backup_programs(folder: Path) -> None:
    keys.make_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / keys.TAG).read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert keys.list_keys(folder) == []


def test_a_key_is_kept_readable_by_its_owner_alone(folder: Path) -> None:
    survey, batch = uuid4(), uuid4()
    keys.write_key(folder, survey, batch, SECRET)
    assert keys.find_key(folder, survey, batch) == SECRET
    (file,) = folder.glob("*.key")
    assert file.stat().st_mode & 0o777 == 0o600
    (listed,) = keys.list_keys(folder)
    assert (listed.survey_id, listed.batch_id) == (survey, batch)
    assert 0 <= listed.age < 60


def test_a_destroyed_key_is_overwritten_before_it_is_removed(folder: Path, tmp_path: Path) -> None:
    survey, batch = uuid4(), uuid4()
    keys.write_key(folder, survey, batch, SECRET)
    (file,) = folder.glob("*.key")
    os.link(file, tmp_path / "second-name")
    keys.destroy_key(folder, survey, batch)
    keys.destroy_key(folder, survey, batch)
    assert keys.find_key(folder, survey, batch) is None
    left = (tmp_path / "second-name").read_bytes()
    assert len(left) == len(SECRET)
    assert left != SECRET


def test_a_key_is_never_written_over(folder: Path) -> None:
    survey, batch = uuid4(), uuid4()
    keys.write_key(folder, survey, batch, SECRET)
    with pytest.raises(keys.UnableToUseKeys):
        keys.write_key(folder, survey, batch, bytes(32))
    assert keys.find_key(folder, survey, batch) == SECRET


@pytest.mark.parametrize(
    "name", ["notes.key", "a_b.key", ".key", "0ee061bf-9426-44a5-870e-ab782ef20467.key"]
)
def test_other_files_are_passed_over(folder: Path, name: str) -> None:
    (folder / name).write_text("?")
    assert keys.list_keys(folder) == []


def test_a_folder_that_can_not_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(keys.UnableToUseKeys, match="FEEDBACK_KEYS: the folder"):
        keys.make_folder(tmp_path / "file" / "keys")
    with pytest.raises(keys.UnableToUseKeys, match="no key can be written"):
        keys.write_key(tmp_path / "absent", uuid4(), uuid4(), SECRET)
