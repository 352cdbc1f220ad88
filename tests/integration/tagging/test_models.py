"""Models as files: versions, manifests, what is refused, what an update does."""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import skops.io

from feedback_app.tagging.suggesting import store, training
from feedback_app.tagging.suggesting.examples import Example, fingerprint
from feedback_app.tagging.suggesting.store import UnableToLoadModel
from feedback_app.tagging.suggesting.tagger import Tagger
from tests.factories.tagging import cold_tagger

TEXTS = ["too expensive", "приложение вылетает", "ніхто не відповідає"]
CONFIRMED = [Example("the parking is always full", "company.parking", ("company.neglect",))]


class Intruder:
    """What a model file has no need of."""

    def __init__(self) -> None:
        self.number = 1


def kept(models: Path, confirmed: int = 0) -> store.Manifest:
    """The cold start kept as a version that says it has learnt `confirmed` statements."""
    tagger = replace(cold_tagger(), confirmed=confirmed)
    return training.save_tagger(models, tagger, CONFIRMED * confirmed, codebook=7)


def test_a_kept_tagger_suggests_as_it_did(tmp_path: Path) -> None:
    manifest = kept(tmp_path)
    again = training.load_tagger(tmp_path)
    assert again.version == manifest.version
    for before, after in zip(cold_tagger().suggest(TEXTS), again.suggest(TEXTS), strict=True):
        assert after.primary == before.primary
        assert after.confidence == pytest.approx(before.confidence, abs=1e-3)
        assert after.evidence == before.evidence


def test_what_was_learnt_is_kept(tmp_path: Path) -> None:
    learnt = training.train_tagger(CONFIRMED * 8, cold_tagger())
    training.save_tagger(tmp_path, learnt, CONFIRMED * 8, codebook=7)
    again = training.load_tagger(tmp_path)
    assert again.codes == (*cold_tagger().codes, "company.parking")
    text = "Where is one to park? The parking is always full."
    (before,), (after,) = learnt.suggest([text]), again.suggest([text])
    assert after.primary == before.primary == "company.parking"
    assert after.confidence == pytest.approx(before.confidence, abs=1e-3)
    assert after.evidence == before.evidence
    assert "parking" in after.list_words(text)


def test_the_manifest_says_what_the_model_is(tmp_path: Path) -> None:
    manifest = kept(tmp_path, confirmed=3)
    folder = tmp_path / manifest.version
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert told["confirmed"] == 3
    assert told["counts"] == {"company.parking": 3}
    assert told["codebook"] == 7
    assert told["trained_at"].endswith("+00:00")
    assert told["made_from"] == fingerprint()
    assert told["sha256"] == hashlib.sha256((folder / "model.skops").read_bytes()).hexdigest()
    assert (tmp_path / "current").read_text("utf-8") == manifest.version
    assert folder.stat().st_mode & 0o077 == 0


def test_the_newest_version_is_used_and_old_ones_go(tmp_path: Path) -> None:
    versions = [kept(tmp_path, confirmed=number).version for number in range(5)]
    assert training.load_tagger(tmp_path).version == versions[-1]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == versions[-3:]


def test_what_a_killed_training_left_goes_after_a_while(tmp_path: Path) -> None:
    fresh, stale = tmp_path / ".new-fresh", tmp_path / ".new-stale"
    fresh.mkdir()
    stale.mkdir()
    os.utime(stale, (time.time() - 7200,) * 2)
    kept(tmp_path)
    assert fresh.exists()
    assert not stale.exists()


def test_a_changed_model_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / kept(tmp_path).version / "model.skops"
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(UnableToLoadModel, match="was changed: train again"):
        training.load_tagger(tmp_path)


def test_a_model_that_asks_for_code_is_not_loaded(tmp_path: Path) -> None:
    manifest = kept(tmp_path)
    path = tmp_path / manifest.version / "model.skops"
    skops.io.dump({"letters": Intruder(), "codes": np.zeros(1)}, path)
    changed = replace(manifest, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(UnableToLoadModel, match="which no model needs"):
        store.load(tmp_path, changed)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("current", "../elsewhere", "names no version"),
        ("current", "20200101T000000Z", "no readable manifest"),
    ],
)
def test_a_broken_pointer_is_said(tmp_path: Path, name: str, text: str, words: str) -> None:
    kept(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnableToLoadModel, match=words):
        training.load_tagger(tmp_path)


@pytest.mark.parametrize("text", ["{}", "no JSON", '{"version": 1, "more": 2}'])
def test_a_broken_manifest_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / kept(tmp_path).version / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnableToLoadModel, match="no readable manifest"):
        training.load_tagger(tmp_path)


def test_a_model_of_another_release_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path)
    monkeypatch.setattr(training, "fingerprint", lambda: "another")
    monkeypatch.setattr(training, "train_cold", lambda *_a: cold_tagger())
    assert training.load_tagger(tmp_path).version == ""
    made = store.find_manifest(tmp_path / "cold")
    assert made is not None
    assert made.made_from == "another"


def test_the_cold_start_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(*_embedder: object) -> Tagger:
        made.append(1)
        return cold_tagger()

    monkeypatch.setattr(training, "train_cold", make)
    first, second = training.load_tagger(tmp_path), training.load_tagger(tmp_path)
    assert made == [1]
    assert first.suggest(TEXTS)[0].primary == second.suggest(TEXTS)[0].primary


def test_a_trained_model_goes_before_the_cold_start(tmp_path: Path) -> None:
    kept(tmp_path / "cold")
    trained = kept(tmp_path, confirmed=2)
    assert training.load_tagger(tmp_path).version == trained.version
