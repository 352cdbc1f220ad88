"""What tests of applications share."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest

from feedback_app.reporting.analyst_process import AnalystProcess


@pytest.fixture(scope="session")
def analyst_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnalystProcess]:
    """One analyst for all applications of this test process: it loads pandas once."""
    analyst = AnalystProcess(tmp_path_factory.mktemp("analyst"))
    yield analyst
    analyst.close()


@pytest.fixture(autouse=True)
def _one_analyst(analyst_of_tests: AnalystProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    room = import_module("feedback_app.reporting.views.blueprint")
    monkeypatch.setattr(room, "_analyst_of_process", lambda _home: analyst_of_tests)
