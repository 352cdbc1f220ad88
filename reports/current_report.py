"""The report on current customers: scores, what drives them, and what could make them leave."""

from reports.cause_report import build_cause_report
from reports.comparison import WITHHELD_TABLE
from reports.current_schema import CurrentReport, CurrentReportInput, EarlyWarning
from reports.drivers import drivers_of
from reports.early_warning import warning_of
from reports.measures import measures_of
from reports.schema import CauseReport, UnableToReadReportInput


def build_current_report(given: CurrentReportInput) -> CurrentReport:
    """Count, withhold, compare.

    Raises UnableToReadReportInput where the frames break the input contract.
    """
    min_group = given.causes.min_group
    if min_group < 1:
        raise UnableToReadReportInput(f"min_group is {min_group}; it must be at least 1")
    if 0 < given.respondents < min_group:
        return _nothing_told(min_group)
    measures = measures_of(
        given.fields, given.scores, given.respondents, given.dimensions, min_group
    )
    ratings = tuple(field.code for field in given.fields if field.kind == "rating")
    causes = build_cause_report(given.causes)
    return CurrentReport(
        respondents=given.respondents,
        is_withheld=False,
        min_group=min_group,
        measures=tuple(it for it in measures if it.kind != "rating"),
        ratings=tuple(it for it in measures if it.kind == "rating"),
        drivers=tuple(
            drivers_of(outcome, ratings, given.complete, min_group)
            for outcome in given.outcomes
            if ratings
        ),
        causes=causes if causes.causes else None,
        warning=_warning(causes, given),
        offers=causes.offers,
        competitors=causes.competitors,
    )


def _warning(causes: CauseReport, given: CurrentReportInput) -> EarlyWarning | None:
    if given.departed is None or not causes.causes:
        return None
    return warning_of(causes, build_cause_report(given.departed))


def _nothing_told(min_group: int) -> CurrentReport:
    return CurrentReport(
        respondents=None,
        is_withheld=True,
        min_group=min_group,
        measures=(),
        ratings=(),
        drivers=(),
        causes=None,
        warning=None,
        offers=WITHHELD_TABLE,
        competitors=WITHHELD_TABLE,
    )
