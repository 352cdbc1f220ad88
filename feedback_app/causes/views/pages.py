"""Pages that show the catalogue: as it is, as it was, and who changed what."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.causes import actions, queries
from feedback_app.causes.forms import ChangeForm
from feedback_app.causes.rules import Catalogue, Side, UnableToChangeCause, UnableToFindCause
from feedback_app.causes.views.wording import tell
from feedback_app.foundation.i18n import current_language
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session

CHANGED_MEANWHILE = 409
NOT_FOUND = 404
REFUSED = 422
CODEBOOKS_PER_PAGE = 30

blueprint = Blueprint("causes", __name__, url_prefix="/staff/causes")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The catalogue, side by side."""
    return show_index()


@blueprint.get("/history")
def history() -> ResponseReturnValue:
    """Every codebook: who made it, when, and what it changed."""
    before = request.args.get("before", type=int)
    found = queries.list_changes(session(), before=before, most=CODEBOOKS_PER_PAGE + 1)
    shown = found[:CODEBOOKS_PER_PAGE]
    catalogue = get_catalogue()
    return render_template(
        "causes/history.html",
        entries=[(it.codebook, tell(it.changes, catalogue, current_language())) for it in shown],
        product=actions.PRODUCT,
        older=shown[-1].codebook.number if len(found) > len(shown) else None,
        is_first_page=before is None,
    )


@blueprint.get("/history/<int:number>")
def codebook(number: int) -> ResponseReturnValue:
    """The catalogue as it was at one codebook."""
    return render_template(
        "causes/codebook.html",
        catalogue=queries.get_catalogue_at(session(), number),
        newest=get_catalogue().codebook,
        sides=tuple(Side),
        language=current_language(),
    )


@blueprint.errorhandler(UnableToFindCause)
def show_nothing_there(error: UnableToFindCause) -> ResponseReturnValue:
    """No such cause or codebook: the address is wrong."""
    page = render_template(
        "layouts/error.html", code=NOT_FOUND, detail=say(error), layout="layouts/plain.html"
    )
    return page, NOT_FOUND


def get_catalogue() -> Catalogue:
    """The catalogue as this request sees it."""
    return queries.get_catalogue(session())


def show_index(refusal: str = "", *, status: int = REFUSED) -> ResponseReturnValue:
    """The index; with a refusal, `status` and the reason on top."""
    page = render_template(
        "causes/index.html",
        catalogue=get_catalogue(),
        notes=queries.list_notes(session()),
        sides=tuple(Side),
        language=current_language(),
        at=request.args.get("at", ""),
        did=request.args.get("did", ""),
        refusal=refusal,
    )
    return page, status if refusal else 200


def back_to(code: str, words: str, *, did: str = "") -> ResponseReturnValue:
    """To the cause's place on the index; `did` names the button that keeps the focus there."""
    if words:
        flash(words, "success")
    if did:
        # No anchor here: browsers give the focus to the button only without one.
        return redirect(url_for("causes.index", at=code, did=did))
    return redirect(url_for("causes.index", at=code, _anchor=code))


def status_of(error: UnableToChangeCause) -> int:
    """How the refusal is answered."""
    return CHANGED_MEANWHILE if isinstance(error, actions.UnableToChangeMeanwhile) else REFUSED


def show_form(
    template: str, form: ChangeForm, error: UnableToChangeCause | None = None, **facts: object
) -> ResponseReturnValue:
    """A form with all that was typed; on a refusal it then belongs to the newest codebook.

    So somebody who was overtaken looks at the page again and sends it once more.
    """
    status = REFUSED if form.errors else 200
    if error is not None:
        form.form_errors.append(say(error))
        status = status_of(error)
        _make_newest(form)
    page = render_template(
        template, form=form, catalogue=get_catalogue(), language=current_language(), **facts
    )
    return page, status


def _make_newest(form: ChangeForm) -> None:
    form.codebook.data = get_catalogue().codebook
    form.codebook.raw_data = None
