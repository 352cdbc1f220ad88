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
from feedback_app.tagging.suggesting.reading import read
from feedback_app.tagging.suggesting.tagger import Tagger, soften

#: How many shipped examples one confirmed statement outweighs.
CONFIRMED_WEIGHT = 1.5
#: The usual odds count as much as this many confirmed statements.
ODDS_COUNT = 300.0
#: The cold start's scores are this much too sure; a trained tagger learns its own value.
COLD_TEMPERATURE = 1.9
TEMPERATURES = tuple(step / 20 for step in range(16, 90))
#: From so many confirmed on the temperature is learnt: one in five is held back for that.
LEAST_FOR_TEMPERATURE, HELD_BACK, MOST_HELD_BACK, MOST_LEARNT = 50, 5, 400, 2000
USUAL_SAY = 4.0
#: The newest confirmed statements teach how far patterns can be trusted.
MOST_TRUSTED = 2000
COLD_FOLDER = "cold"


def train_tagger(confirmed: Sequence[Example] = (), *, embedder: Embedder | None = None) -> Tagger:
    """A tagger trained on the shipped examples and `confirmed` ones."""
    tagger = _train(confirmed, embedder)
    if len(confirmed) < LEAST_FOR_TEMPERATURE:
        return tagger
    return replace(tagger, temperature=_learn_temperature(confirmed, embedder))


def _train(confirmed: Sequence[Example], embedder: Embedder | None) -> Tagger:
    cold = list_cold_examples()
    weighted = [replace(each, weight=CONFIRMED_WEIGHT) for each in confirmed]
    learner = train([*cold, *weighted], embedder)
    return Tagger(
        learner=learner,
        trust=learn_trust([*cold, *weighted[-MOST_TRUSTED:]]),
        odds=learn_odds(learner.codes, count_by_code(confirmed)),
        temperature=COLD_TEMPERATURE,
        confirmed=len(confirmed),
    )


def _learn_temperature(confirmed: Sequence[Example], embedder: Embedder | None) -> float:
    """The temperature at which confidences are truest on statements that were held back.

    Truest: the least mean negative log probability of the right code (temperature scaling,
    Guo et al. 2017). The held back fifth is small, so the usual value has a say as well.
    """
    import numpy as np

    held, learnt = (
        confirmed[::HELD_BACK],
        [each for place, each in enumerate(confirmed) if place % HELD_BACK],
    )
    held = held[:MOST_HELD_BACK]
    tagger = _train(learnt[-MOST_LEARNT:], embedder)
    known = [each for each in held if each.primary in tagger.learner.codes]
    scores = tagger.score([read(each.text) for each in known])
    right = [tagger.learner.codes.index(each.primary) for each in known]
    rows = np.arange(len(known))

    def surprise(temperature: float) -> float:
        shares = soften(scores, temperature)[rows, right]
        apart = abs(math.log(temperature / COLD_TEMPERATURE))
        return float(-np.log(np.maximum(shares, 1e-9)).sum() + USUAL_SAY * apart)

    return min(TEMPERATURES, key=surprise)


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
    learner = store.load(folder, manifest, embedder)
    return Tagger(
        learner=learner,
        trust=dict(zip(patterns, manifest.trust, strict=True)),
        odds=learn_odds(learner.codes, manifest.counts),
        temperature=manifest.temperature,
        confirmed=manifest.confirmed,
        version=manifest.version,
    )
