"""Real answers of another company, counted a second time by pandas alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.integration.imports.conftest import Ended

ROOT = Path(__file__).resolve().parents[3]
MAP = ROOT / "docs" / "imports" / "buffer-exit-survey.toml"

#: Written from the data's own description, not from the map.
CAUSES = {
    "I don't need Buffer anymore": "client.need_gone",
    "I wasn't using it enough": "client.low_usage",
    "It was too expensive": "company.price",
    "I had trouble or there were missing features": "company.features",
    "I’m switching to something else": "competitor.unspecified",
    "Other": "",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_totals_are_those_of_a_plain_count(
    real_data: Path,
    bring_in: Callable[..., Ended],
    stored: Callable[[], list[Any]],
    tmp_path: Path,
) -> None:
    file = real_data / "buffer_exit_survey.csv"
    plain = pd.read_csv(file, dtype=str, keep_default_na=False)
    answered = plain[plain["reason"] != ""]
    assert (len(plain), len(answered), (answered["reason"] == "Other").sum()) == (
        *(33_332, 22_449),
        3_488,
    )

    more = ("--rejects", tmp_path / "rejects.csv")
    ended = bring_in(file, *more, by_map=MAP)
    assert ended.status == 0, ended.err
    assert ended.number("Rows read") == len(plain)
    assert ended.number("Taken") == len(answered)
    assert ended.number("Skipped by the map") == len(plain) - len(answered)
    assert ended.number("Rejected") == 0

    rows = stored()
    expected = answered.assign(
        cause=answered["reason"].map(CAUSES),
        day=answered["created_at"].str[:10],
        worded=answered["details"].str.strip() != "",
    )
    columns = expected[["cause", "cause", "day", "survey_type", "survey_type", "worded"]]
    assert Counter(
        (
            *(row.cause_set, row.primary_cause, str(row.opened_on)),
            *(row.channel, row.segment_1, row.has_text),
        )
        for row in rows
    ) == Counter(columns.itertuples(index=False, name=None))

    again = bring_in(file, *more, by_map=MAP)
    assert (again.number("Taken"), again.number("Already there")) == (0, len(answered))
    assert len(stored()) == len(answered)
