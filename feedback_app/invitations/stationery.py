"""Letters and keys of the waves that are being sent: read once and kept while unchanged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from config import Settings
from feedback_app.foundation.db import Database
from feedback_app.foundation.mail import Mail
from feedback_app.invitations import letters, queries, wave_keys
from feedback_app.invitations.letters import Letter
from feedback_app.invitations.queries import DueMail, WaveRow
from feedback_app.invitations.rules import derive_secret
from feedback_app.surveys import queries as surveys
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode, SurveyDefinition


@dataclass
class Sheaf:
    """What all mails of one wave share."""

    settings: Settings
    wave: WaveRow
    survey: SurveyRow
    definition: SurveyDefinition

    def __post_init__(self) -> None:
        self._letters: dict[tuple[str, bool], Letter] = {}

    @cached_property
    def key(self) -> bytes:
        """The wave's key. Raises UnableToUseWaveKey."""
        return wave_keys.get_key(wave_keys.find_folder(self.settings), self.wave.id)

    def letter(self, wished: str, *, is_reminder: bool) -> Letter:
        """The letter in the reader's language, else the survey's, else the first there is."""
        texts = self.wave.texts
        language = next(
            (each for each in (wished, self.survey.language) if each in texts), next(iter(texts))
        )
        found = self._letters.get((language, is_reminder))
        if found is None:
            found = self._letters[language, is_reminder] = letters.write_letter(
                self.settings,
                texts[language],
                letters.describe_survey(
                    self.definition,
                    language,
                    k=self.survey.k,
                    is_named=self.survey.mode is Mode.NAMED,
                ),
                language=language,
                is_reminder=is_reminder,
            )
        return found


class Stationery:
    """The sheaves of the waves at hand."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._sheaves: dict[UUID, Sheaf] = {}

    def lay_out(self, database: Database, wave_ids: Collection[UUID]) -> None:
        """Have these waves' sheaves ready too; one whose texts changed is made anew."""
        with database.reading() as session:
            for wave_id in wave_ids:
                wave = queries.get_wave(session, wave_id)
                known = self._sheaves.get(wave_id)
                if known is None or known.wave.texts != wave.texts:
                    self._sheaves[wave_id] = Sheaf(
                        self.settings,
                        wave,
                        surveys.get_survey(session, str(wave.survey_id)),
                        surveys.get_definition(session, wave.survey_id),
                    )

    def write(self, due: DueMail) -> Mail:
        """The mail of one row. Raises UnableToUseWaveKey, UnableToSign."""
        sheaf = self._sheaves[due.wave_id]
        return letters.address_letter(
            self.settings,
            sheaf.letter(due.language, is_reminder=due.number > 0),
            key=due.id.hex,
            to=due.address,
            name=due.name,
            token=derive_secret(sheaf.key, "link", due.invitation_id),
            unsubscribe=derive_secret(sheaf.key, "unsubscribe", due.invitation_id),
            bounce_key=due.invitation_id.hex,
        )
