"""The cold start on real statements of several companies, labelled by hand.

The floors are modest: they say that nothing broke, not what was hoped for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from feedback_app.tagging.suggesting.evaluation import describe, evaluate
from feedback_app.tagging.suggesting.sources import read_examples
from tests.factories.tagging import cold_tagger

#: language -> least top-1, top-3 and side accuracy
FLOORS = {"en": (0.59, 0.82, 0.82), "ru": (0.55, 0.79, 0.88), "uk": (0.51, 0.79, 0.88)}


def test_real_statements(real_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = real_data / "statements_dev.csv"
    if not file.exists():
        pytest.skip("the folder of real answers holds no labelled statements")
    report = evaluate(cold_tagger(), read_examples(file))
    with capsys.disabled():
        print(f"\n{describe(report)}")  # noqa: T201
    for language, (top1, top3, side) in FLOORS.items():
        reached = report["languages"][language]
        assert reached["top1"] >= top1, language
        assert reached["top3"] >= top3, language
        assert reached["side"] >= side, language
    assert report["all"]["ece"] <= 0.15
    assert report["all"]["top1"] >= 2 * report["baselines"]["majority"]["top1"]
