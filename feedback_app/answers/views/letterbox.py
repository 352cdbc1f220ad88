"""The letterbox: nearly every answer comes in here, without a page being made of it.

A form that is complete, sent by its button and not sent before needs nothing of a page but
the address of the thanks. Such a sending is taken here, in front of Flask, which would cost
more than reading, sealing and storing the answer together. Whatever is not as plain as that
(a first visit, something to mend, a preview, another host, a named survey) is left to the
views, which decide everything by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import SecurityError
from werkzeug.wsgi import get_host

from config import Settings
from feedback_app.answers import forms, slot
from feedback_app.answers.actions import FormToken
from feedback_app.answers.forms import Step
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views.guard import WAITING_SECONDS, arrivals, is_trapped
from feedback_app.answers.views.place import Place, RememberedPlaces, remembered_places
from feedback_app.ballots.sealing import seal_ballot
from feedback_app.foundation.db import Database
from feedback_app.foundation.pages import list_respondents_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORM = "application/x-www-form-urlencoded"
ASKED_LANGUAGE = "lang="
MOST_HOSTS = 100


class Letterbox:
    """A WSGI application that takes plain sendings and hands all else to the pages."""

    def __init__(self, app: Flask) -> None:
        self._pages: WSGIApplication = app.wsgi_app
        self._places: RememberedPlaces = remembered_places(app)
        self._arrivals = arrivals(app)
        self._database: Database = app.extensions["feedback_database"]
        settings: Settings = app.config["FEEDBACK_SETTINGS"]
        self._secret = settings.secret_key
        self._headers = list_respondents_headers(is_served_over_https=settings.is_served_over_https)
        self._trusted_hosts = settings.trusted_hosts
        self._known_hosts: set[str] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        thanks = self._take(environ) if environ["REQUEST_METHOD"] == "POST" else None
        if thanks is None:
            return self._pages(environ, start_response)
        start_response("303 SEE OTHER", [*self._headers, ("Location", thanks)])
        return ()

    def _take(self, environ: WSGIEnvironment) -> str | None:
        """The address of the thanks when the answer is stored, None when pages must look at it."""
        place = self._places.find(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"])
        if place is None or place.is_named or environ.get("CONTENT_TYPE", "") != FORM:
            return None
        language = environ.get("QUERY_STRING", "").removeprefix(ASKED_LANGUAGE)
        length = environ.get("CONTENT_LENGTH") or ""
        if (
            language not in place.definition.languages
            or not length.isdecimal()
            or int(length) > forms.LARGEST_FORM
            or not self._is_trusted(environ)
        ):
            return None
        body = environ["wsgi.input"].read(int(length))
        address = environ.get("REMOTE_ADDR", "")
        if len(body) == int(length) and self._is_stored(place, language, body, address):
            return f"{place.base}/thanks?lang={language}"
        environ["wsgi.input"] = BytesIO(body)  # to be read once more
        return None

    def _is_stored(self, place: Place, language: str, body: bytes, address: str) -> bool:
        try:
            return self._store(place, language, forms.parse_fields(body), address)
        except Exception:  # noqa: BLE001  the views say it in words, or succeed: the token is one
            return False

    def _store(self, place: Place, language: str, form: dict[str, list[str]], address: str) -> bool:
        """True when the answer is stored, now or by a sending before."""
        if form.get(forms.STEP) != [Step.SEND] or place.batch is None:
            return False
        token = form.get(forms.TOKEN, [""])[0]
        issued = forms.find_issued_form(self._secret, place.form_name, token)
        if issued is None or sum(map(len, form.values())) > forms.MOST_FIELDS:
            return False
        survey = place.survey
        if issued.age < WAITING_SECONDS and self._arrivals.is_busy(survey.slug):
            return False  # sent sooner than a person would: the views look for a proof of work
        read = forms.read_form(form, place.definition, place.catalogue, mode=survey.mode)
        if read.problems:
            return False
        is_flagged = self._arrivals.note(survey.slug, address) or is_trapped(form)
        envelope = Envelope(place.version_id, language, read.values, is_flagged)
        batch, size = place.batch, survey.box_bytes
        slot.put_in(
            self._database,
            survey,
            envelope,
            channel=place.channel,
            segments=place.segments,
            token=FormToken(issued.token_hash, issued.purge_on),
            ballot=seal_ballot(envelope.document(), batch.id, batch.public_key, box_bytes=size),
        )
        return True

    def _is_trusted(self, environ: WSGIEnvironment) -> bool:
        """As Flask decides it; remembered by the name that was asked for."""
        asked = environ.get("HTTP_HOST", "")
        if asked in self._known_hosts:
            return True
        try:
            get_host(environ, self._trusted_hosts)
        except SecurityError:
            return False
        if len(self._known_hosts) < MOST_HOSTS:
            self._known_hosts.add(asked)
        return True
