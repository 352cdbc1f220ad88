"""Suggestions: the learner's view, the lexicon's view and what is told how often, joined.

That is the cold start. Where statements were confirmed, its view is moved by what they taught.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedback_app.tagging.suggesting.adaptation import Adaptation
from feedback_app.tagging.suggesting.context import correct_by_context
from feedback_app.tagging.suggesting.evidence import find_evidence
from feedback_app.tagging.suggesting.examples import list_odds
from feedback_app.tagging.suggesting.features import line_of
from feedback_app.tagging.suggesting.learner import Learner
from feedback_app.tagging.suggesting.patterns import Pattern
from feedback_app.tagging.suggesting.reading import Read, add_up, is_known, read
from feedback_app.tagging.suggesting.suggestion import NONE, UNSURE, Suggestion, side_of

if TYPE_CHECKING:
    import numpy as np

#: What the lexicon's sums weigh against the learner's log probabilities.
LEXICON_SHARE = 0.9
#: Long texts are complaints about the company: what ten-fold length adds to its causes.
LENGTH_SHARE, USUAL_LENGTH, SHORTEST_LENGTH = 0.5, 15.0, 4.0
#: Of causes with equal weight the first named one is primary: the beginning counts once more.
FIRST_WORDS, FIRST_SHARE = 20, 0.2
#: What `none` gains where no pattern is found at all, and where only a weak one is.
SILENT, SILENCE = 0.5, 0.8
WEAK, WEAKNESS = 1.5, 0.4
#: The cold start's scores are this much too sure.
COLD_TEMPERATURE = 2.1
#: How sure it is that a text without a word gives no reason.
SURE_OF_NOTHING = 0.92
#: Below this probability the tagger says "unsure"; others are named down to the second.
LEAST_SURE, LEAST_BESIDE = 0.15, 0.01
MOST_OTHERS = 3
#: Statements are read and scored in portions, so that a large file needs little memory.
PORTION = 500


@dataclass(frozen=True)
class Tagger:
    """A learner with all that turns its scores into suggestions.

    `adaptation` is what `confirmed` statements taught, `temperature` by how much its scores are
    too sure.
    """

    learner: Learner
    trust: Mapping[Pattern, float]
    adaptation: Adaptation | None = None
    temperature: float = 1.0
    confirmed: int = 0
    version: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that it suggests: those of the shipped examples, then the company's own."""
        return self.adaptation.codes if self.adaptation else self.learner.codes

    def suggest(self, texts: Sequence[str]) -> list[Suggestion]:
        """A suggestion for each text.

        Raises UnableToReadStatement when a text is too long to be one statement.
        """
        suggestions = []
        for start in range(0, len(texts), PORTION):
            portion = [read(text) for text in texts[start : start + PORTION]]
            shares = self.weigh(portion)
            suggestions += [
                self._suggest(statement, row)
                for statement, row in zip(portion, shares, strict=True)
            ]
        return suggestions

    def weigh(self, statements: Sequence[Read]) -> np.ndarray:
        """Probabilities of all `codes`: a row for each statement, adding up to 1."""
        import numpy as np

        return np.asarray(np.exp(to_shares(self.score(statements), self.temperature)))

    def score(self, statements: Sequence[Read]) -> np.ndarray:
        """Scores of all `codes`: log probabilities, but for the temperature."""
        cold = to_shares(self.score_cold(statements), COLD_TEMPERATURE)
        if self.adaptation is None:
            return cold
        return self.adaptation.score([line_of(each) for each in statements], cold)

    def score_cold(self, statements: Sequence[Read]) -> np.ndarray:
        """Scores of the learner's codes, as it ships."""
        import numpy as np

        codes = self.learner.codes
        if not statements:
            return np.zeros((0, len(codes)))
        words, near = self.learner.score(statements)
        begun = words.copy()
        longer = [row for row, each in enumerate(statements) if len(each.words) > FIRST_WORDS]
        if longer:
            begun[longer] = self.learner.score_words(
                [statements[row].begin(FIRST_WORDS) for row in longer]
            )
        scores: np.ndarray = words + near + FIRST_SHARE * begun + np.asarray(list_odds(codes))
        company = np.array([side_of(code) == "company" for code in codes])
        for row, statement in enumerate(statements):
            sums = add_up(statement.hits, self.trust)
            scores[row] += LEXICON_SHARE * np.array([sums.get(code, 0.0) for code in codes])
            scores[row] += _weigh_silence(sums, codes)
            length = math.log(max(statement.length, SHORTEST_LENGTH) / USUAL_LENGTH)
            scores[row, company] += LENGTH_SHARE * length
            correct_by_context(statement, sums, scores[row], codes)
        return scores

    def weigh_words(self, statement: Read, places: Sequence[int], code: str) -> np.ndarray:
        """How strongly each word at `places` speaks for `code`."""
        import numpy as np

        found = np.zeros(len(places))
        if code in self.learner.codes:
            found += self.learner.weigh_words([statement.forms[place] for place in places], code)
        if self.adaptation:
            roots = statement.stems.split(" ")
            found += self.adaptation.weigh_roots([roots[place] for place in places], code)
        return found

    def _knows_a_word(self, statement: Read) -> bool:
        """Whether any word was ever seen: in the examples, the lexicon or what was confirmed."""
        known = [self.learner.vectorisers.roots.vocabulary_]
        if self.adaptation:
            known.append(self.adaptation.roots.vocabulary_)
        return any(
            is_known(form) or any(root in words for words in known)
            for form, root in zip(statement.forms, statement.stems.split(" "), strict=False)
            if form.isalpha()
        )

    def _suggest(self, statement: Read, shares: Any) -> Suggestion:
        codes = self.codes
        if not any(word.form.isalpha() for word in statement.words):
            return Suggestion(NONE, "", SURE_OF_NOTHING, (), ())
        order = shares.argsort()[::-1]
        first = float(shares[order[0]])
        likely = [codes[place] for place in order[1:] if shares[place] >= LEAST_BESIDE]
        beside = [code for code in likely if code != NONE]
        ranked = [codes[order[0]], *beside]
        evidence = find_evidence(statement, ranked[0], self.weigh_words, self.trust)
        if not self._knows_a_word(statement):
            # Another language, or keys pressed at random: letters alone would be a guess.
            return Suggestion(UNSURE, "", min(first, LEAST_SURE), tuple(ranked[:MOST_OTHERS]), ())
        if first < LEAST_SURE:
            return Suggestion(UNSURE, "", first, tuple(ranked[:MOST_OTHERS]), evidence)
        others = tuple(beside[:MOST_OTHERS]) if ranked[0] != NONE else ()
        return Suggestion(ranked[0], side_of(ranked[0]), first, others, evidence)


def _weigh_silence(sums: Mapping[str, float], codes: Sequence[str]) -> np.ndarray:
    """What each code gains because the lexicon finds little: no reason may be there."""
    import numpy as np

    strongest = max(sums.values(), default=0.0)
    gain = SILENCE if strongest < SILENT else WEAKNESS if strongest < WEAK else 0.0
    return np.array([gain if code == NONE else 0.0 for code in codes])


def to_shares(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Scores as log probabilities: log softmax of the scores divided by `temperature`."""
    import numpy as np

    found = scores / temperature
    if len(found):
        found -= found.max(axis=1, keepdims=True)
        found -= np.log(np.exp(found).sum(axis=1, keepdims=True))
    return np.asarray(found)
