"""A statement as numbers: letter groups, word roots and topics side by side.

Letter groups (three to five letters inside words) know slips and endings, roots and their
pairs know words, topics are the same in every language: an example in one teaches the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from feedback_app.tagging.suggesting.embeddings import Embedder
from feedback_app.tagging.suggesting.reading import Spelt

MOST_LETTER_GROUPS, MOST_ROOTS, MOST_TOPICS = 30_000, 15_000, 6_000
#: What roots and topics weigh beside letter groups.
ROOT_SHARE, TOPIC_SHARE = 0.5, 0.3
#: The parts in the order of their columns.
PARTS = ("letters", "roots", "topics")

#: How words are counted, of whatever kind: alone and in pairs.
WORDS: dict[str, Any] = {
    "ngram_range": (1, 2),
    "token_pattern": r"\S+",
    "sublinear_tf": True,
    "lowercase": False,
}

Line = tuple[str, str, str]


@dataclass(frozen=True)
class Vectorisers:
    """What turns a statement's words into a sparse row; `embedder` adds its meaning."""

    letters: Any  # TfidfVectorizer
    roots: Any  # TfidfVectorizer
    topics: Any  # TfidfVectorizer
    embedder: Embedder | None = None

    def turn(self, statements: Sequence[Spelt]) -> Any:
        """A sparse row for each statement."""
        lines = [line_of(each) for each in statements]
        return self.turn_lines(lines, [each.text for each in statements])

    def turn_lines(self, lines: Sequence[Line], texts: Sequence[str]) -> Any:
        """A sparse row for each line; `texts` are looked at by the embedder alone."""
        letters, roots, topics = (
            part.transform(words) if words else None
            for part, words in zip(
                (self.letters, self.roots, self.topics), _columns(lines), strict=True
            )
        )
        return _join(letters, roots, topics, self.embedder, texts)

    @property
    def letter_groups(self) -> int:
        """How many columns, the first ones, are letter groups."""
        return len(self.letters.vocabulary_)


def line_of(spelt: Spelt) -> Line:
    """What the vectorisers see of a statement: words, roots, topics."""
    return spelt.plain, spelt.stems, spelt.topics


def fit(
    lines: Sequence[Line], texts: Sequence[str], embedder: Embedder | None
) -> tuple[Vectorisers, Any]:
    """Vectorisers that know the words of `lines`, and the rows of `lines`."""
    parts = make()
    letters, roots, topics = (
        part.fit_transform(words) for part, words in zip(parts, _columns(lines), strict=True)
    )
    return Vectorisers(*parts, embedder), _join(letters, roots, topics, embedder, texts)


def _columns(lines: Sequence[Line]) -> Iterable[list[str]]:
    return ([line[part] for line in lines] for part in range(len(PARTS)))


def _join(
    letters: Any, roots: Any, topics: Any, embedder: Embedder | None, texts: Sequence[str]
) -> Any:
    from scipy import sparse

    parts = [letters, roots * ROOT_SHARE, topics * TOPIC_SHARE]
    if embedder is not None:
        parts.append(sparse.csr_matrix(embedder.encode(texts)))
    return sparse.hstack(parts, format="csr")


def make(vocabularies: Sequence[Sequence[str] | None] = (None, None, None)) -> tuple[Any, Any, Any]:
    """The vectorisers of all parts, with known vocabularies or none yet."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    letters, roots, topics = vocabularies
    words = {**WORDS, "dtype": np.float32}
    return (
        TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=1 if letters else 2,
            max_features=MOST_LETTER_GROUPS,
            vocabulary=letters,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        ),
        TfidfVectorizer(max_features=MOST_ROOTS, vocabulary=roots, **words),
        TfidfVectorizer(
            min_df=1 if topics else 2,
            max_features=MOST_TOPICS,
            vocabulary=topics,
            **words,
        ),
    )
