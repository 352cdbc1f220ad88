"""What a cause report is made from and what it says: frozen values, no behaviour.

Words used throughout: *respondents* are counts of people, *share* is a fraction (0..1)
of all respondents including those with no readable cause, *low* and *high* bound it at
95 % confidence. ``None`` in a count means "withheld: fewer than the smallest group, or
needed to keep such a group from being computed".
"""

from dataclasses import dataclass

import pandas as pd

SIDES = ("competitor", "company", "client")


class UnableToReadReportInput(ValueError):
    """The frames or the catalogue break the input contract; the message says where."""


@dataclass(frozen=True)
class CatalogueCause:
    """One cause of the codebook; ``merged_into`` names the cause that took it over."""

    code: str
    side: str
    position: int
    merged_into: str | None = None


@dataclass(frozen=True)
class CauseReportInput:
    """Grouped answers. Frames may have any row order and repeated groups (they are summed).

    - ``groups``: cause_set (codes joined by one space, "" = no readable cause), primary
      ("" = none, else one of the set), month "YYYY-MM", respondents
    - ``returns``: cause_set, return_likelihood 0..10, respondents
    - ``competitors``: competitor ("" = not named), offers (joined codes), respondents
    - ``min_group``: counts from 1 to ``min_group - 1`` are never told; 1 withholds nothing
    - ``side``: rank only the causes of this side; shares stay out of all respondents
    """

    groups: pd.DataFrame
    returns: pd.DataFrame
    competitors: pd.DataFrame
    catalogue: tuple[CatalogueCause, ...]
    min_group: int
    codebook: int
    side: str | None = None


@dataclass(frozen=True)
class Estimate:
    """A count with its share of a base and the share's Wilson 95 % interval."""

    respondents: int | None
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SideRow:
    """Respondents of one side; all counts ``None`` when withheld."""

    side: str
    respondents: int | None
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CauseRow:
    """A cause ranked by how many named it; ``primary`` = how many it decided for."""

    code: str
    side: str
    rank: int
    tier: int
    respondents: int
    share: float
    low: float
    high: float
    primary: int | None


@dataclass(frozen=True)
class DecidedRow:
    """A cause ranked by how many it decided for."""

    code: str
    side: str
    rank: int
    tier: int
    respondents: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Tie:
    """Two neighbours of a ranking that the data cannot tell apart.

    ``by`` is "played" or "decided"; ``p`` is the Holm-adjusted p, ``None`` when telling
    it would tell how many respondents named both causes (see ``ranking.neighbour_ties``).
    """

    by: str
    ranks: tuple[int, int]
    codes: tuple[str, str]
    p: float | None


@dataclass(frozen=True)
class Period:
    """One step of a trend: a month, or months put together because one alone is small."""

    first_month: str
    last_month: str
    respondents: int


@dataclass(frozen=True)
class TrendSeries:
    """One line of a trend; ``code`` is a side or a cause, one point per period."""

    code: str
    points: tuple[Estimate, ...]


@dataclass(frozen=True)
class Trend:
    """Lines over the same periods."""

    periods: tuple[Period, ...]
    series: tuple[TrendSeries, ...]


@dataclass(frozen=True)
class NamedRow:
    """A competitor or an offer with its share of those who were asked."""

    code: str
    respondents: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class NamedTable:
    """Rows in falling order; ``respondents`` were asked, ``suppressed`` rows are withheld.

    ``respondents`` is ``None`` when the whole table is withheld.
    """

    respondents: int | None
    rows: tuple[NamedRow, ...]
    suppressed: int


@dataclass(frozen=True)
class ScoreBand:
    """Respondents who gave a score from ``low_score`` to ``high_score`` inclusive."""

    low_score: int
    high_score: int
    respondents: int
    share: float


@dataclass(frozen=True)
class ReturnRow:
    """Willingness to return (0..10) of those who named a cause and answered.

    ``detail`` is "scores" (11 bands of one score), "bands" (0-3, 4-6, 7-10), "mean" (no
    distribution) or "count" (nothing but how many). ``mean``, ``low``, ``high`` are in
    points; ``low`` and ``high`` are ``None`` for a single answer.
    """

    code: str
    side: str
    respondents: int
    detail: str
    mean: float | None
    low: float | None
    high: float | None
    distribution: tuple[ScoreBand, ...]


@dataclass(frozen=True)
class CauseReport:
    """Everything a page, a CSV or a chart may show; nothing in it needs further hiding.

    ``is_withheld``: there are answers but fewer than ``min_group``; then ``respondents``
    is ``None`` and every table is empty. ``suppressed`` counts causes that were named but
    are not shown, on all sides together even when ``side`` narrows the ranking.
    """

    respondents: int | None
    is_withheld: bool
    min_group: int
    codebook: int
    side: str | None
    sides: tuple[SideRow, ...]
    causes: tuple[CauseRow, ...]
    suppressed: int
    decided: tuple[DecidedRow, ...]
    sides_decided: tuple[SideRow, ...]
    no_cause: Estimate
    undecided: Estimate
    ties: tuple[Tie, ...]
    trend_sides: Trend
    trend_causes: Trend
    competitors: NamedTable
    offers: NamedTable
    returns: tuple[ReturnRow, ...]
