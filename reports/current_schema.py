"""What reports on current customers and on a staff poll are made from and what they say."""

from dataclasses import dataclass

import pandas as pd

from reports.differences import Difference
from reports.drivers import Drivers
from reports.schema import CauseReport, CauseReportInput, Estimate, NamedTable
from reports.score_schema import Field, Measure


@dataclass(frozen=True)
class CurrentReportInput:
    """Answers of current customers, grouped.

    - ``fields``: questions and rating rows in the survey's order
    - ``scores``: field, value (-1: does not apply), month, ``dimensions``, respondents
    - ``complete``: a column per rating row and per outcome (NaN: no number), respondents;
      a sample is enough
    - ``outcomes``: fields that ratings may go with
    - ``causes``: what could make them leave, and what competitors offered them, as for a
      cause report; its ``min_group`` holds for everything
    - ``departed``: why others left, or None
    """

    respondents: int
    fields: tuple[Field, ...]
    scores: pd.DataFrame
    dimensions: tuple[str, ...]
    complete: pd.DataFrame
    outcomes: tuple[str, ...]
    causes: CauseReportInput
    departed: CauseReportInput | None


@dataclass(frozen=True)
class WarningRow:
    """A cause that could make current customers leave, beside those who did leave for it.

    ``departed`` holds no numbers where the report of the departed does not tell the cause;
    then there is no difference either. ``verdict``: "more" or "less" among current
    customers, "unclear", or "" without a difference.
    """

    code: str
    side: str
    rank: int
    current: Estimate
    departed_rank: int | None
    departed: Estimate
    difference: Difference | None
    verdict: str


@dataclass(frozen=True)
class EarlyWarning:
    """Causes in the current customers' order; ``only_departed`` are told of the departed alone."""

    current: int
    departed: int
    rows: tuple[WarningRow, ...]
    only_departed: tuple[str, ...]


@dataclass(frozen=True)
class CurrentReport:
    """Everything that is told of current customers.

    ``ratings`` are the rows of rating questions, ``measures`` the other fields. ``causes``
    is None where nobody was asked or named any.
    """

    respondents: int | None
    is_withheld: bool
    min_group: int
    measures: tuple[Measure, ...]
    ratings: tuple[Measure, ...]
    drivers: tuple[Drivers, ...]
    causes: CauseReport | None
    warning: EarlyWarning | None
    offers: NamedTable
    competitors: NamedTable


@dataclass(frozen=True)
class StaffReportInput:
    """What staff believe, and why customers did leave.

    ``believed``: as for a cause report; a group's primary is the cause ranked first.
    ``predicted``: cause, percent 0..100, respondents. ``departed``: as for a cause report.
    """

    believed: CauseReportInput
    predicted: pd.DataFrame
    departed: CauseReportInput | None


@dataclass(frozen=True)
class Prediction:
    """Mean share that staff expect to name a cause, with its t interval, in fractions."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class BeliefRow:
    """One cause as staff see it and as customers named it; ``None`` is withheld or untold.

    ``difference`` is measured minus predicted. ``verdict``: "under" (customers name it more
    often than staff expect), "over", "unclear", or "" where one of the two is missing.
    """

    code: str
    side: str
    staff_rank: int | None
    believed: Estimate
    predicted: Prediction | None
    customer_rank: int | None
    measured: Estimate
    difference: Difference | None
    verdict: str


@dataclass(frozen=True)
class RankAgreement:
    """Kendall's tau-b between the two orders of ``causes`` causes both tell.

    ``low`` and ``high`` are ``None`` where the orders are the same, or each other's reverse;
    ``tau`` is ``None`` where fewer than ``needed`` causes are told on both sides.
    """

    causes: int
    needed: int
    tau: float | None
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True)
class BlameRow:
    """Share of staff and of customers for whom a side's cause comes first, and the difference."""

    side: str
    staff: Estimate
    customers: Estimate
    difference: Difference | None
    verdict: str


@dataclass(frozen=True)
class StaffReport:
    """Everything that is told of a staff poll. ``blame`` has one row per side, client last."""

    respondents: int | None
    is_withheld: bool
    min_group: int
    customers: int | None
    believed: CauseReport
    rows: tuple[BeliefRow, ...]
    agreement: RankAgreement | None
    blame: tuple[BlameRow, ...]
    suppressed: int
