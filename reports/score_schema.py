"""What a report says of answers on scales: frozen values.

Numbers that are ``None`` are withheld. A *rounded* measure tells shares and scores in whole
percent or points and no counts, since its exact numbers would tell how few did not answer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A question answered by a number, or one row of a question with rating rows.

    ``kind``: "nps", "csat", "ces", "scale" or "rating".
    """

    code: str
    kind: str
    lowest: int
    highest: int


@dataclass(frozen=True)
class Score:
    """NPS in points, any other score as a share of those who answered; 95 % interval."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Level:
    """Respondents who answered from ``low`` to ``high``, both included."""

    low: int
    high: int
    respondents: int | None
    share: float | None


@dataclass(frozen=True)
class ScorePeriod:
    """The score in a stretch of months."""

    first_month: str
    last_month: str
    respondents: int | None
    score: Score


@dataclass(frozen=True)
class ScoreGroup:
    """The score of those who share a value; "*" are all rarer values together."""

    value: str
    respondents: int | None
    score: Score


@dataclass(frozen=True)
class ScoreGroups:
    """The score by the values of one dimension, such as a segment."""

    dimension: str
    groups: tuple[ScoreGroup, ...]


@dataclass(frozen=True)
class Measure:
    """Everything told of one field.

    ``detail`` says what the levels are: "values" (one per number), "bands", "score" (none)
    or "nothing" (not even a score). ``respondents`` gave a number; ``not_applicable`` said
    that it does not apply to them and are in no share.
    """

    code: str
    kind: str
    lowest: int
    highest: int
    detail: str
    is_rounded: bool
    respondents: int | None
    not_applicable: int | None
    score: Score
    mean: Score
    levels: tuple[Level, ...]
    trend: tuple[ScorePeriod, ...] = ()
    groups: tuple[ScoreGroups, ...] = ()
