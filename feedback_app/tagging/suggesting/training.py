"""Making a tagger: the cold start from shipped examples, and training with confirmed ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feedback_app.tagging.suggesting import lemmas, store
from feedback_app.tagging.suggesting.embeddings import Embedder, load_embedder
from feedback_app.tagging.suggesting.examples import (
    Example,
    count_by_code,
    fingerprint,
    list_cold_examples,
    list_odds,
)
from feedback_app.tagging.suggesting.learner import learn_trust, train
from feedback_app.tagging.suggesting.lexicon import load_lexicon
from feedback_app.tagging.suggesting.tagger import Tagger

#: How many shipped examples one confirmed statement outweighs.
CONFIRMED_WEIGHT = 6.0
#: The usual odds count as much as this many confirmed statements.
ODDS_COUNT = 24.0
#: Sharpness of the cold start's probabilities, and of those of a tagger that has learnt.
COLD_TEMPERATURE = 1.0
COLD_FOLDER = "cold"


def train_tagger(confirmed: Sequence[Example] = (), *, embedder: Embedder | None = None) -> Tagger:
    """A tagger trained on the shipped examples and `confirmed` ones."""
    cold = list_cold_examples()
    weighted = [replace(each, weight=CONFIRMED_WEIGHT) for each in confirmed]
    learner = train([*cold, *weighted], embedder)
    return Tagger(
        learner=learner,
        trust=learn_trust([*(each for each in cold if each.weight == 1.0), *weighted]),
        odds=learn_odds(learner.codes, count_by_code(confirmed)),
        temperature=COLD_TEMPERATURE,
        confirmed=len(confirmed),
    )


def learn_odds(codes: tuple[str, ...], counts: Mapping[str, int]) -> list[float]:
    """Log probabilities of `codes`: the usual ones, moved by the `counts` of confirmed ones."""
    total = sum(counts.values()) + ODDS_COUNT
    return [
        math.log((counts.get(code, 0) + ODDS_COUNT * math.exp(usual)) / total)
        for code, usual in zip(codes, list_odds(codes), strict=True)
    ]


def describe_roots() -> str:
    """Which lemmas are looked up here; a model read with others would read words wrongly."""
    return " ".join(lemmas.list_languages()) or "stems"


def save_tagger(
    folder: Path, tagger: Tagger, confirmed: Sequence[Example], *, codebook: int
) -> store.Manifest:
    """Keep `tagger` as a new version in `folder`; it is the current one from then on."""
    now = datetime.now(UTC)
    patterns = load_lexicon().patterns
    manifest = store.Manifest(
        version=now.strftime("%Y%m%dT%H%M%S.%fZ"),
        trained_at=now.isoformat(),
        codebook=codebook,
        confirmed=len(confirmed),
        counts=count_by_code(confirmed),
        made_from=fingerprint(),
        roots=describe_roots(),
        embeddings=tagger.learner.embedder.name if tagger.learner.embedder else "",
        temperature=tagger.temperature,
        trust=[round(tagger.trust[pattern], 4) for pattern in patterns],
    )
    return store.save(folder, tagger.learner, manifest)


def load_tagger(models: Path, *, embeddings: str = "") -> Tagger:
    """The current trained tagger of `models`, else the cold start, made at first use.

    `embeddings` names a sentence-transformers model, see embeddings.py. A version made with
    another one, or from another release's lexicon, is passed over: its parts would not fit.

    Raises UnableToLoadModel and UnableToLoadEmbeddings.
    """
    embedder = load_embedder(embeddings)
    for folder in (models, models / COLD_FOLDER):
        manifest = store.find_manifest(folder)
        if manifest is not None and _fits(manifest, embeddings):
            return _restore(folder, manifest, embedder)
    tagger = train_tagger(embedder=embedder)
    save_tagger(models / COLD_FOLDER, tagger, (), codebook=0)
    return tagger


def _fits(manifest: store.Manifest, embeddings: str) -> bool:
    made_with = (manifest.made_from, manifest.roots, manifest.embeddings)
    return made_with == (fingerprint(), describe_roots(), embeddings)


def _restore(folder: Path, manifest: store.Manifest, embedder: Embedder | None) -> Tagger:
    patterns = load_lexicon().patterns
    learner = replace(store.load(folder, manifest), embedder=embedder)
    return Tagger(
        learner=learner,
        trust=dict(zip(patterns, manifest.trust, strict=True)),
        odds=learn_odds(learner.codes, manifest.counts),
        temperature=manifest.temperature,
        confirmed=manifest.confirmed,
        version=manifest.version,
    )
