"""The learner: one pooled model of words, letters and topics, trained on examples of all languages.

Three views of the same features are added up: a multinomial logistic regression over all codes,
one over the sides alone, and the nearest examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedback_app.tagging.suggesting import features as columns
from feedback_app.tagging.suggesting.embeddings import Embedder
from feedback_app.tagging.suggesting.examples import Example
from feedback_app.tagging.suggesting.features import Vectorisers
from feedback_app.tagging.suggesting.lexicon import load_lexicon
from feedback_app.tagging.suggesting.neighbours import Neighbours, remember
from feedback_app.tagging.suggesting.patterns import Pattern
from feedback_app.tagging.suggesting.reading import Spelt, read, spell
from feedback_app.tagging.suggesting.suggestion import side_of

if TYPE_CHECKING:
    import numpy as np

STEPS, TOLERANCE, LOOSENESS = 20, 1e-3, 8.0
#: What the view of the sides and that of the nearest examples weigh beside the codes' own.
SIDE_SHARE, NEAR_SHARE = 0.8, 0.6
#: Codes with few examples count more: by this power of how far they lie under the mean.
EVENED = 0.5
#: A pattern begins as right in this share of this many finds.
TRUSTED, TRUST_COUNT = 0.8, 2.0


@dataclass(frozen=True)
class Softmax:
    """The weights of a softmax: a row for each class, a column for each feature."""

    weights: np.ndarray
    biases: np.ndarray

    def score(self, features: Any) -> np.ndarray:
        """Log probabilities: a row for each row of `features`, a column for each class."""
        import numpy as np

        found = features @ self.weights.T + self.biases
        found -= found.max(axis=1, keepdims=True)
        found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
        return np.asarray(found)


@dataclass(frozen=True)
class Learner:
    """A trained model.

    `codes` are the causes it has seen and `none`, in alphabetical order; `sides` the sides of
    these codes (`none` has an empty one), in the order of the classes of `by_side`.
    """

    vectorisers: Vectorisers
    codes: tuple[str, ...]
    by_code: Softmax
    by_side: Softmax
    neighbours: Neighbours

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides of the codes, each once, in alphabetical order."""
        return list_sides(self.codes)

    @property
    def embedder(self) -> Embedder | None:
        """The model of meanings that it was trained with, usually none."""
        return self.vectorisers.embedder

    def score(self, statements: Sequence[Spelt]) -> tuple[np.ndarray, np.ndarray]:
        """What the words say, and what the nearest examples say.

        Both have a row for each statement and a column for each of `codes`, and are added up.
        """
        features = self.vectorisers.turn(statements)
        near = NEAR_SHARE * self.neighbours.score(features, len(self.codes))
        return self._score_words(features), near

    def score_words(self, statements: Sequence[Spelt]) -> np.ndarray:
        """What the words alone say."""
        return self._score_words(self.vectorisers.turn(statements))

    def _score_words(self, features: Any) -> np.ndarray:
        side = [self.sides.index(side_of(code)) for code in self.codes]
        found: np.ndarray = self.by_code.score(features)
        return found + SIDE_SHARE * self.by_side.score(features)[:, side]

    def weigh_words(self, words: Sequence[str], code: str) -> np.ndarray:
        """How strongly each single word speaks for `code`."""
        import numpy as np

        row = self.codes.index(code)
        width = self.vectorisers.letter_groups
        letters = self.vectorisers.letters.transform(words)
        return np.asarray(letters @ self.by_code.weights[row, :width])


def list_sides(codes: Sequence[str]) -> tuple[str, ...]:
    """The sides of `codes`, each once, in alphabetical order."""
    return tuple(sorted({side_of(code) for code in codes}))


def train(examples: Sequence[Example], embedder: Embedder | None = None) -> Learner:
    """Train on `examples`; the same examples give the same model.

    The meanings that `embedder` gives become features beside letters, roots and topics.
    """
    # Words with their places are not kept: they would need far more memory than their lines.
    lines = [columns.line_of(spell(each.text)) for each in examples]
    vectorisers, features = columns.fit(lines, [each.text for each in examples], embedder)
    codes = list_codes_of(examples)
    sides = list_sides(codes)
    labels = [codes.index(each.primary) for each in examples]
    weights = _weigh(examples)
    by_code = _fit(features, labels, weights)
    by_side = _fit(features, [sides.index(side_of(codes[label])) for label in labels], weights)
    return Learner(vectorisers, codes, by_code, by_side, remember(features, labels))


def list_codes_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """The primary causes of `examples`, in alphabetical order."""
    return tuple(sorted({example.primary for example in examples}))


def _fit(features: Any, labels: Sequence[int], weights: Sequence[float]) -> Softmax:
    import warnings

    import numpy as np
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    # The solver's steps are sized for weights of at most 1; heavier ones make them overshoot.
    heaviest = max(weights)
    model = LogisticRegression(
        C=LOOSENESS * heaviest, solver="saga", max_iter=STEPS, tol=TOLERANCE, random_state=0
    )
    with warnings.catch_warnings():
        # A bounded number of steps is meant: the last ones change nothing that is seen.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, labels, sample_weight=[weight / heaviest for weight in weights])
    return Softmax(model.coef_.astype(np.float32), model.intercept_)


def _weigh(examples: Sequence[Example]) -> list[float]:
    counts = Counter(example.primary for example in examples)
    mean = len(examples) / len(counts)
    return [(mean / counts[example.primary]) ** EVENED for example in examples]


def learn_trust(examples: Sequence[Example]) -> dict[Pattern, float]:
    """How often each pattern of the lexicon is right, seen on `examples`."""
    found: dict[Pattern, float] = {}
    right: dict[Pattern, float] = {}
    for example in examples:
        for pattern in {hit.pattern for hit in read(example.text).hits}:
            found[pattern] = found.get(pattern, 0.0) + 1
            right[pattern] = right.get(pattern, 0.0) + (pattern.cause == example.primary)
    return {
        pattern: (right.get(pattern, 0.0) + TRUSTED * TRUST_COUNT)
        / (found.get(pattern, 0.0) + TRUST_COUNT)
        for pattern in load_lexicon().patterns
    }
