"""What the mails say, in every language; how they will look; a test mail to oneself."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.foundation.i18n import LANGUAGES
from feedback_app.foundation.mail import UnableToSendMail, send_now
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import database, session
from feedback_app.invitations import actions, queries
from feedback_app.invitations.forms import TypedTexts, read_texts
from feedback_app.invitations.letters import LetterPreview, describe_survey, preview_letter
from feedback_app.invitations.queries import WaveRow
from feedback_app.invitations.rules import MailText, WaveState
from feedback_app.invitations.rules.texts import LONGEST_BODY, LONGEST_SUBJECT
from feedback_app.invitations.views.waves.blueprint import (
    NOT_FOUND,
    UNPROCESSABLE,
    blueprint,
    get_wave,
    settings,
)
from feedback_app.invitations.views.waves.steps import go_on, leave_planned
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import get_definition, get_survey
from feedback_app.surveys.rules import Mode

WRITABLE = (WaveState.DRAFT, WaveState.SCHEDULED, WaveState.PAUSED)
#: A preview stands in a frame of our own page; nothing in it runs or leads anywhere.
LETTER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)


@blueprint.get("/<uuid:wave_id>/texts")
def texts(wave_id: UUID) -> ResponseReturnValue:
    """Subject and text in every language of the survey."""
    wave = get_wave(wave_id)
    if wave.state not in WRITABLE:
        return leave_planned(wave)
    return _show(wave, TypedTexts(texts=wave.texts))


@blueprint.post("/<uuid:wave_id>/texts")
def write(wave_id: UUID) -> ResponseReturnValue:
    """Keep what was typed; then on, or a test mail.

    Holds no writing session while a mail server is talked to: others would wait for it.
    """
    wave, typed = _read_typed(wave_id)
    if wave.state not in WRITABLE:
        return leave_planned(wave)
    if typed.faults:
        return _show(wave, typed)
    testing = request.form.get("to", "").removeprefix("test-")
    try:
        with database().writing() as writing:
            if typed.texts != wave.texts:
                actions.write_texts(writing, wave.id, typed.texts, by=current_email())
    except Unable as refusal:
        return _show(wave, typed, refusal=say(refusal))
    if testing in wave.texts:
        return _send_test(wave, testing)
    if wave.state is not WaveState.DRAFT:
        flash(_("The texts are stored. Mails from now on say so."), "success")
        return redirect(url_for("waves.show", wave_id=wave.id))
    return _go_on(wave)


@blueprint.route("/<uuid:wave_id>/letters/<language>", methods=["GET", "POST"])
def letter(wave_id: UUID, language: str) -> ResponseReturnValue:
    """A mail as it will look, for a frame: as stored, or as typed when the form was sent here."""
    wave, typed = _read_typed(wave_id)
    if language not in wave.texts:
        return Response(status=NOT_FOUND)
    is_typed = request.method == "POST"
    text = (typed.texts if is_typed else wave.texts)[language]
    faults = [
        words
        for name, words in typed.faults.items()
        if is_typed and name.startswith(f"{language}-")
    ]
    page = render_template(
        "waves/letter.html",
        language=language,
        faults=faults,
        letters=[] if faults else _preview(wave, text, language),
    )
    return Response(page, headers={"Content-Security-Policy": LETTER_CSP})


def _read_typed(wave_id: UUID) -> tuple[WaveRow, TypedTexts]:
    with database().reading() as reading:
        wave = queries.get_wave(reading, wave_id)
    if request.method != "POST":
        return wave, TypedTexts()
    return wave, read_texts(request.form, wave.texts)


def _preview(wave: WaveRow, text: MailText, language: str) -> list[LetterPreview]:
    """The invitation, and its reminder where there are reminders."""
    with database().reading() as reading:
        survey = get_survey(reading, str(wave.survey_id))
        asked = describe_survey(
            get_definition(reading, survey.id),
            language,
            k=survey.k,
            is_named=survey.mode is Mode.NAMED,
        )
    return [
        preview_letter(
            settings(),
            text=text,
            language=language,
            survey_name=survey.name,
            name=_("Anna Example"),
            is_reminder=is_reminder,
            asked=asked,
        )
        for is_reminder in (False, True)
    ]


def _send_test(wave: WaveRow, language: str) -> ResponseReturnValue:
    to = current_email()
    here = redirect(url_for("waves.texts", wave_id=wave.id, _anchor=f"text-{language}"))
    try:
        with database().writing() as writing:
            mail = actions.make_test_mail(
                writing, wave.id, to=to, language=language, settings=settings(), by=to
            )
        send_now(settings(), mail)
    except UnableToSendMail as refusal:
        flash(_("The test mail was not sent: %(why)s", why=say(refusal)), "danger")
        return here
    except Unable as refusal:
        flash(say(refusal), "danger")
        return here
    name = LANGUAGES.get(language, language)
    if settings().mail.is_folder:
        words = _(
            "The test mail (%(language)s) is written to the folder. Its answer never counts.",
            language=name,
        )
    else:
        words = _(
            "The test mail (%(language)s) is on its way to %(address)s. Its answer never counts.",
            language=name,
            address=to,
        )
    flash(words, "success")
    return here


def _go_on(wave: WaveRow) -> ResponseReturnValue:
    answer = go_on(wave)
    if answer.location.endswith("/write"):
        return redirect(url_for("waves.texts", wave_id=wave.id))
    return answer


def _show(wave: WaveRow, typed: TypedTexts, *, refusal: str = "") -> ResponseReturnValue:
    survey = get_survey(session(), str(wave.survey_id))
    page = render_template(
        "waves/texts.html",
        wave=wave,
        at="texts",
        typed=typed,
        refusal=refusal,
        survey=survey,
        company=settings().company,
        limits=(LONGEST_SUBJECT, LONGEST_BODY),
    )
    status = UNPROCESSABLE if typed.faults or refusal else 200
    return page, status
