"""What a company's own readings change: learnt on top of the cold start, never instead of it.

The cold start's probabilities are the starting point. What is learnt is how they have to be moved:
for each cause the cold start sees (where it says A, people here often mean B), for the words and
topics of confirmed statements, and for each cause by itself. All of it begins at zero and is held
there the more strongly the fewer statements are confirmed, so that few can make nothing worse: a
penalised multinomial regression with an offset (Hastie, Tibshirani, Friedman: The Elements of
Statistical Learning, 2nd ed., 4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedback_app.tagging.suggesting.examples import Example
from feedback_app.tagging.suggesting.features import WORDS, Line
from feedback_app.tagging.suggesting.text import BREAK

if TYPE_CHECKING:
    import numpy as np

#: How strongly the cold start's views, words and topics, and causes by themselves are held at 0.
HELD_VIEWS, HELD_WORDS, HELD_CAUSES = 800.0, 0.5, 160.0
#: Words of the company's own causes are held less: nothing else is known of these.
OWN_SHARE = 0.1
#: How much each further cause of a statement counts beside its primary one.
BESIDE = 0.05
#: Below this probability (natural logarithm) the cold start's view of a cause says nothing more.
FAINTEST = -6.0
MOST_ROOTS, MOST_TOPICS = 15_000, 6_000
#: What topics weigh beside roots.
TOPIC_SHARE = 0.6
#: A root is learnt from so many statements on, where there are more than a handful.
FEWEST_WITH_ROOT, HANDFUL = 2, 20
STEPS, REMEMBERED_STEPS = 60, 5


@dataclass(frozen=True)
class Lessons:
    """Statements whose causes are known, and what the cold start thinks of them.

    `shares` are its log probabilities: a row for each statement, a column for each of its codes.
    """

    examples: Sequence[Example]
    lines: Sequence[Line]
    shares: np.ndarray

    def take(self, places: Sequence[int]) -> Lessons:
        """Those at `places` alone."""
        return Lessons(
            [self.examples[place] for place in places],
            [self.lines[place] for place in places],
            self.shares[list(places)],
        )


@dataclass(frozen=True)
class Adaptation:
    """How the cold start's scores are moved.

    `codes` are the cold start's and then the company's own; there is a column for each in
    `by_view` (a row for each of the cold start's codes and a last one that always counts) and in
    `by_word` (a row for each root and topic).
    """

    codes: tuple[str, ...]
    roots: Any  # TfidfVectorizer
    topics: Any  # TfidfVectorizer
    by_view: np.ndarray
    by_word: np.ndarray

    def score(self, lines: Sequence[Line], shares: np.ndarray) -> np.ndarray:
        """Scores of `codes`, a row for each statement; `lines` and `shares` as in Lessons."""
        import numpy as np

        found = _extend(shares, len(self.codes)) + _view(shares) @ self.by_view
        found += _turn(self.roots, self.topics, lines) @ self.by_word
        return np.asarray(found)

    def weigh_roots(self, roots: Sequence[str], code: str) -> np.ndarray:
        """How strongly each single root speaks for `code`."""
        import numpy as np

        weights = self.by_word[: len(self.roots.vocabulary_), self.codes.index(code)]
        return np.asarray(self.roots.transform(roots) @ weights)


def adapt(confirmed: Lessons, anchors: Lessons, known: tuple[str, ...]) -> Adaptation:
    """Learn from `confirmed` statements; `known` are the cold start's codes.

    `anchors` are statements of the cold start's own, which shall go on being read as they are:
    they keep words that everybody uses from speaking for what was confirmed.
    """
    import numpy as np
    from scipy import sparse

    codes = (*known, *sorted({each.primary for each in confirmed.examples} - set(known)))
    fewest = FEWEST_WITH_ROOT if len(confirmed.examples) > HANDFUL else 1
    roots, topics = make_words((None, None), fewest)
    for part, column in zip((roots, topics), _list_columns(confirmed.lines), strict=True):
        part.fit(column)
    both = [*confirmed.lines, *anchors.lines]
    view = _view(confirmed.shares)
    beside = np.zeros((len(anchors.examples), view.shape[1]))
    columns = sparse.hstack(
        [sparse.csr_matrix(np.vstack([view, beside])), _turn(roots, topics, both)], format="csr"
    )
    weights = _fit(
        columns,
        _extend(np.vstack([confirmed.shares, anchors.shares]), len(codes)),
        _list_right([*confirmed.examples, *anchors.examples], codes),
        _list_held(view.shape[1], columns.shape[1], len(known), len(codes)),
    )
    by_view, by_word = np.split(weights.astype(np.float32), [view.shape[1]])
    return Adaptation(codes, roots, topics, by_view, by_word)


def make_words(vocabularies: Sequence[Sequence[str] | None], fewest: int = 1) -> tuple[Any, Any]:
    """The vectorisers of roots and topics, with known vocabularies or none yet."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    roots, topics = vocabularies
    words = {**WORDS, "dtype": np.float32}
    return (
        TfidfVectorizer(min_df=fewest, max_features=MOST_ROOTS, vocabulary=roots, **words),
        TfidfVectorizer(max_features=MOST_TOPICS, vocabulary=topics, **words),
    )


def _turn(roots: Any, topics: Any, lines: Sequence[Line]) -> Any:
    from scipy import sparse

    first, second = _list_columns(lines)
    return sparse.hstack(
        [roots.transform(first), topics.transform(second) * TOPIC_SHARE], format="csr"
    )


def _list_columns(lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    # The mark at the end keeps a vocabulary from being empty.
    return (
        [f"{stems} {BREAK}" for _words, stems, _topics in lines],
        [f"{topics} {BREAK}" for _words, _stems, topics in lines],
    )


def _view(shares: np.ndarray) -> np.ndarray:
    """How much more than nothing the cold start sees of each cause, and a last column of ones."""
    import numpy as np

    seen = np.maximum(shares, FAINTEST) - FAINTEST
    return np.hstack([seen, np.ones((len(shares), 1))])


def _extend(shares: np.ndarray, number: int) -> np.ndarray:
    """`shares` with a column for each of the company's own causes: as likely as any other."""
    import numpy as np

    own = np.full((len(shares), number - shares.shape[1]), -np.log(number))
    return np.hstack([shares, own])


def _list_right(examples: Sequence[Example], codes: tuple[str, ...]) -> np.ndarray:
    """What each code's share should be: a row for each example, adding up to 1."""
    import numpy as np

    number = {code: place for place, code in enumerate(codes)}
    right = np.zeros((len(examples), len(codes)))
    for row, example in enumerate(examples):
        beside = [number[code] for code in example.others if code in number]
        right[row, beside] = BESIDE
        right[row, number[example.primary]] = 1.0
    return np.asarray(right / right.sum(axis=1, keepdims=True))


def _list_held(views: int, width: int, known: int, causes: int) -> np.ndarray:
    """How strongly each weight is held at zero: a row for each column, a column for each cause."""
    import numpy as np

    held = np.full((width, causes), HELD_WORDS)
    held[:, known:] *= OWN_SHARE
    held[:views] = HELD_VIEWS
    held[views - 1] = HELD_CAUSES
    return held


def _fit(columns: Any, start: np.ndarray, right: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Weights (columns x causes): the likeliest, held at zero by their squares times `held`.

    `start` are the scores they are added to, `right` the shares that are right.
    """
    import numpy as np
    from scipy.optimize import minimize

    turned = columns.T.tocsr()
    # Weights are looked for in steps of equal worth, or those held strongly take most steps.
    scale = held**-0.5

    def surprise(values: np.ndarray) -> tuple[float, np.ndarray]:
        weights = values.reshape(held.shape)
        shares = start + columns @ (weights * scale)
        shares -= shares.max(axis=1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=1, keepdims=True)
        found = -(right * np.log(np.maximum(shares, 1e-12))).sum() + (weights**2).sum() / 2
        shares -= right
        return float(found), ((turned @ shares) * scale + weights).ravel()

    found = minimize(
        surprise,
        np.zeros(held.size),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": STEPS, "maxcor": REMEMBERED_STEPS},
    )
    return np.asarray(found.x.reshape(held.shape) * scale)
