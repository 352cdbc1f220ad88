"""The analyst's process: it may die, sleep and hang, and the page server stays slim."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from feedback_app.reporting.analyst_process import AnalystProcess, UnableToAnalyse
from feedback_app.staff.models.accounts import StaffUser
from feedback_app.staff.rules import Role
from tests.architecture.test_running_app import NEVER_IN_PAGE_SERVER
from tests.factories.answers import invent_answers, make_survey, put_answers
from tests.factories.staff import add_staff

QUESTION = {"asks": "chart", "key": "unknown", "chart": "sides", "words": {}, "width": 720}
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def analyst(tmp_path_factory):
    process = AnalystProcess(tmp_path_factory.mktemp("analyst"))
    yield process
    process.close()


def is_running(pid: int | None) -> bool:
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def await_end(pid: int) -> None:
    give_up_at = time.monotonic() + 10
    while is_running(pid):
        assert time.monotonic() < give_up_at, "it still runs"
        time.sleep(0.05)


def test_it_starts_when_it_is_asked_and_answers_again(analyst):
    assert analyst.pid is None
    assert analyst.ask(QUESTION) == {"forgotten": True}
    first = analyst.pid
    assert analyst.ask(QUESTION) == {"forgotten": True}
    assert analyst.pid == first


def test_a_question_it_can_not_read_is_refused_and_the_next_one_answered(analyst):
    with pytest.raises(UnableToAnalyse, match="KeyError"):
        analyst.ask({"asks": "report"})
    pid = analyst.pid
    assert analyst.ask(QUESTION) == {"forgotten": True}
    assert analyst.pid == pid


def test_it_is_started_again_when_it_was_killed(analyst):
    analyst.ask(QUESTION)
    killed = analyst.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert analyst.ask(QUESTION) == {"forgotten": True}
    assert analyst.pid != killed


def test_one_that_hangs_is_ended(analyst, monkeypatch):
    analyst.ask(QUESTION)
    pid = analyst.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(analyst, "_patience", 0.3)
    with pytest.raises(UnableToAnalyse, match="too long"):
        analyst.ask(QUESTION)
    assert analyst.pid is None
    assert not is_running(pid)


def test_it_ends_with_the_page_server(tmp_path):
    script = f"""
from pathlib import Path
from feedback_app.reporting.analyst_process import AnalystProcess
analyst = AnalystProcess(Path({str(tmp_path)!r}))
analyst.ask({QUESTION!r})
print(analyst.pid, flush=True)
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == -signal.SIGKILL, answer.stderr
    await_end(int(answer.stdout))


@ONE_DATABASE
def test_a_page_after_the_analyst_died(prepared, manager):
    put_answers(prepared, make_survey(prepared, "Departed"), invent_answers(60))
    assert manager.get("/reports/departed/causes").status_code == 200
    shelf = manager.client.application.extensions["feedback_reports"]
    os.kill(shelf._analyst.pid, signal.SIGKILL)
    # The report is kept, its chart was not drawn yet: the new analyst has to be told again.
    assert manager.get("/reports/departed/charts/sides.svg").status_code == 200
    assert manager.get("/reports/departed/causes?side=client").status_code == 200


@ONE_DATABASE
def test_a_page_when_the_analyst_does_not_answer(prepared, manager, monkeypatch, valid_html):
    put_answers(prepared, make_survey(prepared, "Departed"), invent_answers(60))

    def refuse(self, question):
        raise UnableToAnalyse("the analyst took too long")

    monkeypatch.setattr(AnalystProcess, "ask", refuse)
    answer = manager.get("/reports/departed/causes?side=client")
    assert answer.status_code == 503
    assert "Try again" in answer.text
    valid_html(answer.text)


@ONE_DATABASE
def test_the_page_server_never_loads_the_analysis(settings, prepared, tmp_path: Path):
    put_answers(prepared, make_survey(prepared, "Departed"), invent_answers(60))
    add_staff(prepared, "manager@example.com", Role.MANAGER)
    with prepared.reading() as session:
        key = session.query(StaffUser.fs_uniquifier).scalar()
    script = f"""
import sys
import os
from config import load_settings
from feedback_app import create_app
client = create_app(load_settings(os.environ)).test_client()
with client.session_transaction() as kept:
    kept.update({{"_user_id": {key!r}, "_fresh": True}})
for address in ("causes", "causes?language=en", "charts/pareto.svg", "causes.csv"):
    answer = client.get("/reports/departed/" + address)
    assert answer.status_code == 200, (address, answer.status)
roots = {{name.partition(".")[0] for name in sys.modules}}
print(" ".join(sorted(roots & set({NEVER_IN_PAGE_SERVER!r}))))
"""
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env={
            "PATH": os.environ["PATH"],
            "FEEDBACK_HOME": str(settings.home),
            "FEEDBACK_DATABASE_URL": settings.database_url,
            "FEEDBACK_SECRET_KEY": settings.secret_key,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []
