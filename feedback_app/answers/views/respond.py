"""Showing a survey and taking an answer, the same for the open link and for invitations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import escape
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from feedback_app.answers import forms
from feedback_app.answers.actions import FormToken
from feedback_app.answers.forms import Step
from feedback_app.answers.rules import Envelope
from feedback_app.answers.views.guard import Guard, is_trapped
from feedback_app.answers.views.place import (
    Place,
    contact_door,
    offered_competitors,
    reading,
    seal_early,
    settings,
)
from feedback_app.answers.views.record import Record, make_example, make_layout, make_record
from feedback_app.answers.views.sent import sent_form, wants_call
from feedback_app.answers.views.sheet import Sheet
from feedback_app.answers.views.skeleton import BASE, NONCE, PUZZLE, TOKEN, Shelf
from feedback_app.ballots.actions import UnableToDropBallot
from feedback_app.ballots.queries import count_waiting
from feedback_app.ballots.sealing import UnableToSeal
from feedback_app.foundation.pages import allow_script, csp_nonce
from feedback_app.surveys.rules import Form, Problem

SHELF = Shelf()

#: Stores an answer with its form's token and, in a named survey, who gave it; False when the
#: form (or the invitation) was sent before.
Keep = Callable[[Envelope, FormToken, str], bool]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that can be stored as it is. `guard`: only where anybody may answer."""

    place: Place
    form: Form
    token: str
    read: forms.Reading
    guard: Guard | None = None

    def envelope(self, *, is_flagged: bool) -> Envelope:
        """What will be sealed."""
        place = self.place
        return Envelope(place.version_id, place.language, self.read.values, is_flagged)


def show(
    place: Place, *, filled: Form | None = None, guard: Guard | None = None
) -> ResponseReturnValue:
    """The blank page; with `filled` the page with these fields filled in."""
    token = forms.make_token(settings().secret_key, place.form_name)
    if filled:
        return _show_again(place, filled, token, guard=guard)
    competitors = offered_competitors(place)
    skeleton = SHELF.get(
        (place.looks, competitors, settings().company, guard is not None and guard.is_busy),
        lambda: _render_blank(place, make_sheet(place, competitors=competitors), guard),
    )
    filling = {NONCE: csp_nonce(), BASE: place.base, TOKEN: token}
    if guard is not None and guard.is_busy:
        allow_script()
        filling[PUZZLE] = str(escape(guard.puzzle(token)))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(skeleton.fill(filling), mimetype="text/html")
    response = Response(skeleton.fill_gzip(filling), mimetype="text/html")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def submit(place: Place, keep: Keep, *, guard: Guard | None = None) -> ResponseReturnValue:
    """Take what was sent: store it, or show it again with what to mend or what would be stored.

    `guard`: of an open link, where anybody may answer. Everything that takes time happens
    before `keep` opens the writing session.
    """
    form = sent_form()
    token = next(iter(form.get(forms.TOKEN, ())), "")
    step = next(iter(form.get(forms.STEP, ())), "")
    issued = forms.find_issued_form(settings().secret_key, place.form_name, token)
    if issued is None:
        token = forms.make_token(settings().secret_key, place.form_name)
    if step == Step.LANGUAGE:
        return _show_again(place, form, token, guard=guard)
    if issued is None:
        return _show_again(place, form, token, notice=forms.word_old_form(), guard=guard)
    read = forms.read_form(form, place.definition, place.catalogue, mode=place.survey.mode)
    if read.problems:
        return _show_again(place, form, token, problems=read.problems, guard=guard)
    draft = Draft(place, form, token, read, guard)
    return _preview(draft) if step == Step.PREVIEW else _keep(draft, issued, keep)


def is_taken(answer: ResponseReturnValue) -> bool:
    """True when `submit` stored the answer (or had it already) and leads to the thanks."""
    return isinstance(answer, BaseResponse) and (answer.status_code == HTTPStatus.SEE_OTHER)


def _preview(draft: Draft) -> ResponseReturnValue:
    """The page with the exact record above the form."""
    is_flagged = draft.guard is not None and is_trapped(draft.form)
    place, envelope = draft.place, draft.envelope(is_flagged=is_flagged)
    try:
        # Too long is told now, not after the record was shown as what will be stored.
        seal_early(place, envelope)
    except UnableToSeal as refusal:
        return _show_too_long(draft, refusal)
    record = make_record(place, envelope, draft.read.respondent)
    return _show_again(place, draft.form, draft.token, record=record, guard=draft.guard)


def _keep(draft: Draft, issued: forms.IssuedForm, keep: Keep) -> ResponseReturnValue:
    """Store the answer and go to the thanks."""
    place, guard = draft.place, draft.guard
    if guard and (seconds := guard.seconds_to_wait(draft.form, draft.token, issued.age)):
        notice = ngettext(
            "Many answers are arriving. Please wait %(num)s second, then send it again.",
            "Many answers are arriving. Please wait %(num)s seconds, then send it again.",
            seconds,
        )
        return _show_again(place, draft.form, draft.token, notice=notice, guard=guard)
    try:
        is_new = keep(
            draft.envelope(is_flagged=guard is not None and guard.note(draft.form)),
            FormToken(issued.token_hash, issued.purge_on),
            draft.read.respondent,
        )
    except UnableToSeal as refusal:
        return _show_too_long(draft, refusal)
    except UnableToDropBallot:
        notice = _("This survey takes no answers at the moment. Please try again in a minute.")
        return _show_again(place, draft.form, draft.token, notice=notice, guard=guard)
    if is_new and wants_call() and contact_door().takes_slips(place):
        return contact_door().show_after_sending(place, draft.envelope(is_flagged=False))
    # Without the body that `redirect` writes: no browser shows it.
    thanks = f"{place.base}/thanks?lang={place.language}"
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": thanks})


def show_thanks(place: Place) -> str:
    """After sending: what happens with the answer, and how many wait."""
    with reading() as session:
        waiting = 0 if place.is_named else count_waiting(session, place.survey.id)
    return render_template(
        "respondent/thanks.html",
        thanks=make_sheet(place).say(place.definition.thanks),
        waiting=waiting,
        takes_slips=contact_door().takes_slips(place),
        **place.context(),
    )


def show_what_we_store(place: Place) -> str:
    """The layout of the record in plain words, and what is not stored."""
    return render_template(
        "respondent/what_we_store.html",
        layout=make_layout(place),
        example=make_example(place),
        **place.context(),
    )


def show_farewell(heading: str, *lines: str, status: int) -> tuple[str, int]:
    """A kind page of a survey that takes no answer."""
    return render_template("respondent/farewell.html", heading=heading, lines=lines), status


def show_not_found() -> tuple[str, int]:
    """The kind page of an address that no survey has."""
    return show_farewell(
        _("There is no survey at this address"),
        _("Perhaps the link was cut in two: please copy it whole from the message you got."),
        status=HTTPStatus.NOT_FOUND,
    )


def show_closed() -> tuple[str, int]:
    """The kind page of a survey that has ended."""
    return show_farewell(
        _("This survey has ended"),
        _("It takes no more answers. Thank you for wanting to give yours."),
        _("Nothing you may have written was sent or stored."),
        status=HTTPStatus.GONE,
    )


def show_too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """The kind page for more than any answer can hold."""
    return show_farewell(
        _("That is too long to send"),
        _("Go back, shorten your longest text and send it again. Nothing has been stored."),
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )


def make_sheet(
    place: Place,
    form: Form | None = None,
    *,
    problems: Sequence[Problem] = (),
    competitors: Sequence[str] = (),
) -> Sheet:
    """The questions as a page shows them."""
    return Sheet(
        definition=place.definition,
        catalogue=place.catalogue,
        language=place.language,
        sent_form=form or {},
        problems=problems,
        competitors=competitors,
    )


def _render_blank(place: Place, sheet: Sheet, guard: Guard | None) -> str:
    nonce = csp_nonce()
    g.csp_nonce = NONCE
    try:
        return render_template(
            "respondent/page.html",
            **{**place.context(), "base": BASE},
            sheet=sheet,
            token=TOKEN,
            guard=guard,
            puzzle=PUZZLE if guard is not None and guard.is_busy else "",
        )
    finally:
        g.csp_nonce = nonce


def _show_too_long(draft: Draft, refusal: UnableToSeal) -> ResponseReturnValue:
    """The page with the longest text to be shortened."""
    longest = forms.find_longest_text(
        draft.place.definition, draft.read.values, excess=refusal.excess
    )
    return _show_again(
        draft.place,
        draft.form,
        draft.token,
        problems=[longest] if longest else [],
        notice=_("All your texts together are too long"),
        guard=draft.guard,
    )


def _show_again(
    place: Place,
    form: Form,
    token: str,
    *,
    problems: Sequence[Problem] = (),
    notice: str = "",
    record: Record | None = None,
    guard: Guard | None = None,
) -> ResponseReturnValue:
    """The page with everything that was typed."""
    if guard is not None and guard.is_busy:
        allow_script()
    page = render_template(
        "respondent/page.html",
        **place.context(),
        sheet=make_sheet(place, form, problems=problems, competitors=offered_competitors(place)),
        token=token,
        notice=notice,
        record=record,
        takes_slips=record is not None and contact_door().takes_slips(place),
        guard=guard,
        puzzle="" if guard is None else guard.puzzle(token),
    )
    is_refused = bool(notice or problems)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
