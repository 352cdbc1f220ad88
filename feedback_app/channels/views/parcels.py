"""A parcel: one answer as a kiosk's page sends it, sealed by the browser, with its identifier."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from feedback_app.answers import forms
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views.place import Place, reading
from feedback_app.ballots.sealing import UnableToUnseal
from feedback_app.ballots.transit import unseal_in_transit
from feedback_app.foundation.rules import Unable
from feedback_app.surveys.queries import find_version
from feedback_app.surveys.rules import Mode, SurveyDefinition


class UnableToReadParcel(Unable):
    """What came is no answer of this kiosk."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One answer and the identifier that its page gave it; `respondent`: of a named survey.

    `box_bytes`: how long answers to the version that was answered are when they are sealed.
    """

    id: UUID
    envelope: Envelope
    respondent: str
    box_bytes: int


def read_parcel(body: bytes, place: Place, *, secret: str) -> Parcel:
    """The parcel in the body of a request. Raises UnableToReadParcel.

    Its visitor is gone, so nothing can be mended any more: what can be read of the form is
    taken, in the version of the questions that was shown, even if that has ended meanwhile.
    """
    try:
        outer = json.loads(body)
        inner = json.loads(unseal_in_transit(secret, place.base, outer["sealed"]))
        id_, version_id = UUID(outer["id"]), UUID(inner["version"])
        form = parse_qs(inner["form"], max_num_fields=forms.MOST_FIELDS)
    except (UnableToUnseal, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnableToReadParcel("This is no answer of a kiosk.") from error
    definition = _definition_of(place, version_id)
    read = forms.read_form(form, definition, place.catalogue, mode=Mode.ANONYMOUS)
    language = _language(inner, definition)
    respondent = next(iter(form.get(forms.RESPONDENT, ())), "").strip()
    if place.is_named and not respondent:
        raise UnableToReadParcel("A named survey's answer has no name.")
    return Parcel(
        id_,
        Envelope(version_id, language, read.values),
        respondent[: forms.LONGEST_RESPONDENT],
        place.survey.box_bytes if version_id == place.version_id else definition.box_bytes(),
    )


def _definition_of(place: Place, version_id: UUID) -> SurveyDefinition:
    if version_id == place.version_id:
        return place.definition
    with reading() as session:
        found = find_version(session, place.survey.id, version_id)
    if found is None:
        raise UnableToReadParcel("The version that was answered is not one of this survey.")
    return found


def _language(inner: dict[str, Any], definition: SurveyDefinition) -> str:
    with suppress(KeyError):
        if inner["language"] in definition.languages:
            return str(inner["language"])
    return ""
