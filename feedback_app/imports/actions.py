"""Writes of imports: make a survey ready for answers from elsewhere, store a file's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from feedback_app.answers.masking import NOBODY, Kind, NameList, mask_values
from feedback_app.answers.masking.counting import note_masked
from feedback_app.answers.models import Answer, ImportedRow
from feedback_app.answers.queries import count_answers
from feedback_app.causes import queries as causes
from feedback_app.foundation.rules import Unable
from feedback_app.imports.inspection import WATCH_EVERY, Watch
from feedback_app.imports.queries import count_stored_rows
from feedback_app.imports.rejects import RejectsFile
from feedback_app.imports.rules import (
    ImportMap,
    Ledger,
    Reading,
    RowReader,
    Standing,
    UnableToReadRow,
    place_segments,
)
from feedback_app.imports.sources import Source
from feedback_app.staff import audit
from feedback_app.surveys import actions as survey_actions
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.models import Survey
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode, State

LARGEST_INSERT = 1000  # rows per statement
MOST_LINES_TOLD = 10


class UnableToImport(Unable):
    """These answers can not go into this survey."""


@dataclass
class Outcome:
    """What became of the rows. `changed_lines` and `first_problem` are examples to tell."""

    rows: int = 0
    taken: int = 0
    without_cause: int = 0
    skipped: int = 0
    stored_before: int = 0
    changed: int = 0
    rejected: int = 0
    changed_lines: list[int] = field(default_factory=list)
    first_problem: str = ""

    def counts(self) -> dict[str, int]:
        """The numbers alone, for the audit log."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}


@dataclass(frozen=True)
class Reader:
    """A file with all that is needed to read it. `names` are masked in its texts."""

    source: Source
    rows: RowReader
    ledger: Ledger
    rejects: RejectsFile
    watch: Watch
    names: NameList = NOBODY


def check_target(session: Session, named: str) -> SurveyRow | None:
    """The survey of this id, slug or name if answers may be brought into it; None if there is none.

    Raises UnableToImport for a survey that collects, or collected, answers of its own.
    """
    survey = surveys.find_survey(session, named)
    if survey is None:
        return None
    if survey.is_demo:
        raise UnableToImport(f"{survey.slug} holds demo data: name another survey.")
    is_unused = survey.state is State.DRAFT and count_answers(session, survey.id) == 0
    if survey.mode is not Mode.IMPORT and not is_unused:
        raise UnableToImport(
            f"{survey.slug} collects answers of its own ({survey.mode}, {survey.state}): "
            "answers from elsewhere need a survey of their own, name another."
        )
    return survey


def make_target(session: Session, named: str, *, by: str, language: str) -> SurveyRow:
    """The survey that takes the answers: found, turned from a draft, or made with this name."""
    survey = check_target(session, named)
    if survey is None:
        return survey_actions.create_import(session, by=by, name=named, language=language)
    if survey.mode is not Mode.IMPORT:
        return survey_actions.become_import(session, survey.id, by=by)
    return survey


def import_answers(
    session: Session,
    survey: SurveyRow,
    import_map: ImportMap,
    reader: Reader,
    *,
    by: str,
    stored_before: int,
) -> Outcome:
    """Store the rows that are new; nothing unless the caller commits.

    `stored_before`: how many imported rows there were when the reader's ledger was made.
    Raises UnableToImport when that has changed since or not one row could be taken.
    """
    # One import at a time into one survey: a second waits here, then finds the count changed.
    session.execute(select(Survey.id).where(Survey.id == survey.id).with_for_update())
    if count_stored_rows(session, survey.id) != stored_before:
        raise UnableToImport(f"Another import into {survey.slug} just ended: start this one again.")
    names, places = place_segments(survey.segment_names, tuple(import_map.segments))
    if names != survey.segment_names:
        survey_actions.name_segments(session, survey.id, names)
    outcome = Outcome()
    columns = _Columns.of(session, survey, places, reader.names)
    _store(session, columns, reader, outcome)
    note_masked(session, survey.id, columns.masked)
    if outcome.rejected and not (outcome.taken or outcome.stored_before or outcome.changed):
        raise UnableToImport(
            f"No row could be taken, {outcome.rejected} were rejected ({reader.rejects.path}); "
            f"the first: {outcome.first_problem}."
        )
    if outcome.taken:
        survey_actions.note_new_answers(session, survey.id)
    audit.record(session, by=by, act="answers.import", subject=survey.slug, detail=outcome.counts())
    return outcome


@dataclass(frozen=True)
class _Columns:
    """What all rows of an import share."""

    survey_id: UUID
    codebook: int
    competitors: Mapping[str, str]
    places: tuple[int, ...]
    names: NameList
    masked: Counter[Kind] = field(default_factory=Counter)

    @classmethod
    def of(
        cls, session: Session, survey: SurveyRow, places: tuple[int, ...], names: NameList
    ) -> _Columns:
        listed = surveys.list_competitors(session, with_retired=True)
        codebook = causes.get_catalogue(session).codebook
        return cls(survey.id, codebook, {name.casefold(): name for name in listed}, places, names)

    def answer(self, row: Reading) -> dict[str, Any]:
        segments = ["", "", ""]
        for place, value in zip(self.places, row.segments, strict=True):
            segments[place] = value
        said = mask_values(row.document(), self.names)
        self.masked.update(said.counts)
        return {
            "id": uuid4(),
            "survey_id": self.survey_id,
            "version_id": None,
            "opened_on": row.on,
            "channel": row.channel,
            "language": row.language,
            "segment_1": segments[0],
            "segment_2": segments[1],
            "segment_3": segments[2],
            "cause_set": row.cause_set,
            "primary_cause": row.primary,
            "codebook": self.codebook,
            "return_likelihood": row.return_likelihood,
            "competitor": self.competitors.get(row.competitor.casefold(), row.competitor),
            "offers": "",
            "has_text": bool(row.text),
            "document": said.values,
        }


def _store(session: Session, columns: _Columns, reader: Reader, outcome: Outcome) -> None:
    """Read the file and insert what is new, a bounded number of rows at a time."""
    answers: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    for row, row_key, content_key in _list_new(reader, columns.survey_id.bytes, outcome):
        answers.append(columns.answer(row))
        keys.append(
            {"survey_id": columns.survey_id, "row_key": row_key, "content_key": content_key}
        )
        if len(answers) == LARGEST_INSERT:
            _insert(session, answers, keys)
    _insert(session, answers, keys)


def _insert(session: Session, answers: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    for model, rows in ((Answer, answers), (ImportedRow, keys)):
        table = model.__table__
        assert isinstance(table, Table)
        if rows:
            session.execute(insert(table), rows)
            rows.clear()


def _list_new(
    reader: Reader, survey: bytes, outcome: Outcome
) -> Iterator[tuple[Reading, bytes, bytes]]:
    """The rows to store with their keys; counts all others in `outcome`."""
    for line, cells, fault in reader.source.rows():
        outcome.rows += 1
        if outcome.rows % WATCH_EVERY == 0:
            reader.watch(reader.source.fraction_read())
        if fault:
            _reject(reader, outcome, line, fault, cells)
            continue
        try:
            if reader.rows.is_left_out(cells):
                outcome.skipped += 1
                continue
            row = reader.rows.read(cells)
        except UnableToReadRow as problem:
            _reject(reader, outcome, line, str(problem), cells)
            continue
        keys = reader.rows.keys(survey, cells)
        standing, content_key = reader.ledger.judge(keys)
        if standing is Standing.NEW:
            outcome.taken += 1
            outcome.without_cause += not row.causes
            yield row, keys.row, content_key
        else:
            _count_other(outcome, standing, line)


def _reject(
    reader: Reader, outcome: Outcome, line: int, problem: str, cells: Sequence[str]
) -> None:
    outcome.rejected += 1
    outcome.first_problem = outcome.first_problem or f"line {line}: {problem}"
    reader.rejects.write(line, problem, cells)


def _count_other(outcome: Outcome, standing: Standing, line: int) -> None:
    if standing is Standing.STORED:
        outcome.stored_before += 1
        return
    outcome.changed += 1
    if len(outcome.changed_lines) < MOST_LINES_TOLD:
        outcome.changed_lines.append(line)
