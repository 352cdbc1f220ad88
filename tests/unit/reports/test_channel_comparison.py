"""Channels side by side: only what each channel's own report tells."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from reports.cause_report import build_cause_report
from reports.channel_comparison import NOTHING, compare_channels
from reports.schema import CatalogueCause, CauseReport, CauseReportInput
from reports.shares import WITHHELD, wilson_interval

CATALOGUE = tuple(
    CatalogueCause(code, code.partition(".")[0], place)
    for place, code in enumerate(("competitor.price", "company.price", "client.budget"))
)


def report(groups: dict[str, int]) -> CauseReport:
    rows = [
        (codes, codes.split()[0] if codes else "", "2024-03", number)
        for codes, number in groups.items()
    ]
    columns = ["cause_set", "primary", "month", "respondents"]
    nothing: dict[str, list[object]] = {"cause_set": [], "return_likelihood": [], "respondents": []}
    return build_cause_report(
        CauseReportInput(
            groups=pd.DataFrame(rows, columns=columns),
            returns=pd.DataFrame(nothing),
            competitors=pd.DataFrame({"competitor": [], "offers": [], "respondents": []}),
            catalogue=CATALOGUE,
            min_group=5,
            codebook=1,
        )
    )


LINK = report({"company.price": 20, "client.budget": 10})
PHONE = report({"company.price": 30, "competitor.price": 10})


def test_columns_by_size_and_rows_that_two_channels_tell() -> None:
    found = compare_channels([("link", LINK), ("phone", PHONE)])
    assert [(it.channel, it.respondents) for it in found.columns] == [("phone", 40), ("link", 30)]
    assert [it.code or it.side for it in found.rows] == [
        *("competitor", "company", "client"),
        "company.price",
    ]
    phone, link = found.rows[-1].cells
    assert (phone.respondents, phone.share) == (30, 0.75)
    assert (link.respondents, (link.low, link.high)) == (20, wilson_interval(20, 30))


@pytest.mark.parametrize("reports", [[], [("link", LINK)]])
def test_one_channel_is_compared_with_nothing(reports: list[tuple[str, CauseReport]]) -> None:
    assert compare_channels(reports) == NOTHING


def test_what_a_channel_withholds_stays_withheld() -> None:
    hidden = replace(PHONE, sides=tuple(replace(row, respondents=None) for row in PHONE.sides))
    found = compare_channels([("link", LINK), ("phone", hidden)])
    assert [row.cells[0] for row in found.rows[:3]] == [WITHHELD] * 3
    assert compare_channels([("link", LINK), ("kiosk", report({"company.price": 3}))]) == NOTHING
