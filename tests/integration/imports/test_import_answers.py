"""`feedback import answers` on both databases: what is stored, what a second run adds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from feedback_app.foundation.db import Database
from feedback_app.imports import queries
from feedback_app.staff.models import AuditEntry
from feedback_app.surveys.actions import create_import
from feedback_app.surveys.models import Survey
from feedback_app.surveys.queries import get_survey
from feedback_app.surveys.rules import Mode, State
from tests.factories.exports import HEADER, ROWS, write_csv, write_map, write_workbook
from tests.integration.imports.conftest import Ended

Run = Callable[..., Ended]
Stored = Callable[[], list[Any]]


def test_a_file_becomes_answers(
    bring_in: Run, stored: Stored, database: Database, tmp_path: Path
) -> None:
    ended = bring_in(write_csv(tmp_path / "export.csv"))
    assert (ended.status, ended.err) == (0, "")
    assert "Survey: Leavers (leavers, new)" in ended.out
    assert (ended.number("Rows read"), ended.number("Taken")) == (5, 4)
    assert ended.number("Of them without a cause") == 1
    assert ended.number("Skipped by the map") == 1
    assert not (tmp_path / "export.rejects.csv").exists()

    with database.reading() as session:
        survey = get_survey(session, "leavers")
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert (survey.mode, survey.state, survey.k) == (Mode.IMPORT, State.CLOSED, 10)
    assert (survey.segment_names, survey.answers_revision) == (("plan",), 1)
    assert [entry.act for entry in entries[-2:]] == ["survey.create-import", "answers.import"]
    assert entries[-1].detail["taken"] == 4

    rows = stored()
    assert [(row.opened_on, row.cause_set, row.primary_cause) for row in rows] == [
        (date(2024, 3, 1), "company.price", "company.price"),
        (date(2024, 3, 2), "client.need_gone", "client.need_gone"),
        (date(2024, 4, 1), "", ""),
        (date(2025, 3, 5), "competitor.unspecified", "competitor.unspecified"),
    ]
    last = rows[-1]
    assert (last.channel, last.segment_1, last.language, last.codebook) == (
        *("downgrade", "downgrade", ""),
        1,
    )
    assert last.has_text
    assert last.document["more"] == "Two\nlines"
    assert last.version_id is None


def test_a_second_run_adds_nothing_whatever_the_format(
    bring_in: Run, stored: Stored, tmp_path: Path
) -> None:
    bring_in(write_csv(tmp_path / "export.csv"))
    before = stored()
    for file in (
        write_csv(tmp_path / "export.csv"),
        write_csv(tmp_path / "turned.csv", ROWS[::-1], delimiter=";", encoding="utf-8-sig"),
        write_csv(tmp_path / "cyrillic.csv", encoding="cp1251"),
        write_workbook(tmp_path / "export.xlsx"),
    ):
        ended = bring_in(file)
        assert (ended.status, ended.number("Taken"), ended.number("Already there")) == (0, 0, 4)
    assert stored() == before


def test_a_longer_export_adds_its_new_rows_and_tells_changed_ones(
    bring_in: Run, stored: Stored, database: Database, tmp_path: Path
) -> None:
    bring_in(write_csv(tmp_path / "export.csv"))
    changed = ("1", "2024-03-01 10:00:00", "exit", "Too expensive", "other words")
    again = ("3", "2025-05-01 10:00:00", "exit", "Too expensive", "back and gone again")
    new = ("9", "2025-05-02 10:00:00", "exit", "Too expensive", "")
    ended = bring_in(write_csv(tmp_path / "later.csv", [changed, *ROWS[1:], again, new]))
    assert ended.number("Taken") == 2
    assert ended.number("Already there") == 3
    assert ended.number("Changed since, not taken") == 1
    assert "Changed lines: 2" in ended.out
    assert len(stored()) == 6
    with database.reading() as session:
        assert get_survey(session, "leavers").answers_revision == 2


def test_without_an_id_the_content_counts_and_equal_rows_are_several(
    bring_in: Run, stored: Stored, tmp_path: Path
) -> None:
    by_map = write_map(
        tmp_path / "plain.toml", '[columns]\nreason = "r"\n[reasons]\n"Dear" = "company.price"'
    )
    file = tmp_path / "plain.csv"
    file.write_text("r\nDear\nDear\n")
    assert bring_in(file, by_map=by_map).number("Taken") == 2
    file.write_text("r\nDear\nDear\nDear\n")
    assert bring_in(file, by_map=by_map).number("Taken") == 1
    assert bring_in(file, by_map=by_map).number("Taken") == 0
    assert [row.cause_set for row in stored()] == ["company.price"] * 3


def test_bad_rows_are_rejected_and_the_good_ones_taken(
    bring_in: Run, stored: Stored, tmp_path: Path
) -> None:
    bad = (
        ("10", "soon", "exit", "Too expensive", '=HYPERLINK("http://x")'),
        ("11", "2024-01-01", "x" * 61, "Too expensive", ""),
    )
    file = write_csv(tmp_path / "export.csv", [*bad, *ROWS])
    file.write_bytes(file.read_bytes() + b"12,2024-01-01,exit,Too expensive,a,b\n")
    ended = bring_in(file)
    assert (ended.status, ended.number("Taken"), ended.number("Rejected")) == (0, 4, 3)
    rejects = tmp_path / "export.rejects.csv"
    assert f"Rejected rows: {rejects}" in ended.out
    lines = rejects.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "line,problem,customer,created_at,survey_type,reason,details"
    assert lines[1].startswith("2,no date can be read in 'soon'")
    assert "'=HYPERLINK" in lines[1]
    assert lines[2].startswith('3,"the channel has 61 characters, at most 40')
    assert lines[3].startswith('10,"6 cells, the file has 5 columns"')

    elsewhere = tmp_path / "elsewhere.csv"
    assert bring_in(file, "--rejects", elsewhere).number("Rejected") == 3
    assert elsewhere.exists()


def test_when_no_row_can_be_taken_nothing_is_stored(
    bring_in: Run, stored: Stored, database: Database, tmp_path: Path
) -> None:
    row = ("1", "03/09/2024", "exit", "Too expensive", "")
    ended = bring_in(write_csv(tmp_path / "export.csv", [row]))
    assert ended.status == 2
    assert "the first: line 2: no date can be read in '03/09/2024'" in ended.err
    with database.reading() as session:
        assert session.scalar(select(Survey.id)) is None


def test_reasons_without_a_meaning_stop_it_with_their_counts(
    bring_in: Run, stored: Stored, tmp_path: Path
) -> None:
    strange = [(str(number), "2024-05-01", "exit", "Ads", "") for number in range(20, 23)]
    file = write_csv(tmp_path / "export.csv", [*ROWS, *strange, ("30", "x", "", "Ünknown", "")])
    ended = bring_in(file)
    assert ended.status == 2
    assert '       3  "Ads"\n       1  "Ünknown"\n' in ended.err
    assert "2 reasons have no meaning" in ended.err
    assert stored() == []
    assert bring_in(file, "--unmapped", "none", "--dry-run").number("Of them without a cause") == 4
    ended = bring_in(file, "--unmapped", "skip")
    assert (ended.number("Taken"), ended.number("Skipped by the map")) == (4, 5)


def test_a_dry_run_counts_and_stores_nothing(
    bring_in: Run, stored: Stored, database: Database, tmp_path: Path
) -> None:
    ended = bring_in(write_csv(tmp_path / "export.csv"), "--dry-run")
    assert (ended.status, ended.number("Taken")) == (0, 4)
    assert "nothing was stored" in ended.out
    with database.reading() as session:
        assert session.scalar(select(Survey.id)) is None
    assert stored() == []


def test_a_draft_becomes_a_survey_of_imported_answers(
    bring_in: Run, command: Run, database: Database, tmp_path: Path
) -> None:
    command("survey", "create", "--name", "Our leavers")
    assert bring_in(write_csv(tmp_path / "export.csv"), survey="our-leavers").status == 0
    with database.reading() as session:
        assert get_survey(session, "Our leavers").mode is Mode.IMPORT


def test_a_survey_with_answers_of_its_own_is_refused(
    bring_in: Run, command: Run, stored: Stored, tmp_path: Path
) -> None:
    command("survey", "create", "--name", "Ours", "--open")
    ended = bring_in(write_csv(tmp_path / "export.csv"), survey="ours")
    assert ended.status == 2
    assert ended.err == (
        "feedback: ours collects answers of its own (anonymous, open): answers from elsewhere "
        "need a survey of their own, name another.\n"
    )
    assert stored() == []


def test_demo_data_is_never_mixed_with_real_answers(
    bring_in: Run, stored: Stored, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        create_import(session, by="test", name="Shown", language="en", is_demo=True)
    ended = bring_in(write_csv(tmp_path / "export.csv"), survey="Shown")
    assert (ended.status, stored()) == (2, [])
    assert "shown holds demo data" in ended.err


def test_an_import_that_ended_in_between_stops_this_one(
    bring_in: Run, stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(write_csv(tmp_path / "export.csv", ROWS[:2]))
    # As if the first reading had been done before that import.
    monkeypatch.setattr(queries, "count_stored_rows", lambda _session, _survey_id: 0)
    ended = bring_in(write_csv(tmp_path / "export.csv"))
    assert (ended.status, len(stored())) == (2, 2)
    assert "start this one again" in ended.err


def test_segments_of_two_files_stand_beside_each_other(
    bring_in: Run, stored: Stored, tmp_path: Path
) -> None:
    bring_in(write_csv(tmp_path / "export.csv", ROWS[:1]))
    by_map = write_map(
        tmp_path / "other.toml",
        '[columns]\nreason = "r"\nsegment.region = "g"\nsegment.plan = "p"\n'
        '[reasons]\n"Dear" = "client.budget"',
    )
    file = tmp_path / "other.csv"
    file.write_text("r,g,p\nDear,North,Gold\n")
    assert bring_in(file, by_map=by_map).status == 0
    found = {row.cause_set: (row.segment_1, row.segment_2, row.segment_3) for row in stored()}
    assert found == {"company.price": ("exit", "", ""), "client.budget": ("Gold", "North", "")}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not toml", "The map map.toml is no TOML"),
        ('[columns]\nreason = "why"', "no column 'why'. Its columns: " + ", ".join(HEADER)),
        ('[columns]\nreason = "reason"\n[reasons]\n"x" = "y"', "No cause has the code 'y'"),
        ('[columns]\nwhy = "reason"', "[columns] has no 'why'"),
    ],
)
def test_a_map_that_does_not_fit_stops_it(
    bring_in: Run, stored: Stored, tmp_path: Path, text: str, message: str
) -> None:
    by_map = write_map(tmp_path / "map.toml", text)
    ended = bring_in(write_csv(tmp_path / "export.csv"), by_map=by_map)
    assert ended.status == 2
    assert message in ended.err
    assert len(ended.err.splitlines()) == 1
    assert stored() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bad_arguments_are_status_2(bring_in: Run, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "export.csv")
    assert bring_in(tmp_path / "missing.csv").status == 2
    assert bring_in(file, "--rejects", file).status == 2
    assert bring_in(file, "--unmapped", "perhaps").status == 2
    assert bring_in(file, survey=" ").status == 2
    assert file.exists()
