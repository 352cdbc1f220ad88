"""What the worker does for statements: make them, suggest, train, tell, look for themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from config import Settings
from feedback_app.answers.masking import NOBODY, NameList, mask_values
from feedback_app.foundation.db import Database
from feedback_app.tagging import actions, queries
from feedback_app.tagging.model_in_use import MODELS
from feedback_app.tagging.queries import pending
from feedback_app.tagging.rules.queue import urgency_of
from feedback_app.tagging.rules.tags import Suggested

if TYPE_CHECKING:
    from feedback_app.tagging.suggesting.suggestion import Suggestion
    from feedback_app.tagging.suggesting.tagger import Tagger

#: Statements in one step: about a second, so that nothing else waits for longer.
AT_ONCE = 200
#: Shares of the causes are counted anew after so many steps.
STEPS_PER_COUNT = 20

ListNames = Callable[[Session], NameList]
JobRun = Callable[[Database, Settings], int]


def make_statements_job(list_names: ListNames = lambda _session: NOBODY) -> JobRun:
    """The job that makes statements of opened and imported answers; returns the answers read."""

    def run(database: Database, _settings: Settings) -> int:
        with database.reading() as session:
            due = pending.list_surveys_due(session)
        done = 0
        for survey in due:
            # New answers were masked when they were opened; those of an older release were not.
            names = NOBODY
            if survey.is_first:
                with database.reading() as session:
                    names = list_names(session)
            mask = partial(mask_values, names=names)
            after: UUID | None = None
            while True:
                with database.writing() as session:
                    read, after = actions.make_statements(
                        session, survey.survey_id, after=after, mask=mask
                    )
                    if not read:
                        actions.note_statements_made(session, survey.survey_id, survey.revision)
                        break
                done += read
        return done

    return run


def tell_confirmed(database: Database, _settings: Settings) -> int:
    """The job that lets reports count what was confirmed."""
    with database.reading() as session:
        if not pending.is_something_to_tell(session):
            return 0
    with database.writing() as session:
        return actions.tell_confirmed(session)


@dataclass
class Suggester:
    """Keeps suggestions up to date with the model in use; loads it when there is work."""

    tagger: Tagger | None = None
    loaded_for: str | None = None
    version: str = ""
    shares: dict[str, float] = field(default_factory=dict)
    steps: int = 0

    def run(self, database: Database, settings: Settings) -> int:
        """Suggest for the next statements; how many."""
        models = settings.home / MODELS
        named = read_current(models)
        if not named:
            return 0  # the first model is being made beside the worker
        version = self.version if named == self.loaded_for else named
        with database.reading() as session:
            rows = pending.list_unsuggested(session, version, most=AT_ONCE)
        if not rows:
            return 0
        if self.tagger is None or named != self.loaded_for:
            self._load(models, settings.tagger_model)
            if self.version != version:
                return self.run(database, settings)
        assert self.tagger is not None
        if self.steps % STEPS_PER_COUNT == 0:
            with database.reading() as session:
                self.shares = pending.read_shares(session)
        self.steps += 1
        found = [
            self._suggestion(statement_id, said)
            for (statement_id, _text), said in zip(
                rows, suggest(self.tagger, [text for _id, text in rows]), strict=True
            )
        ]
        with database.writing() as session:
            return actions.store_suggestions(session, self.version, found)

    def find_themes(self, database: Database, settings: Settings) -> int:
        """Group what no cause covers, once all suggestions are of the model in use."""
        named = read_current(settings.home / MODELS)
        version = self.version if named == self.loaded_for else named
        with database.reading() as session:
            due = pending.list_surveys_without_themes(session, version) if version else []
        for survey in due:
            with database.reading() as session:
                texts = pending.list_uncovered(session, survey.survey_id)
                beside = pending.list_covered(session, survey.survey_id)
            themes = _group(texts, beside, survey.k)
            with database.writing() as session:
                actions.store_themes(session, survey.survey_id, version, themes)
        return len(due)

    def _load(self, models: Path, embeddings: str) -> None:
        from feedback_app.tagging.suggesting.training import load_tagger

        tagger = load_tagger(models, embeddings=embeddings)
        if not tagger.version:
            # Made just now, at first use: read back, it knows its version.
            tagger = load_tagger(models, embeddings=embeddings)
        self.tagger, self.version, self.loaded_for = tagger, tagger.version, read_current(models)

    def _suggestion(self, statement_id: UUID, said: Suggestion) -> actions.NewSuggestion:
        return actions.NewSuggestion(
            statement_id,
            Suggested(said.primary, said.others, said.confidence, said.evidence),
            urgency_of(said.confidence, self.shares.get(said.primary, 0.0)),
        )


def suggest(tagger: Tagger, texts: Sequence[str]) -> list[Suggestion]:
    """A suggestion for each text; of a very long one the beginning is read."""
    from feedback_app.tagging.suggesting.text import LONGEST_STATEMENT

    return tagger.suggest([text[:LONGEST_STATEMENT] for text in texts])


def read_current(models: Path) -> str:
    """The version of the model in use as the folder names it, "" before the first."""
    from feedback_app.tagging.suggesting.store import CURRENT
    from feedback_app.tagging.suggesting.training import COLD_FOLDER

    for folder in (models, models / COLD_FOLDER):
        try:
            return (folder / CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            continue
    return ""


Texts = Sequence[tuple[UUID, str]]


def _group(texts: Texts, beside: Texts, smallest: int) -> list[actions.NewTheme]:
    from feedback_app.tagging.suggesting.themes import group

    return [
        actions.NewTheme(
            theme.words, len(theme.members), tuple(texts[place][0] for place in theme.typical)
        )
        for theme in group(
            [text for _id, text in texts], [text for _id, text in beside], smallest=smallest
        )
    ]


def count_to_learn(database: Database) -> int:
    """How many confirmed statements there are to learn from."""
    with database.reading() as session:
        return queries.count_learnt(session)
