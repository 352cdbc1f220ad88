"""Staff pages of surveys: the list, a new one, one survey, opening and closing it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from feedback_app.causes.queries import get_catalogue
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Permission, Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email
from feedback_app.surveys import actions, queries
from feedback_app.surveys.actions import UnableToPublish
from feedback_app.surveys.forms import NewSurveyForm
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import Mode, State, UnableToChangeSurvey
from feedback_app.surveys.templates import read_template
from feedback_app.surveys.views.blueprint import (
    UNPROCESSABLE,
    SurveyCard,
    blueprint,
    desk,
    get_row,
    make_card,
    refused,
)
from feedback_app.surveys.views.wording import TEMPLATES

#: Surveys to share stand behind drafts on the home page; so many of them at most.
SHARING, MOST_SHARED = 30, 2


@blueprint.get("/surveys")
def index() -> ResponseReturnValue:
    """Every survey, newest first."""
    cards = [make_card(row) for row in queries.list_surveys(session())]
    return render_template("surveys/index.html", cards=cards)


@blueprint.get("/surveys/new")
def new() -> ResponseReturnValue:
    """The form for a new survey, or for a copy of one."""
    form = NewSurveyForm(language=current_language(), copy=request.args.get("copy", ""))
    return _show_new(form, status=200)


@blueprint.post("/surveys/new")
def create() -> ResponseReturnValue:
    """Make a draft from a ready survey, from nothing or from another survey."""
    form = NewSurveyForm()
    if form.validate():
        try:
            row = actions.create_from_document(
                session(),
                _read_beginning(form),
                by=current_email(),
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
    return _show_new(form, status=UNPROCESSABLE)


def _read_beginning(form: NewSurveyForm) -> dict[str, Any]:
    """The questions to begin with, and where they are from."""
    copied = _find_copied(form)
    if copied is not None:
        document = queries.list_versions(session(), copied.id)[0].document
        return {**document, "template": "copy"}
    template = form.template.data or "departed"
    return {**read_template(template), "template": template}


def _find_copied(form: NewSurveyForm) -> SurveyRow | None:
    row = queries.find_survey(session(), form.copy.data) if form.copy.data else None
    return None if row is None or row.mode is Mode.IMPORT else row


def _show_new(form: NewSurveyForm, *, status: int) -> ResponseReturnValue:
    form.template.choices = [
        SelectChoice(value=code, label=words) for code, (words, _hint) in TEMPLATES.items()
    ]
    hints = {code: hint for code, (_words, hint) in TEMPLATES.items()}
    copied = _find_copied(form)
    page = render_template("surveys/new.html", form=form, hints=hints, copied=copied)
    return page, status


@blueprint.get("/surveys/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One survey: its state, its address, its questions."""
    card = make_card(get_row(slug))
    has_questions = card.row.mode is not Mode.IMPORT
    versions = queries.list_versions(session(), card.row.id)
    return render_template(
        "surveys/show.html",
        card=card,
        definition=queries.get_definition(session(), card.row.id) if has_questions else None,
        catalogue=get_catalogue(session()),
        draft=next((each for each in versions if not each.is_published), None),
        published=next((each for each in versions if each.is_published), None),
        shown=request.args.get("in", current_language()),
    )


@blueprint.post("/surveys/<slug>/open")
def open_survey(slug: str) -> ResponseReturnValue:
    """Publish a draft: answers are taken from now on."""
    row = get_row(slug)
    try:
        desk().open_survey(session(), row.id, by=current_email())
    except UnableToPublish as refusal:
        return refused(refusal, "surveys.edit", slug=slug)
    except Unable as refusal:
        return refused(refusal, "surveys.show", slug=slug)
    flash(_("The survey is open. Share its address with those it asks."), "success")
    return redirect(url_for("surveys.show", slug=slug))


@blueprint.get("/surveys/<slug>/close")
def ask_close(slug: str) -> ResponseReturnValue:
    """Say what closing does to the answers that wait, before it is done."""
    return render_template("surveys/close.html", card=make_card(get_row(slug)))


@blueprint.post("/surveys/<slug>/close")
def close(slug: str) -> ResponseReturnValue:
    """Take no more answers; the worker opens or destroys what waits."""
    try:
        actions.close(session(), get_row(slug).id, by=current_email())
    except Unable as refusal:
        return refused(refusal, "surveys.show", slug=slug)
    flash(_("The survey is closed."), "success")
    return redirect(url_for("surveys.show", slug=slug))


def list_next_steps(session: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of surveys: make one, open it, share it, wait for the crowd."""
    if Permission.EDIT_SURVEYS not in permissions:
        return []
    cards = [make_card(row) for row in queries.list_surveys(session) if row.mode is not Mode.IMPORT]
    steps = [step for card in cards if (step := _next_step(card)) is not None]
    shared = sorted((it for it in steps if it.priority >= SHARING), key=lambda it: it.priority)
    if any(not it.is_demo for it in shared):
        shared = [it for it in shared if not it.is_demo]
    steps = [*(it for it in steps if it.priority < SHARING), *shared[:MOST_SHARED]]
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
            detail=_("It is a draft. Look it through; once open, a change makes a new version."),
            action=_("Look at the draft"),
            url=show,
            priority=10,
        )
    if card.row.state is State.CLOSED or card.row.mode is not Mode.ANONYMOUS:
        return None
    return NextStep(
        text=_("Share “%(name)s” with those it asks", name=card.row.name),
        detail=_("Sealed answers wait until enough have come together; then they open at once."),
        action=_("Address and state"),
        url=show,
        priority=SHARING + 10 if card.answers else SHARING,
        progress=(card.waiting, card.row.k),
        is_demo=card.row.is_demo,
    )
