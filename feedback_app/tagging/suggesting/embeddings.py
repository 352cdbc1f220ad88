"""Meaning as numbers, by a sentence-transformers model the operator names; off by default.

Needs the extra `embeddings`. A folder is loaded as it lies there and nothing is downloaded;
any other name is a public model's, which the library fetches once, because it was named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback_app.foundation.rules import Unable

if TYPE_CHECKING:
    import numpy as np

BATCH = 64


class UnableToLoadEmbeddings(Unable):
    """The model named in FEEDBACK_TAGGER_MODEL can not be used."""


@dataclass(frozen=True)
class Embedder:
    """A loaded model. `name` is what the operator called it."""

    name: str
    model: Any = field(repr=False)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """A row of length 1 for each text."""
        import numpy as np

        found = self.model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32)


def load_embedder(name: str) -> Embedder | None:
    """The model called `name` (a folder or a public name); None where no name is given.

    Raises UnableToLoadEmbeddings when the extra is not installed or the model not readable.
    """
    if not name:
        return None
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise UnableToLoadEmbeddings(
            "FEEDBACK_TAGGER_MODEL is set, but the extra is missing: "
            "pip install 'feedback-app[embeddings]'."
        ) from error
    try:
        model = SentenceTransformer(
            name, local_files_only=Path(name).is_dir(), trust_remote_code=False
        )
    except (OSError, ValueError) as error:
        raise UnableToLoadEmbeddings(
            f"FEEDBACK_TAGGER_MODEL: the model {name!r} can not be loaded: {error}"
        ) from error
    return Embedder(name, model)
