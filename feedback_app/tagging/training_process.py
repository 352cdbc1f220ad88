"""Training beside the worker: a process of its own learns from what was confirmed.

It takes up to a minute, in which mails and batches must not wait. Killed at any moment, it
leaves the model that was in use (suggesting/store.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.tagging import queries
from feedback_app.tagging.jobs import count_to_learn, read_current
from feedback_app.tagging.model_in_use import MODELS, find_model
from feedback_app.tagging.queries import pending

#: So many more confirmed statements make a new model worth its while.
ENOUGH_NEW = 25
POLL_SECONDS = 0.2


@dataclass
class TrainingProcess:
    """Starts training when enough is new, one at a time."""

    child: subprocess.Popen[bytes] | None = None
    tried_with: int = -1
    has_begun: bool = False

    def run(self, database: Database, settings: Settings) -> int:
        """The worker's job: 1 while a training is under way."""
        if self.child is not None:
            try:
                self.child.wait(POLL_SECONDS)
            except subprocess.TimeoutExpired:
                return 1
            self.child = None
        if find_model(settings.home, settings.tagger_model) is None:
            return self._begin(database, settings)
        number = count_to_learn(database)
        if number == self.tried_with or not is_due(settings, number):
            return 0
        # Asked once for each number: a training that fails is not tried again and again.
        self.tried_with = number
        self.child = start(settings)
        return 1

    def _begin(self, database: Database, settings: Settings) -> int:
        """Make the model that ships, as soon as there is a statement for it."""
        with database.reading() as session:
            is_needed = bool(pending.list_unsuggested(session, "", most=1))
        if self.has_begun or not is_needed:
            return 0
        self.has_begun = True
        self.child = start(settings, is_cold=True)
        return 1


def is_due(settings: Settings, number: int) -> bool:
    """Whether `number` confirmed statements are enough more than the model in use knows.

    A model of an older release is not in use any more: what it knew is learnt anew.
    """
    model = find_model(settings.home, settings.tagger_model)
    return number - (model.confirmed if model else 0) >= ENOUGH_NEW


def start(settings: Settings, *, is_cold: bool = False) -> subprocess.Popen[bytes]:
    """Begin a training; the address of the database goes by a pipe, where nobody reads it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "feedback_app.tagging.training_process"], stdin=subprocess.PIPE
    )
    assert child.stdin is not None
    with child.stdin as pipe:
        pipe.write(
            json.dumps(
                {
                    "models": str(settings.home / MODELS),
                    "database": settings.database_url,
                    "embeddings": settings.tagger_model,
                    "is_cold": is_cold,
                }
            ).encode()
        )
    return child


def train(models: Path, database: Database, embeddings: str) -> str:
    """Train on all confirmed statements outside the audit; the version of the new model."""
    from feedback_app.causes.queries import find_codebook_number
    from feedback_app.tagging.suggesting.embeddings import load_embedder
    from feedback_app.tagging.suggesting.examples import Example
    from feedback_app.tagging.suggesting.training import load_cold, save_tagger, train_tagger

    with database.reading() as session:
        confirmed = [
            Example(each.text, each.primary, each.others) for each in queries.list_learnt(session)
        ]
        codebook = find_codebook_number(session) or 0
    tagger = train_tagger(confirmed, load_cold(models, load_embedder(embeddings)))
    save_tagger(models, tagger, confirmed, codebook=codebook)
    return read_current(models)


def main() -> None:
    """Train as standard input says."""
    asked = json.load(sys.stdin)
    if asked["is_cold"]:
        from feedback_app.tagging.suggesting.training import load_tagger

        load_tagger(Path(asked["models"]), embeddings=asked["embeddings"])
        return
    database = Database(asked["database"])
    train(Path(asked["models"]), database, asked["embeddings"])
    database.dispose()


if __name__ == "__main__":
    main()
