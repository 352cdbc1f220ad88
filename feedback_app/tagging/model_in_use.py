"""Which model suggests: what its manifest says. Reads a small file and loads no library."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

MODELS = "models"  # folder of FEEDBACK_HOME


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """The model in use. `confirmed` statements taught it; none: it is as it ships."""

    version: str
    trained_at: datetime
    confirmed: int
    codebook: int


def find_model(home: Path, embeddings: str = "") -> ModelInUse | None:
    """The model in `home`, None before the first suggestion (or where its file is damaged)."""
    from feedback_app.tagging.suggesting.store import UnableToLoadModel, find_manifest
    from feedback_app.tagging.suggesting.training import COLD_FOLDER, fits

    for folder in (home / MODELS, home / MODELS / COLD_FOLDER):
        with suppress(UnableToLoadModel):
            manifest = find_manifest(folder)
            if manifest is not None and fits(manifest, embeddings):
                return ModelInUse(
                    manifest.version,
                    datetime.fromisoformat(manifest.trained_at),
                    manifest.confirmed,
                    manifest.codebook,
                )
    return None
