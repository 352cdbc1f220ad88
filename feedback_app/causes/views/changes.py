"""What the buttons of the index do: move, offer, retire, restore."""

from __future__ import annotations

from collections.abc import Callable

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.causes import actions
from feedback_app.causes.forms import ChangeForm, MoveForm, TickableForm
from feedback_app.causes.rules import UnableToChangeCause
from feedback_app.causes.views.pages import back_to, blueprint, show_index, status_of
from feedback_app.foundation.refusals import say
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email


@blueprint.post("/<code>/move")
def move(code: str) -> ResponseReturnValue:
    """One place up or down its side's list."""
    form = MoveForm()

    def act(seen: int | None) -> None:
        actions.move(session(), code, places=form.places.data or 0, by=current_email(), seen=seen)

    return _press(code, form, act, "", did=str(form.places.data))


@blueprint.post("/<code>/tickable")
def set_tickable(code: str) -> ResponseReturnValue:
    """Offer it to respondents, or no longer."""
    form = TickableForm()
    is_tickable = form.is_tickable.data == "yes"

    def act(seen: int | None) -> None:
        actions.set_tickable(
            session(), code, is_tickable=is_tickable, by=current_email(), seen=seen
        )

    on, off = _("Respondents can tick it now."), _("Respondents do not see it any more.")
    return _press(code, form, act, on if is_tickable else off, did="tickable")


@blueprint.post("/<code>/retire")
def retire(code: str) -> ResponseReturnValue:
    """Take it out of use."""

    def act(seen: int | None) -> None:
        actions.retire(session(), code, by=current_email(), seen=seen)

    return _press(code, ChangeForm(), act, _("Out of use now. What was ticked still counts."))


@blueprint.post("/<code>/restore")
def restore(code: str) -> ResponseReturnValue:
    """Bring it back into use; a merge is undone."""

    def act(seen: int | None) -> None:
        actions.restore(session(), code, by=current_email(), seen=seen)

    return _press(code, ChangeForm(), act, _("Back in use. Its answers count as itself."))


def _press(
    code: str, form: ChangeForm, act: Callable[[int | None], None], words: str, *, did: str = ""
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return show_index(_("The page was open too long: look at it again and repeat the change."))
    try:
        act(form.codebook.data)
    except UnableToChangeCause as error:
        return show_index(say(error), status=status_of(error))
    return back_to(code, words, did=did)
