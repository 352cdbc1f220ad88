"""The learner: one pooled model of words and letters, trained on examples of all languages.

TF-IDF of letter groups inside words (three to five letters) beside TF-IDF of word roots and
their pairs, and a multinomial logistic regression over all codes. A statement with several
causes counts for each of them, mostly for its primary one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedback_app.tagging.suggesting.embeddings import Embedder
from feedback_app.tagging.suggesting.examples import Example
from feedback_app.tagging.suggesting.lexicon import load_lexicon
from feedback_app.tagging.suggesting.patterns import Pattern
from feedback_app.tagging.suggesting.reading import Spelt, read, spell

if TYPE_CHECKING:
    import numpy as np

MOST_LETTER_GROUPS, MOST_ROOTS = 30_000, 15_000
#: How much of a statement's weight each further cause takes.
BESIDE = 0.25
STEPS, TOLERANCE, LOOSENESS = 25, 1e-3, 10.0
WORD_SHARE = 0.5
#: A pattern begins as right in this share of this many finds.
TRUSTED, TRUST_COUNT = 0.8, 2.0


@dataclass(frozen=True)
class Learner:
    """A trained model: two vectorisers and the weights of a softmax over the codes.

    `codes` are the causes it has seen and `none`, in alphabetical order; `weights` has a row
    for each of them and a column for each feature, `biases` one number for each.
    """

    letters: Any  # TfidfVectorizer
    roots: Any  # TfidfVectorizer
    codes: tuple[str, ...]
    weights: np.ndarray
    biases: np.ndarray
    embedder: Embedder | None = None

    def score(self, statements: Sequence[Spelt]) -> np.ndarray:
        """Log probabilities: a row for each statement, a column for each of `codes`."""
        import numpy as np

        found = self.features(statements) @ self.weights.T + self.biases
        found -= found.max(axis=1, keepdims=True)
        found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
        return np.asarray(found)

    def weigh_words(self, words: Sequence[str], code: str) -> np.ndarray:
        """How strongly each single word speaks for `code`."""
        import numpy as np

        row = self.codes.index(code)
        width = len(self.letters.vocabulary_)
        return np.asarray(self.letters.transform(words) @ self.weights[row, :width])

    def features(self, statements: Sequence[Spelt]) -> Any:
        """A sparse row for each statement."""
        return join_features(
            self.letters.transform(each.plain for each in statements),
            self.roots.transform(each.stems for each in statements),
            self.embedder,
            [each.text for each in statements],
        )


def join_features(letters: Any, roots: Any, embedder: Embedder | None, texts: Sequence[str]) -> Any:
    """Letter groups, roots and, with an embedder, meanings side by side."""
    from scipy import sparse

    parts = [letters, roots * WORD_SHARE]
    if embedder is not None:
        parts.append(sparse.csr_matrix(embedder.encode(texts)))
    return sparse.hstack(parts, format="csr")


def make_vectorisers(
    letters: Sequence[str] | None = None, roots: Sequence[str] | None = None
) -> tuple[Any, Any]:
    """The vectorisers of letter groups and of roots, with known vocabularies or none yet."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    return (
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            sublinear_tf=True,
            min_df=1 if letters else 2,
            max_features=MOST_LETTER_GROUPS,
            lowercase=False,
            dtype=np.float32,
            vocabulary=letters,
        ),
        TfidfVectorizer(
            ngram_range=(1, 2),
            token_pattern=r"\S+",  # noqa: S106
            sublinear_tf=True,
            max_features=MOST_ROOTS,
            lowercase=False,
            dtype=np.float32,
            vocabulary=roots,
        ),
    )


def train(examples: Sequence[Example], embedder: Embedder | None = None) -> Learner:
    """Train on `examples`; the same examples give the same model.

    The meanings that `embedder` gives become features beside letters and roots.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    # Words with their places are not kept: ten thousand statements shall fit into memory.
    lines = [(spelt.plain, spelt.stems) for spelt in (spell(each.text) for each in examples)]
    letters, roots = make_vectorisers()
    features = join_features(
        letters.fit_transform(plain for plain, _stems in lines),
        roots.fit_transform(stems for _plain, stems in lines),
        embedder,
        [each.text for each in examples],
    )
    codes = list_codes_of(examples)
    rows, labels, weights = _spread(examples, codes)
    features = features if rows == list(range(len(examples))) else features[rows]
    model = LogisticRegression(
        C=LOOSENESS, solver="saga", max_iter=STEPS, tol=TOLERANCE, random_state=0
    )
    _fit(model, features, labels, weights)
    return Learner(
        letters, roots, codes, model.coef_.astype(np.float32), model.intercept_, embedder
    )


def list_codes_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """The primary causes of `examples`, in alphabetical order."""
    return tuple(sorted({example.primary for example in examples}))


def _fit(model: Any, features: Any, labels: list[int], weights: list[float]) -> None:
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # A bounded number of steps is meant: the last ones change nothing that is seen.
        warnings.simplefilter("ignore", ConvergenceWarning)
        # The solver's steps are sized for weights of at most 1; heavier ones make them overshoot.
        heaviest = max(weights)
        model.C *= heaviest
        model.fit(features, labels, sample_weight=[weight / heaviest for weight in weights])


def _spread(
    examples: Sequence[Example], codes: Sequence[str]
) -> tuple[list[int], list[int], list[float]]:
    """A row for each cause of each example: (example, code, weight)."""
    number = {code: place for place, code in enumerate(codes)}
    rows, labels, weights = [], [], []
    for row, example in enumerate(examples):
        beside = [code for code in example.others if code in number]
        for code, share in [(example.primary, 1.0), *((code, BESIDE) for code in beside)]:
            rows.append(row)
            labels.append(number[code])
            weights.append(share * example.weight)
    return rows, labels, weights


def learn_trust(examples: Sequence[Example]) -> dict[Pattern, float]:
    """How often each pattern of the lexicon is right, seen on `examples`."""
    found: dict[Pattern, float] = {}
    right: dict[Pattern, float] = {}
    for example in examples:
        causes = {example.primary, *example.others}
        for pattern in {hit.pattern for hit in read(example.text).hits}:
            found[pattern] = found.get(pattern, 0.0) + example.weight
            if pattern.cause in causes:
                right[pattern] = right.get(pattern, 0.0) + example.weight
    return {
        pattern: (right.get(pattern, 0.0) + TRUSTED * TRUST_COUNT)
        / (found.get(pattern, 0.0) + TRUST_COUNT)
        for pattern in load_lexicon().patterns
    }
