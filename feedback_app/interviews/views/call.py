"""One call: the survey to be read aloud in the customer's language, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from feedback_app.answers import forms
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views.record import tagger
from feedback_app.answers.views.sheet import Sheet
from feedback_app.ballots.actions import UnableToDropBallot
from feedback_app.ballots.sealing import UnableToSeal
from feedback_app.causes.queries import get_catalogue
from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.i18n import LANGUAGES, current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.interviews import actions, queries
from feedback_app.interviews.queries import CallRow, UnableToFindCall
from feedback_app.interviews.rules import Outcome
from feedback_app.interviews.views.blueprint import (
    NOT_FOUND,
    UNPROCESSABLE,
    blueprint,
    settings,
)
from feedback_app.staff.views import current_email
from feedback_app.surveys.queries import OpenSurvey, find_for_respondent, list_competitors
from feedback_app.surveys.rules import Form, Mode, Problem, State
from feedback_app.surveys.rules.choices import CompetitorQuestion

MOST_OFFSET = 14 * 60  # minutes between UTC and the operator's clock


@dataclass(frozen=True, slots=True)
class Script:
    """What an operator reads: the survey in the customer's language."""

    call: CallRow
    found: OpenSurvey
    catalogue: Catalogue
    language: str

    @property
    def is_named(self) -> bool:
        """True when the answers are kept with who gave them."""
        return self.found.survey.mode is Mode.NAMED


@blueprint.get("/calls/<uuid:call_id>")
def call(call_id: UUID) -> ResponseReturnValue:
    """The page of a call that somebody has taken."""
    script = _get_script(call_id)
    return _leave(script) or _show(script)


@blueprint.post("/calls/<uuid:call_id>/answers")
def take_answer(call_id: UUID) -> ResponseReturnValue:
    """Store what the customer said."""
    script = _get_script(call_id)
    leaving = _leave(script)
    if leaving is not None:
        return leaving
    form: Form = dict(request.form.lists())
    definition = script.found.definition
    read = forms.read_form(form, definition, script.catalogue, mode=Mode.ANONYMOUS)
    if read.problems:
        return _show(script, form, problems=read.problems), UNPROCESSABLE
    envelope = Envelope(script.found.version_id, script.language, read.values)
    notice = _store(script, envelope, has_consent=bool(request.form.get("consent")))
    if notice:
        return _show(script, form, notice=notice), UNPROCESSABLE
    return redirect(url_for("interviews.index"))


def _store(script: Script, envelope: Envelope, *, has_consent: bool) -> str:
    """Store an answer and say so; why it could not be stored, "" when it could."""
    if script.is_named and not has_consent:
        return str(_("Ask for consent first: this survey keeps the answers with the name."))
    try:
        is_stored = actions.take_interview(
            session(),
            script.found.survey,
            script.call.id,
            envelope,
            by=current_email(),
            has_consent=has_consent,
            tagger=tagger(),
        )
    except UnableToSeal:
        return str(_("All texts together are too long: shorten the longest one."))
    except UnableToDropBallot:
        return str(_("The survey takes no answers at the moment. Try again in a minute."))
    except Unable as refusal:
        return say(refusal)
    if is_stored and script.is_named:
        flash(_("Stored with the customer's reference, and that consent was spoken."), "success")
    elif is_stored:
        flash(_("Sealed. Which answer it is, nobody can tell any more."), "success")
    else:
        words = _("An answer of this customer came in another way already; nothing was stored.")
        flash(words, "info")
    return ""


@blueprint.post("/calls/<uuid:call_id>/end")
def end_call(call_id: UUID) -> ResponseReturnValue:
    """What came of a call that brought no answer."""
    script = _get_script(call_id)
    leaving = _leave(script)
    if leaving is not None:
        return leaving
    try:
        outcome = Outcome(request.form.get("outcome", ""))
        at = _call_back_at() if outcome is Outcome.CALL_BACK else None
        actions.end_call(session(), call_id, outcome, by=current_email(), call_back_at=at)
    except ValueError:
        return _show(script, notice=_("Say what came of the call.")), UNPROCESSABLE
    except Unable as refusal:
        return _show(script, notice=say(refusal)), UNPROCESSABLE
    flash(_("Noted."), "success")
    return redirect(url_for("interviews.index"))


def _get_script(call_id: UUID) -> Script:
    try:
        row = queries.get_call(session(), call_id)
    except UnableToFindCall:
        abort(NOT_FOUND)
    found = find_for_respondent(session(), survey_id=row.invitation.survey_id)
    if found is None:
        abort(NOT_FOUND)
    written_in = found.definition.languages
    wanted = (request.args.get("in", ""), row.language, current_language(), found.survey.language)
    language = next((each for each in wanted if each in written_in), written_in[0])
    return Script(row, found, get_catalogue(session(), newest=found.codebook), language)


def _leave(script: Script) -> ResponseReturnValue | None:
    """Where to go when this call is not to be made; None when it is."""
    if script.found.survey.state is not State.OPEN:
        words = _("This survey has ended.")
    elif script.call.is_over:
        words = _("This call is over.")
    elif script.call.claimed_by != current_email():
        words = _("Somebody else has this call. Take the next customer.")
    else:
        return None
    flash(words, "info")
    return redirect(url_for("interviews.index"))


def _show(
    script: Script, form: Form | None = None, *, problems: Sequence[Problem] = (), notice: str = ""
) -> str:
    """The page. What is read aloud speaks the customer's language, the rest the operator's."""
    definition = script.found.definition
    asks_competitor = any(isinstance(it, CompetitorQuestion) for it in definition.questions)
    with force_locale(script.language):
        sheet = Sheet(
            definition=definition,
            catalogue=script.catalogue,
            language=script.language,
            sent_form=form or {},
            problems=problems,
            competitors=tuple(list_competitors(session())) if asks_competitor else (),
        )
        read_aloud = render_template(
            "interviews/script.html",
            sheet=sheet,
            company=settings().company,
            is_named=script.is_named,
            k=script.found.survey.k,
        )
        mishaps = sheet.mishaps
    return render_template(
        "interviews/call.html",
        call=script.call,
        survey=script.found.survey,
        is_named=script.is_named,
        has_consent=bool((form or {}).get("consent")),
        script=Markup(read_aloud),  # noqa: S704  rendered by us
        rules=Markup(sheet.follow_up_rules()),  # noqa: S704  made by us
        script_language=script.language,
        written_in={code: LANGUAGES.get(code, code) for code in definition.languages},
        notice=notice,
        mishaps=mishaps,
        earliest=datetime.now(UTC) + timedelta(hours=1),
    )


def _call_back_at() -> datetime | None:
    """The moment that was chosen on the operator's clock. `offset`: minutes behind UTC."""
    try:
        chosen = datetime.fromisoformat(request.form.get("call_back_at", ""))
        offset = int(request.form.get("offset", "0"))
    except ValueError:
        return None
    if abs(offset) > MOST_OFFSET:
        return None
    return chosen.replace(tzinfo=UTC) + timedelta(minutes=offset)
