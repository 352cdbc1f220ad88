"""The respondent's form: its one-time token, and what was sent in words of the survey.

No WTForms here: the questions know how to read themselves, and this is the path that every
answer takes. Nothing here touches the database or the request.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote

from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules import Form, Mode, Problem, ProblemKind, SurveyDefinition
from feedback_app.surveys.rules.causes import ThreeSidesQuestion
from feedback_app.surveys.rules.question import Question, Value, read_text

#: Form fields beside the questions. Nobody sees the trap, so only a robot fills it in.
TOKEN, STEP, RESPONDENT, TRAP = "token", "step", "respondent", "_website"
LONGEST_RESPONDENT = 120
MOST_FIELDS = 1000
LARGEST_FORM = 512 * 1024  # bytes: thirty times the longest answer, percent signs and all
TOKEN_DAYS = 7
SECONDS_PER_DAY = 86_400
#: A token is a random number and the second it was made, signed by HMAC-SHA256.
NONCE_BYTES, TIME_BYTES, SIGNATURE_BYTES = 16, 5, 32
TOKEN_LENGTH = -(-(NONCE_BYTES + TIME_BYTES + SIGNATURE_BYTES) // 3) * 4
#: Why a text that was asked to be shortened is cut a little more: the estimate is rough.
MARGIN = 1.1


class Step(StrEnum):
    """What the pressed button asks for.

    Send; send and then leave contact details; show the record first; another language.
    """

    SEND = "send"
    SEND_AND_CALL = "send-and-call"
    PREVIEW = "preview"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class IssuedForm:
    """A form that this site handed out: its hash, and the day to forget that it was sent.

    `age` in seconds.
    """

    token_hash: bytes
    purge_on: date
    age: float = dataclass_field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sent form says, and what is to be mended before it can be stored.

    `respondent` is the name or customer number, asked by named surveys alone.
    """

    values: Mapping[str, Value]
    respondent: str
    problems: tuple[Problem, ...]


def make_token(secret: str, place: str) -> str:
    """A fresh one-time token for the form at `place` (a survey's or an invitation's address)."""
    body = secrets.token_bytes(NONCE_BYTES) + int(time.time()).to_bytes(TIME_BYTES, "big")
    return urlsafe_b64encode(body + _sign(secret, place, body)).decode()


def find_issued_form(secret: str, place: str, token: str) -> IssuedForm | None:
    """The form that `token` was made for, None when it is missing, forged or too old.

    The day of forgetting is the first of a month well after the token expires, so that it
    dates nobody's answer.
    """
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    try:
        whole = urlsafe_b64decode(token)
    except ValueError:
        return None
    body, signature = whole[: NONCE_BYTES + TIME_BYTES], whole[NONCE_BYTES + TIME_BYTES :]
    if not hmac.compare_digest(signature, _sign(secret, place, body)):
        return None
    issued = int.from_bytes(body[NONCE_BYTES:], "big")
    if not 0 <= time.time() - issued <= TOKEN_DAYS * SECONDS_PER_DAY:
        return None
    # From the nonce, not from the token: one token can be spelled in more than one way.
    token_hash = hashlib.sha256(place.encode() + b" " + body[:NONCE_BYTES]).digest()
    return IssuedForm(token_hash, _day_to_forget(issued // SECONDS_PER_DAY), time.time() - issued)


def _sign(secret: str, place: str, body: bytes) -> bytes:
    message = b"respondent-form\0" + body + place.encode()  # `body` has one length: no ambiguity
    return hmac.digest(secret.encode(), message, "sha256")


@lru_cache(maxsize=2 * TOKEN_DAYS)
def _day_to_forget(days_since_1970: int) -> date:
    day = datetime.fromtimestamp(days_since_1970 * SECONDS_PER_DAY, UTC).date()
    return first_of_next_month(day, days=TOKEN_DAYS + 1)


def first_of_next_month(day: date, *, days: int) -> date:
    """The first of the month that follows `day` plus `days`."""
    later = day + timedelta(days=days)
    return (later.replace(day=1) + timedelta(days=32)).replace(day=1)


def read_form(
    form: Form, definition: SurveyDefinition, catalogue: Catalogue, *, mode: Mode
) -> Reading:
    """What was sent, read question by question."""
    values, problems = definition.read(form, catalogue)
    problems += _unticked_deciders(form, definition, catalogue)
    respondent = ""
    if mode is Mode.NAMED:
        respondent, found = read_text(form, RESPONDENT, LONGEST_RESPONDENT)
        if not respondent:
            found = [Problem(RESPONDENT, ProblemKind.MISSING)]
        problems = found + problems
    return Reading(values, respondent, tuple(problems))


def parse_fields(body: bytes) -> dict[str, list[str]]:
    """What a form sent in a request's body (application/x-www-form-urlencoded), by field.

    Bytes that are no UTF-8 become the replacement character, as they would on the page.
    """
    form: dict[str, list[str]] = {}
    for pair in body.decode("utf-8", "replace").split("&"):
        if pair:
            name, _equals, value = pair.partition("=")
            form.setdefault(_unquote(name), []).append(_unquote(value))
    return form


def _unquote(text: str) -> str:
    plain = text.replace("+", " ")
    return unquote(plain) if "%" in plain else plain


def _unticked_deciders(
    form: Form, definition: SurveyDefinition, catalogue: Catalogue
) -> list[Problem]:
    """A cause chosen as decisive whose tick was taken away again is asked about.

    Browsers that hide the decider of an unticked cause still send it.
    """
    problems = []
    for question in definition.questions:
        if not isinstance(question, ThreeSidesQuestion):
            continue
        ticked = [code for code in form.get(question.code, ()) if code in catalogue]
        for field in question.deciders():
            decided = "".join(form.get(field, ())[:1]).strip()
            if decided in catalogue and ticked and decided not in ticked:
                problems.append(Problem(field, ProblemKind.NOT_TICKED))
    return problems


def find_longest_text(
    definition: SurveyDefinition, values: Mapping[str, Value], *, excess: int
) -> Problem | None:
    """The longest text of an answer that is `excess` bytes too long when compressed.

    `given` is its length, `limit` about how long it may be; None when nothing was written.
    """
    # A question's last field is the one for own words.
    texts = [
        (len(text), question.fields()[-1], text)
        for question in definition.questions
        for text in definition.texts_of(values).get(question.code, ())
    ]
    if not texts:
        return None
    length, field, text = max(texts)
    bytes_per_character = len(zlib.compress(text.encode())) / length
    surplus = int(excess * MARGIN / bytes_per_character) + 1
    return Problem(
        field, ProblemKind.ALTOGETHER_TOO_LONG, limit=max(length - surplus, 0), given=length
    )


def word_problem(problem: Problem, question: Question | None) -> str:
    """The problem with a field of `question` (None: who is asked) as the respondent reads it."""
    surplus = problem.given - problem.limit
    match problem.kind:
        case ProblemKind.MISSING:
            words = _word_missing(question)
        case ProblemKind.TOO_LONG:
            words = ngettext(
                "Shorten this text by %(num)s character: there is room for %(limit)s.",
                "Shorten this text by %(num)s characters: there is room for %(limit)s.",
                surplus,
                limit=problem.limit,
            )
        case ProblemKind.ALTOGETHER_TOO_LONG:
            words = ngettext(
                "Shorten this text by about %(num)s character, or another one.",
                "Shorten this text by about %(num)s characters, or another one.",
                surplus,
            )
        case ProblemKind.NOT_TICKED:
            words = _("This reason is not ticked above. Tick it too, or choose another one.")
        case ProblemKind.TOO_MANY:
            words = ngettext(
                "Here at most %(num)s reason can be ticked: keep the weightiest one.",
                "Here at most %(num)s reasons can be ticked: keep the weightiest ones.",
                problem.limit,
            )
        case ProblemKind.TWICE:
            words = _("This reason has a place already. Choose another one, or none.")
        case ProblemKind.NOT_A_PERCENT:
            words = _("Write a whole number from 0 to 100, or leave it empty.")
        case ProblemKind.NOT_A_NUMBER | ProblemKind.UNKNOWN_OPTION:
            words = _("This page does not offer what was sent here. Please choose again.")
    return str(words)


def word_old_form() -> str:
    """What is said of a form that is too old, or of another version of the questions."""
    return str(
        _(
            "This page was open for a long time, or its questions have changed meanwhile. Please "
            "look it over and send it again."
        )
    )


def _word_missing(question: Question | None) -> str:
    if question is None:
        return str(_("Write your name or your customer number."))
    if isinstance(question, ThreeSidesQuestion):
        return str(_("Tick at least one reason, or write one in your own words."))
    return str(_("This question needs an answer."))
