"""Models as versioned files: a folder each, with a manifest, put in place whole or not at all.

A model is a skops file, which holds numbers and names but no code: a file that asks for any
type beyond what skops itself holds safe is refused. `manifest.json` says what it
is, and its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from feedback_app.foundation.rules import Unable
from feedback_app.tagging.suggesting.adaptation import Adaptation, make_words
from feedback_app.tagging.suggesting.embeddings import Embedder
from feedback_app.tagging.suggesting.features import PARTS, Vectorisers, make
from feedback_app.tagging.suggesting.learner import Learner, Softmax
from feedback_app.tagging.suggesting.neighbours import Neighbours

MODEL, MANIFEST, CURRENT = "model.skops", "manifest.json", "current"
#: The vectorisers of an adaptation: roots and topics.
OWN_PARTS = ("own_roots", "own_topics")
KEPT = 3  # versions, the newest ones
LONGEST_SAVING = 3600  # seconds


class UnableToLoadModel(Unable):
    """A model file is damaged, incomplete, or asks for more than it may."""


@dataclass(frozen=True)
class Manifest:
    """What a model is. `trained_at` is UTC in ISO 8601; `confirmed` counts statements."""

    version: str
    trained_at: str
    codebook: int
    confirmed: int
    counts: dict[str, int]
    made_from: str  # fingerprint of lexicon, examples and code
    roots: str  # "stems", or the languages whose lemmas were looked up
    embeddings: str  # name of the sentence-transformers model beside it, usually none
    temperature: float
    trust: list[float]
    sha256: str = ""


def save(
    folder: Path, learner: Learner, adaptation: Adaptation | None, manifest: Manifest
) -> Manifest:
    """Write a new version into `folder` and make it the current one, in one step.

    Killed at any moment, it leaves the version that was current before.
    """
    import skops.io

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        skops.io.dump(_take_apart(learner, adaptation), aside / MODEL)
        kept = Manifest(**{**asdict(manifest), "sha256": _hash(aside / MODEL)})
        (aside / MANIFEST).write_text(json.dumps(asdict(kept), indent=1), encoding="utf-8")
        _sync(aside / MODEL, aside / MANIFEST, aside)
        target = folder / kept.version
        if target.exists():
            shutil.rmtree(target)
        aside.rename(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _point(folder, kept.version)
    _forget_broken(folder)
    _forget_old(folder, kept.version)
    return kept


def _point(folder: Path, version: str) -> None:
    """Make `version` the current one; the rename is what counts."""
    aside = folder / f".{CURRENT}-{os.getpid()}"
    aside.write_text(version, encoding="utf-8")
    _sync(aside)
    aside.replace(folder / CURRENT)
    _sync(folder)


def _forget_broken(folder: Path) -> None:
    """Remove what a killed training left behind; another one may be at work just now."""
    for path in folder.glob(".new-*"):
        if time.time() - path.stat().st_mtime > LONGEST_SAVING:
            shutil.rmtree(path, ignore_errors=True)


def _forget_old(folder: Path, current: str) -> None:
    versions = sorted(
        (path for path in folder.iterdir() if (path / MANIFEST).is_file()),
        key=lambda path: path.stat().st_mtime_ns,
        reverse=True,
    )
    for path in versions[KEPT:]:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)


def _sync(*paths: Path) -> None:
    for path in paths:
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_manifest(folder: Path) -> Manifest | None:
    """The manifest of the current version; None when there is no version.

    Raises UnableToLoadModel when it is damaged.
    """
    try:
        version = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    if not re.fullmatch(r"[\w.-]+", version):
        raise UnableToLoadModel(f"{folder / CURRENT} names no version: delete it and train again.")
    try:
        values = json.loads((folder / version / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**values)
    except (OSError, ValueError, TypeError) as error:
        raise UnableToLoadModel(
            f"The model {version} has no readable manifest: train again."
        ) from error


def load(
    folder: Path, manifest: Manifest, embedder: Embedder | None = None
) -> tuple[Learner, Adaptation | None]:
    """The model that `manifest` describes, with the `embedder` it was trained with.

    Raises UnableToLoadModel when the file is not the one that was written, or asks for types
    that a model has no need of.
    """
    import skops.io

    path = folder / manifest.version / MODEL
    try:
        if _hash(path) != manifest.sha256:
            raise UnableToLoadModel(f"The model {manifest.version} was changed: train again.")
        asked: list[str] = skops.io.get_untrusted_types(file=path)
        if asked:
            raise UnableToLoadModel(
                f"The model {manifest.version} asks for {asked[0]}, which no model needs: "
                "it is not loaded."
            )
        parts = skops.io.load(path, trusted=[])
        return _put_together(parts, embedder), _put_adaptation_together(parts)
    except (OSError, ValueError, KeyError) as error:
        raise UnableToLoadModel(
            f"The model {manifest.version} can not be read: train again."
        ) from error


def _take_apart(learner: Learner, adaptation: Adaptation | None) -> dict[str, Any]:
    """Arrays and plain text alone: nothing that only this release of a library can read."""
    import numpy as np

    near = learner.neighbours
    vectorisers = {name: getattr(learner.vectorisers, name) for name in PARTS}
    parts: dict[str, Any] = {
        "codes": list(learner.codes),
        "code_weights": learner.by_code.weights,
        "code_biases": learner.by_code.biases,
        "side_weights": learner.by_side.weights,
        "side_biases": learner.by_side.biases,
        "near_values": near.rows.data.astype(np.float32),
        "near_columns": near.rows.indices,
        "near_starts": near.rows.indptr,
        "near_labels": near.labels,
    }
    if adaptation is not None:
        parts["own_codes"] = list(adaptation.codes)
        parts["own_by_view"], parts["own_by_word"] = adaptation.by_view, adaptation.by_word
        vectorisers |= dict(zip(OWN_PARTS, (adaptation.roots, adaptation.topics), strict=True))
    for name, vectoriser in vectorisers.items():
        parts[name] = "\n".join(vectoriser.get_feature_names_out())
        parts[f"{name}_idf"] = np.asarray(vectoriser.idf_, dtype=np.float32)
    return parts


def _put_together(parts: dict[str, Any], embedder: Embedder | None) -> Learner:
    from scipy import sparse

    made = make([parts[name].split("\n") for name in PARTS])
    for name, vectoriser in zip(PARTS, made, strict=True):
        vectoriser.idf_ = parts[f"{name}_idf"]
    by_code = Softmax(parts["code_weights"], parts["code_biases"])
    rows = sparse.csr_matrix(
        (parts["near_values"], parts["near_columns"], parts["near_starts"]),
        shape=(by_code.weights.shape[1], len(parts["near_labels"])),
    )
    return Learner(
        Vectorisers(*made, embedder),
        tuple(parts["codes"]),
        by_code,
        Softmax(parts["side_weights"], parts["side_biases"]),
        Neighbours(rows, parts["near_labels"]),
    )


def _put_adaptation_together(parts: dict[str, Any]) -> Adaptation | None:
    if "own_codes" not in parts:
        return None
    roots, topics = make_words([parts[name].split("\n") for name in OWN_PARTS])
    roots.idf_, topics.idf_ = (parts[f"{name}_idf"] for name in OWN_PARTS)
    codes = tuple(parts["own_codes"])
    return Adaptation(codes, roots, topics, parts["own_by_view"], parts["own_by_word"])
