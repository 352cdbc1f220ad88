"""Personal data is gone before an answer is stored: at the opening, and at an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, select

from config import Settings
from feedback_app.answers import actions as answers
from feedback_app.answers.jobs import open_batches_job
from feedback_app.answers.models import Answer, MaskingCount
from feedback_app.answers.rules import Envelope
from feedback_app.cli import main
from feedback_app.customers.models import Customer
from feedback_app.foundation.db import Database, utc_today
from feedback_app.surveys.queries import find_for_respondent
from feedback_app.surveys.rules import Channel
from feedback_app.tagging.rules import chosen_tags
from feedback_app.worker import list_names
from tests.factories.exports import ROWS, csv_bytes, write_map
from tests.factories.respondents import SMALLEST_K, open_survey

TEXT = "Менеджеру Коваленко звонить на +380 50 123 45 67, пишите olena@example.com"
MASKED = "Менеджеру [name] звонить на [phone], пишите [email]"


def put_customer(database: Database, name: str) -> None:
    today = utc_today()
    with database.writing() as session:
        session.execute(
            insert(Customer).values(
                reference="C-1",
                name=name,
                status="departed",
                departed_on=today,
                created_on=today,
                updated_on=today,
            )
        )


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        rows = session.execute(select(MaskingCount.kind, MaskingCount.pieces))
        return dict(rows.all())


def test_nothing_personal_comes_out_of_a_batch(prepared: Database, settings: Settings) -> None:
    put_customer(prepared, "Олена Коваленко")
    opened = open_survey(prepared, settings)
    with prepared.writing() as session:
        found = find_for_respondent(session, survey_id=opened.id)
        assert found is not None
        for _ in range(SMALLEST_K):
            envelope = Envelope(found.version_id, "ru", {"more": TEXT})
            answers.take_sealed(session, found.survey, envelope, channel=Channel.LINK, token=None)
    assert open_batches_job(chosen_tags, list_names)(prepared, settings) == SMALLEST_K
    assert [row["document"] for row in opened.answers()] == [{"more": MASKED}] * SMALLEST_K
    assert counts(prepared) == dict.fromkeys(("email", "name", "phone"), SMALLEST_K)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_personal_comes_out_of_a_file(
    prepared: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEEDBACK_HOME", str(settings.home))
    monkeypatch.setenv("FEEDBACK_DATABASE_URL", settings.database_url)
    put_customer(prepared, "Олена Коваленко")
    file = tmp_path / "export.csv"
    file.write_bytes(csv_bytes([("9", "2024-03-01 10:00:00", "exit", "Other", TEXT), *ROWS]))
    more = ("--survey", "Leavers", "--map", str(write_map(tmp_path / "map.toml")))
    main(["import", "answers", str(file), *more])
    with prepared.reading() as session:
        said = [document.get("more") for document in session.scalars(select(Answer.document))]
    assert MASKED in said
    assert "It cost twice as much as before" in said
    assert counts(prepared) == {"email": 1, "name": 1, "phone": 1}
