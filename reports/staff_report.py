"""The report of a staff poll: what staff believe against what customers say."""

import numpy as np
import pandas as pd

from reports import frames, score_numbers
from reports.catalogue import Codebook, read_catalogue
from reports.cause_report import build_cause_report
from reports.current_schema import (
    BeliefRow,
    BlameRow,
    Prediction,
    RankAgreement,
    StaffReport,
    StaffReportInput,
)
from reports.differences import Difference, newcombe_difference, recovered_difference
from reports.early_warning import estimate_of
from reports.rank_agreement import rank_agreement
from reports.scales import Scale
from reports.schema import SIDES, CauseReport, CauseRow, Estimate, UnableToReadReportInput
from reports.shares import WITHHELD, estimate

PERCENT = Scale("percent", 0, 100, ((0, 100),))
NAME = "predicted"
VERDICTS = {"more": "under", "less": "over", "unclear": "unclear"}


def build_staff_report(given: StaffReportInput) -> StaffReport:
    """Count, withhold, compare.

    Raises UnableToReadReportInput where the frames break the input contract.
    """
    believed = build_cause_report(given.believed)
    departed = None if given.departed is None else build_cause_report(given.departed)
    codebook = read_catalogue(given.believed.catalogue)
    predicted = _predictions(given.predicted, codebook, given.believed.min_group)
    rows = _rows(believed, departed, predicted, codebook)
    return StaffReport(
        respondents=believed.respondents,
        is_withheld=believed.is_withheld,
        min_group=believed.min_group,
        customers=None if departed is None else departed.respondents,
        believed=believed,
        rows=rows,
        agreement=None if departed is None else _agreement(rows),
        blame=() if departed is None else _blame(believed, departed),
        suppressed=believed.suppressed,
    )


def _predictions(
    predicted: pd.DataFrame, codebook: Codebook, min_group: int
) -> dict[str, Prediction]:
    """Per cause that enough people predicted: mean and interval, in whole percent."""
    frames.require_columns(predicted, NAME, ("cause", "percent", "respondents"))
    weights = frames.whole_numbers(predicted, NAME, "respondents")
    percents = frames.whole_numbers(predicted, NAME, "percent")
    if (percents > PERCENT.highest).any():
        raise UnableToReadReportInput(f"{NAME}: percent must be from 0 to 100")
    causes = frames.labels(predicted, NAME, "cause")
    unknown = [code for code in causes.names if code not in codebook.index_of]
    if unknown:
        raise UnableToReadReportInput(f"{NAME}: unknown cause {', '.join(map(repr, unknown))}")
    place = np.array([codebook.index_of[code] for code in causes.names], dtype=np.int64)
    of_row = place[causes.of_row] if len(causes.names) else causes.of_row
    counts = np.zeros((len(codebook.causes), PERCENT.points), dtype=np.int64)
    np.add.at(counts, (of_row, percents), weights)
    means = np.round(score_numbers.mean(counts, PERCENT) / PERCENT.highest, 2)
    return {
        cause.code: Prediction(float(row[0]), float(row[1]), float(row[2]))
        for cause, row, total in zip(codebook.causes, means, counts.sum(axis=1), strict=True)
        if total >= max(2, min_group)
    }


def _rows(
    believed: CauseReport,
    departed: CauseReport | None,
    predicted: dict[str, Prediction],
    codebook: Codebook,
) -> tuple[BeliefRow, ...]:
    """Causes that staff or customers tell, in the customers' order, then in the staff's."""
    staff = {row.code: row for row in believed.causes}
    customers = {} if departed is None else {row.code: row for row in departed.causes}
    codes = [*customers, *(code for code in staff if code not in customers)]
    if believed.is_withheld:
        return ()
    return tuple(
        _row(codebook, code, staff.get(code), predicted.get(code), customers.get(code))
        for code in codes
    )


def _row(
    codebook: Codebook,
    code: str,
    staff: CauseRow | None,
    predicted: Prediction | None,
    customers: CauseRow | None,
) -> BeliefRow:
    # Who predicts a cause ticked it: a cause whose ticks are withheld has no prediction either.
    predicted = None if staff is None else predicted
    difference: Difference | None = None
    if predicted is not None and customers is not None:
        difference = recovered_difference(
            (customers.share, customers.low, customers.high),
            (predicted.mean, predicted.low, predicted.high),
        )
    return BeliefRow(
        code=code,
        side=codebook.causes[codebook.index_of[code]].side,
        staff_rank=None if staff is None else staff.rank,
        believed=estimate_of(staff),
        predicted=predicted,
        customer_rank=None if customers is None else customers.rank,
        measured=estimate_of(customers),
        difference=difference,
        verdict="" if difference is None else VERDICTS[difference.verdict],
    )


def _agreement(rows: tuple[BeliefRow, ...]) -> RankAgreement:
    """Between the staff's order and the customers', over the causes that both tell."""
    both = [
        (row.believed.share, row.measured.share)
        for row in rows
        if row.believed.share is not None and row.measured.share is not None
    ]
    return rank_agreement([staff for staff, _c in both], [customers for _s, customers in both])


def _blame(believed: CauseReport, departed: CauseReport) -> tuple[BlameRow, ...]:
    """Of those who put one cause first: the share that put a cause of the side first."""
    staff, customers = _first_causes(believed), _first_causes(departed)
    return tuple(_blame_row(side, staff.get(side), customers.get(side)) for side in SIDES)


def _first_causes(report: CauseReport) -> dict[str, tuple[int, int]]:
    """Side -> (respondents, all who put a cause first), of the sides that are told.

    All are the sum of the sides (of the told ones, where they are everybody), or everybody
    less the undecided; {} where neither is told.
    """
    counts = {row.side: row.respondents for row in report.sides_decided}
    told = {side: count for side, count in counts.items() if count is not None}
    total = 0
    if len(told) == len(counts) or sum(told.values()) == report.respondents:
        total = sum(told.values())
    elif report.respondents is not None and report.undecided.respondents is not None:
        total = report.respondents - report.undecided.respondents
    return {side: (count, total) for side, count in told.items()} if total else {}


def _blame_row(
    side: str, staff: tuple[int, int] | None, customers: tuple[int, int] | None
) -> BlameRow:
    difference = None
    if staff and customers:
        difference = newcombe_difference(*staff, *customers)
    return BlameRow(
        side,
        _estimate(staff),
        _estimate(customers),
        difference,
        "" if difference is None else difference.verdict,
    )


def _estimate(counted: tuple[int, int] | None) -> Estimate:
    return WITHHELD if counted is None else estimate(*counted)
