"""Frames and catalogues for the tests of reports."""

from collections.abc import Iterable

import pandas as pd

from reports.schema import CatalogueCause, CauseReportInput

CATALOGUE = (
    CatalogueCause("competitor.price", "competitor", 1),
    CatalogueCause("company.quality", "company", 2),
    CatalogueCause("company.price", "company", 3),
    CatalogueCause("company.plans", "company", 4),
    CatalogueCause("client.budget", "client", 5),
)

Group = tuple[str, str, str, int]


def groups_frame(rows: Iterable[Group]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["cause_set", "primary", "month", "respondents"])


def returns_frame(rows: Iterable[tuple[str, int, int]] = ()) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["cause_set", "return_likelihood", "respondents"])


def competitors_frame(rows: Iterable[tuple[str, str, int]] = ()) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["competitor", "offers", "respondents"])


def report_input(
    groups: Iterable[Group] = (),
    *,
    returns: Iterable[tuple[str, int, int]] = (),
    competitors: Iterable[tuple[str, str, int]] = (),
    catalogue: tuple[CatalogueCause, ...] = CATALOGUE,
    min_group: int = 1,
    side: str | None = None,
) -> CauseReportInput:
    return CauseReportInput(
        groups=groups_frame(groups),
        returns=returns_frame(returns),
        competitors=competitors_frame(competitors),
        catalogue=catalogue,
        min_group=min_group,
        codebook=3,
        side=side,
    )
