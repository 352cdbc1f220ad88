"""Groups of statements that say something alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedback_app.tagging.suggesting.reading import Spelt, spell
from feedback_app.tagging.suggesting.text import BREAK, LONGEST_STATEMENT, NUMBER
from feedback_app.tagging.suggesting.word_lists import load_words

if TYPE_CHECKING:
    import numpy as np

MOST_THEMES = 24
#: A theme holds together when its members are this like their middle, on average.
LEAST_ALIKE = 0.22
WORDS_SHOWN, QUOTES_SHOWN = 5, 3
#: A word in more than this share of statements (of few, of many) tells none apart; quotes are
#: no essays.
TOO_COMMON, MANY_TEXTS, LONGEST_QUOTE = (0.5, 0.1), 200, 400
SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Words in common, places of the members, and of the most typical ones."""

    words: tuple[str, ...]
    members: tuple[int, ...]
    typical: tuple[int, ...]


def group(texts: Sequence[str], *, smallest: int) -> list[Group]:
    """Themes in `texts` with at least `smallest` members each, the largest first.

    Spherical k-means over TF-IDF of word roots; groups that do not hold together are dropped,
    so most statements may end in none. The same texts give the same themes.
    """
    spelt = [spell(text[:LONGEST_STATEMENT]) for text in texts]
    if len(texts) < 2 * smallest:
        return []
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(
        analyzer=str.split, min_df=max(2, smallest // 3), max_df=TOO_COMMON[len(texts) > MANY_TEXTS]
    )
    try:
        features = vectoriser.fit_transform([_roots(each) for each in spelt])
    except ValueError:
        return []  # no word occurs often enough
    number = max(2, min(MOST_THEMES, round(math.sqrt(len(texts) / smallest)) * 2))
    if features.shape[0] < number:
        return []
    labels = _cluster(features, number)
    found = []
    for cluster in range(number):
        members = (labels == cluster).nonzero()[0]
        made = _make(spelt, features, members, vectoriser.get_feature_names_out())
        if made is not None and len(made.members) >= smallest:
            found.append(made)
    return sorted(found, key=lambda each: (-len(each.members), each.words))


def _cluster(features: Any, number: int) -> np.ndarray:
    import warnings

    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # Fewer different texts than groups: some groups stay empty.
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels: np.ndarray = KMeans(number, n_init=1, max_iter=40, random_state=0).fit_predict(
            features
        )
    return labels


def _roots(spelt: Spelt) -> str:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    little = load_words("ukrainian") | load_words("russian") | ENGLISH_STOP_WORDS
    return " ".join(
        root
        for form, root in zip(spelt.forms, spelt.stems.split(" "), strict=False)
        if form not in (BREAK, NUMBER) and form not in little and len(form) >= SHORTEST_WORD
    )


def _make(spelt: list[Spelt], features: Any, members: np.ndarray, names: Any) -> Group | None:
    import numpy as np

    if not len(members):
        return None
    rows = features[members]
    middle = np.asarray(rows.mean(axis=0)).ravel()
    length = float(np.linalg.norm(middle))
    if not length:
        return None
    alike = np.asarray(rows @ (middle / length)).ravel()
    kept = alike > LEAST_ALIKE / 2
    if not kept.any() or float(alike[kept].mean()) < LEAST_ALIKE:
        return None
    own, near = members[kept], alike[kept]
    order = [int(own[place]) for place in np.argsort(-near, kind="stable")]
    short = [place for place in order if len(spelt[place].text) <= LONGEST_QUOTE]
    best = [str(names[place]) for place in np.argsort(-middle, kind="stable")[:WORDS_SHOWN]]
    words = tuple(_word_of(root, spelt, order) for root in best)
    return Group(words, tuple(sorted(order)), tuple(short[:QUOTES_SHOWN]))


def _word_of(root: str, spelt: list[Spelt], members: Sequence[int]) -> str:
    """The form in which a root is written most often."""
    forms: Counter[str] = Counter()
    for place in members:
        each = spelt[place]
        forms.update(
            form
            for form, own in zip(each.forms, each.stems.split(" "), strict=False)
            if own == root
        )
    return max(forms, key=lambda form: (forms[form], form)) if forms else root
