"""Making a tagger: the cold start from shipped examples, and training with confirmed ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feedback_app.tagging.suggesting import lemmas, store
from feedback_app.tagging.suggesting.adaptation import Lessons, adapt
from feedback_app.tagging.suggesting.embeddings import Embedder, load_embedder
from feedback_app.tagging.suggesting.examples import (
    Example,
    count_by_code,
    fingerprint,
    list_cold_examples,
)
from feedback_app.tagging.suggesting.features import Line, line_of
from feedback_app.tagging.suggesting.learner import learn_trust, train
from feedback_app.tagging.suggesting.lexicon import load_lexicon
from feedback_app.tagging.suggesting.reading import read
from feedback_app.tagging.suggesting.tagger import PORTION, Tagger, to_shares

#: So many of the shipped examples, one in so many, keep their place while others are learnt.
MOST_ANCHORS = 600
#: A trained tagger learns its temperature from one statement in five, held back for that, from so
#: many confirmed on; what is usual has a say as well.
LEAST_FOR_TEMPERATURE, HELD_BACK, MOST_HELD_BACK, MOST_LEARNT = 50, 5, 400, 2000
TEMPERATURES = tuple(step / 20 for step in range(12, 60))
USUAL_SAY = 4.0
COLD_FOLDER = "cold"


def train_cold(embedder: Embedder | None = None) -> Tagger:
    """The tagger as it ships: trained on the shipped examples alone."""
    examples = list_cold_examples()
    return Tagger(learner=train(examples, embedder), trust=learn_trust(examples))


def train_tagger(confirmed: Sequence[Example], cold: Tagger) -> Tagger:
    """The tagger that `confirmed` statements make of the cold start; without any, that itself."""
    if not confirmed:
        return cold
    lessons = read_lessons(confirmed, cold)
    examples = list_cold_examples()
    anchors = read_lessons(examples[:: max(len(examples) // MOST_ANCHORS, 1)], cold)
    temperature = 1.0
    if len(confirmed) >= LEAST_FOR_TEMPERATURE:
        temperature = _learn_temperature(lessons, anchors, cold)
    return replace(
        cold,
        adaptation=adapt(lessons, anchors, cold.codes),
        temperature=temperature,
        confirmed=len(confirmed),
        version="",
    )


def read_lessons(examples: Sequence[Example], cold: Tagger) -> Lessons:
    """Examples as the cold start sees them."""
    import numpy as np

    lines: list[Line] = []
    shares = [np.zeros((0, len(cold.codes)))]
    for start in range(0, len(examples), PORTION):
        portion = [read(each.text) for each in examples[start : start + PORTION]]
        shares.append(cold.score(portion))
        # Words with their places are not kept: ten thousand statements shall fit into memory.
        lines += map(line_of, portion)
    return Lessons(examples, lines, np.vstack(shares))


def _learn_temperature(lessons: Lessons, anchors: Lessons, cold: Tagger) -> float:
    """The temperature at which confidences are truest on statements that were held back.

    Truest: the least mean negative log probability of the right code (temperature scaling,
    Guo et al. 2017). The held back fifth is small, so the usual value has a say as well.
    """
    places = range(len(lessons.examples))
    held = lessons.take([place for place in places if not place % HELD_BACK][:MOST_HELD_BACK])
    learnt = lessons.take([place for place in places if place % HELD_BACK][-MOST_LEARNT:])
    adaptation = adapt(learnt, anchors, cold.codes)
    scores = adaptation.score(held.lines, held.shares)
    right = [
        (row, adaptation.codes.index(each.primary))
        for row, each in enumerate(held.examples)
        if each.primary in adaptation.codes
    ]

    def surprise(temperature: float) -> float:
        shares = to_shares(scores, temperature)
        apart = abs(math.log(temperature))
        return float(-sum(shares[place] for place in right) + USUAL_SAY * apart)

    return min(TEMPERATURES, key=surprise)


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
    return store.save(folder, tagger.learner, tagger.adaptation, manifest)


def load_tagger(models: Path, *, embeddings: str = "") -> Tagger:
    """The current trained tagger of `models`, else the cold start, made at first use.

    `embeddings` names a sentence-transformers model, see embeddings.py. A version made with
    another one, or from another release's lexicon, is passed over: its parts would not fit.

    Raises UnableToLoadModel and UnableToLoadEmbeddings.
    """
    embedder = load_embedder(embeddings)
    manifest = store.find_manifest(models)
    if manifest is not None and fits(manifest, embeddings):
        return _restore(models, manifest, embedder)
    return load_cold(models, embedder)


def load_cold(models: Path, embedder: Embedder | None = None) -> Tagger:
    """The tagger as it ships, kept in `models` when it is made at first use.

    Raises UnableToLoadModel.
    """
    folder = models / COLD_FOLDER
    manifest = store.find_manifest(folder)
    if manifest is not None and fits(manifest, embedder.name if embedder else ""):
        return _restore(folder, manifest, embedder)
    tagger = train_cold(embedder)
    save_tagger(folder, tagger, (), codebook=0)
    return tagger


def fits(manifest: store.Manifest, embeddings: str) -> bool:
    """Whether this release can use the model: made from its lexicon, examples and word roots."""
    made_with = (manifest.made_from, manifest.roots, manifest.embeddings)
    return made_with == (fingerprint(), describe_roots(), embeddings)


def _restore(folder: Path, manifest: store.Manifest, embedder: Embedder | None) -> Tagger:
    learner, adaptation = store.load(folder, manifest, embedder)
    return Tagger(
        learner=learner,
        trust=dict(zip(load_lexicon().patterns, manifest.trust, strict=True)),
        adaptation=adaptation,
        temperature=manifest.temperature,
        confirmed=manifest.confirmed,
        version=manifest.version,
    )
