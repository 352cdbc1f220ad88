"""Staff pages of surveys: list, new, one survey, open, close; and the competitor list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes.queries import get_catalogue
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Permission, Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions, queries
from feedback_app.surveys.forms import CompetitorForm, NewSurveyForm
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode, State, UnableToChangeSurvey

blueprint = Blueprint("surveys", __name__, url_prefix="/staff")

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class SurveyDesk:
    """What the rooms below lend these pages, wired by create_app.

    `open_survey(session, id, by=)` publishes and starts the ballot box; the counts are of
    opened answers and of sealed ones that wait.
    """

    open_survey: Callable[..., SurveyRow]
    count_answers: Callable[[Any, UUID], int]
    count_waiting: Callable[[Any, UUID], int]


@dataclass(frozen=True, slots=True)
class SurveyCard:
    """A survey as the list shows it."""

    row: SurveyRow
    answers: int
    waiting: int
    address: str


@blueprint.get("/surveys")
def index() -> ResponseReturnValue:
    """Every survey, newest first."""
    cards = [_card(row) for row in queries.list_surveys(session())]
    return render_template("surveys/index.html", cards=cards)


@blueprint.get("/surveys/new")
def new() -> ResponseReturnValue:
    """The form for a new survey."""
    form = NewSurveyForm(language=current_language())
    return render_template("surveys/new.html", form=form)


@blueprint.post("/surveys/new")
def create() -> ResponseReturnValue:
    """Make a draft from the departed customers' template."""
    form = NewSurveyForm()
    if form.validate():
        try:
            row = actions.create(
                session(),
                by=current_email(),
                template="departed",
                name=form.name.data or "",
                language=form.language.data,
                k=form.k.data or 0,
                mode=Mode(form.mode.data),
            )
        except UnableToChangeSurvey as refusal:
            form.name.errors = [*form.name.errors, say(refusal)]
        else:
            flash(_("The draft is made. Look it through, then open it."), "success")
            return redirect(url_for("surveys.show", slug=row.slug))
    return render_template("surveys/new.html", form=form), UNPROCESSABLE


@blueprint.get("/surveys/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One survey: its state, its address, its questions."""
    card = _card(_get(slug))
    has_questions = card.row.mode is not Mode.IMPORT
    return render_template(
        "surveys/show.html",
        card=card,
        definition=queries.get_definition(session(), card.row.id) if has_questions else None,
        catalogue=get_catalogue(session()),
        shown=request.args.get("in", current_language()),
    )


@blueprint.post("/surveys/<slug>/open")
def open_survey(slug: str) -> ResponseReturnValue:
    """Publish a draft: answers are taken from now on."""
    row = _get(slug)
    try:
        _desk().open_survey(session(), row.id, by=current_email())
    except Unable as refusal:
        return _refused(slug, refusal)
    flash(_("The survey is open. Share its address with customers who left."), "success")
    return redirect(url_for("surveys.show", slug=slug))


@blueprint.get("/surveys/<slug>/close")
def ask_close(slug: str) -> ResponseReturnValue:
    """Say what closing does to the answers that wait, before it is done."""
    return render_template("surveys/close.html", card=_card(_get(slug)))


@blueprint.post("/surveys/<slug>/close")
def close(slug: str) -> ResponseReturnValue:
    """Take no more answers; the worker opens or destroys what waits."""
    try:
        actions.close(session(), _get(slug).id, by=current_email())
    except Unable as refusal:
        return _refused(slug, refusal)
    flash(_("The survey is closed."), "success")
    return redirect(url_for("surveys.show", slug=slug))


@blueprint.get("/competitors")
def competitors() -> ResponseReturnValue:
    """The names that respondents are offered when they say where they went."""
    return _competitors(CompetitorForm(), status=200)


@blueprint.post("/competitors")
def add_competitor() -> ResponseReturnValue:
    """Offer one more name."""
    form = CompetitorForm()
    if form.validate():
        try:
            name = actions.add_competitor(session(), form.name.data or "", by=current_email())
        except UnableToChangeSurvey as refusal:
            form.name.errors = [*form.name.errors, say(refusal)]
        else:
            flash(_("%(name)s is offered from now on.", name=name), "success")
            return redirect(url_for("surveys.competitors"))
    return _competitors(form, status=UNPROCESSABLE)


@blueprint.post("/competitors/retire")
def retire_competitor() -> ResponseReturnValue:
    """Offer a name no more."""
    name = request.form.get("name", "")
    actions.retire_competitor(session(), name, by=current_email())
    flash(_("%(name)s is not offered any more.", name=name), "success")
    return redirect(url_for("surveys.competitors"))


def list_next_steps(session: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of surveys: make one, open it, share it, wait for the crowd."""
    if Permission.EDIT_SURVEYS not in permissions:
        return []
    cards = [_card(row) for row in queries.list_surveys(session) if row.mode is not Mode.IMPORT]
    steps = [step for card in cards if (step := _next_step(card)) is not None]
    if not any(not card.row.is_demo for card in cards):
        steps.append(
            NextStep(
                text=_("Make your first survey"),
                detail=_("The questions are ready in three languages; it takes a minute."),
                action=_("New survey"),
                url=url_for("surveys.new"),
                priority=20,
            )
        )
    return steps


def _next_step(card: SurveyCard) -> NextStep | None:
    show = url_for("surveys.show", slug=card.row.slug)
    if card.row.state is State.DRAFT:
        return NextStep(
            text=_("Open “%(name)s”", name=card.row.name),
            detail=_("It is a draft. Look it through; once open, its questions are fixed."),
            action=_("Look at the draft"),
            url=show,
            priority=10,
        )
    if card.row.state is State.CLOSED or card.row.mode is not Mode.ANONYMOUS:
        return None
    return NextStep(
        text=_("Share “%(name)s” with customers who left", name=card.row.name),
        detail=_("Sealed answers wait until enough have come together; then they open at once."),
        action=_("Address and state"),
        url=show,
        priority=40 if card.answers else 30,
        progress=(card.waiting, card.row.k),
        is_demo=card.row.is_demo,
    )


def _competitors(form: CompetitorForm, *, status: int) -> ResponseReturnValue:
    names = queries.list_competitors(session())
    return render_template("surveys/competitors.html", form=form, names=names), status


def _refused(slug: str, refusal: Unable) -> ResponseReturnValue:
    flash(say(refusal), "danger")
    return redirect(url_for("surveys.show", slug=slug))


def _get(slug: str) -> SurveyRow:
    row = queries.find_survey(session(), slug)
    if row is None:
        abort(404)
    return row


def _card(row: SurveyRow) -> SurveyCard:
    desk = _desk()
    return SurveyCard(
        row=row,
        answers=desk.count_answers(session(), row.id),
        waiting=desk.count_waiting(session(), row.id),
        address=f"{current_app.config['FEEDBACK_SETTINGS'].base_url}/s/{row.slug}",
    )


def _desk() -> SurveyDesk:
    desk = current_app.extensions["feedback_survey_desk"]
    if not isinstance(desk, SurveyDesk):
        raise TypeError("create_app must wire a SurveyDesk")
    return desk
