"""Where a survey is answered: its open link or one invitation; what pages show of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any
from uuid import UUID

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from config import Settings
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.queries import TakingBatch, find_taking_batch
from feedback_app.ballots.sealing import Ballot, seal_ballot
from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.i18n import LANGUAGES, choose_language, use_language
from feedback_app.surveys.queries import OpenSurvey, SurveyRow, list_competitors
from feedback_app.surveys.rules import Channel, Mode, SurveyDefinition
from feedback_app.surveys.rules.causes import ThreeSidesQuestion
from feedback_app.surveys.rules.choices import CompetitorQuestion

REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """An open survey at the address `base`, in the language its reader gets."""

    survey: SurveyRow
    version_id: UUID
    definition: SurveyDefinition
    catalogue: Catalogue
    language: str
    base: str
    channel: Channel
    segments: tuple[str, ...] = ()
    is_test: bool = False
    batch: TakingBatch | None = None

    @property
    def is_named(self) -> bool:
        """True when answers are kept with who gave them."""
        return self.survey.mode is Mode.NAMED

    @property
    def form_name(self) -> str:
        """What a form's token is made for: this address and this version of the questions.

        A form of another version is never read as one of this version: its reader is shown
        the questions anew, with everything that was typed.
        """
        return f"{self.base} {self.version_id.hex}"

    @property
    def looks(self) -> Hashable:
        """Everything of the place that its blank page depends on."""
        survey = self.survey
        return (
            *(self.version_id, self.catalogue.codebook, self.language, self.channel, self.is_test),
            *(survey.mode, survey.k, survey.is_demo),
        )

    def context(self) -> dict[str, Any]:
        """What every template of a respondent's page may ask for."""
        return {
            "base": self.base,
            "k": self.survey.k,
            "is_demo": self.survey.is_demo,
            "is_named": self.is_named,
            "is_invited": self.channel is Channel.INVITATION,
            "is_test": self.is_test,
            "is_embedded": self.channel is Channel.EMBED,
            "subject": self.definition.subject.value,
            "asks_causes": any(
                isinstance(it, ThreeSidesQuestion) for it in self.definition.questions
            ),
            "language_links": self.language_links(),
        }

    def language_links(self) -> dict[str, str]:
        """The languages the survey is written in, each by its own name."""
        return {code: LANGUAGES.get(code, code) for code in self.definition.languages}


@dataclass(frozen=True, slots=True)
class ContactDoor:
    """What pages of answers show of contact slips, whose room stands above this one."""

    takes_slips: Callable[[Place], bool]
    show_after_sending: Callable[[Place, Envelope], ResponseReturnValue]


def contact_door() -> ContactDoor:
    """The door that create_app wires."""
    found = current_app.extensions["feedback_contact_door"]
    assert isinstance(found, ContactDoor)
    return found


@contextmanager
def reading() -> Iterator[Any]:
    """A session to read with before the writing one: on SQLite that one keeps others waiting."""
    if request.method in unit_of_work.READING_METHODS:
        yield unit_of_work.session()
    else:
        with unit_of_work.database().reading() as session:
            yield session


def make_place(
    session: Any,
    found: OpenSurvey,
    *,
    base: str,
    channel: Channel,
    segments: tuple[str, ...] = (),
    is_test: bool = False,
) -> Place:
    """The place of a survey that was found; the rest of the request speaks its language.

    For an answer to an anonymous survey it also knows the batch to seal it for.
    """
    survey = found.survey
    batch = None
    if request.method == "POST" and survey.mode is Mode.ANONYMOUS:
        batch = find_taking_batch(
            session,
            survey_id=survey.id,
            channel=channel,
            segments=segments,
            version_id=found.version_id,
        )
    language = choose_language(found.definition.languages, survey.language)
    use_language(language)
    return Place(
        survey=survey,
        version_id=found.version_id,
        definition=found.definition,
        catalogue=get_catalogue(session, newest=found.codebook),
        language=language,
        base=base,
        channel=channel,
        segments=segments,
        is_test=is_test,
        batch=batch,
    )


class RememberedPlaces:
    """Spares the answers of the next second the reading of what is known.

    Nothing is decided by it: the insert of an answer looks at the survey and its batch
    again, and whoever is not simply taken is asked for anew.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Place]] = {}

    def keep(self, place: Place) -> None:
        """Remember a place under its address."""
        self._kept[place.base] = (monotonic() + REMEMBERED_SECONDS, place)

    def find(self, base: str) -> Place | None:
        """The place at `base` as it was within the last second, in the language of then."""
        until, place = self._kept.get(base, (0.0, None))
        return place if monotonic() <= until else None

    def forget(self, base: str) -> None:
        """Read it anew next time."""
        self._kept.pop(base, None)


def remembered_places(app: Flask | None = None) -> RememberedPlaces:
    """What `app` (the current application) remembers."""
    extensions = (app or current_app).extensions
    found = extensions.setdefault("feedback_places", RememberedPlaces())
    assert isinstance(found, RememberedPlaces)
    return found


def recall_place(base: str) -> Place | None:
    """The place at `base` as it was within the last second, in this reader's language."""
    place = remembered_places().find(base)
    if place is None:
        return None
    language = choose_language(place.definition.languages, place.survey.language)
    use_language(language)
    return place if language == place.language else replace(place, language=language)


def seal_early(place: Place, envelope: Envelope) -> Ballot | None:
    """The answer sealed before the writing session opens, None when no batch takes it now."""
    if place.batch is None:
        return None
    batch, size = place.batch, place.survey.box_bytes
    return seal_ballot(envelope.document(), batch.id, batch.public_key, box_bytes=size)


def offered_competitors(place: Place) -> Sequence[str]:
    """The staff-kept names to suggest, where the survey asks for a competitor."""
    if not any(isinstance(each, CompetitorQuestion) for each in place.definition.questions):
        return ()
    with reading() as session:
        return tuple(list_competitors(session))


def settings() -> Settings:
    """The application's settings."""
    found = current_app.config["FEEDBACK_SETTINGS"]
    assert isinstance(found, Settings)
    return found
