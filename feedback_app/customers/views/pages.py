"""The list of customers, and one customer: read, correct, erase."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback_app.customers import actions, queries
from feedback_app.customers.forms import CustomerForm, read_filter
from feedback_app.customers.queries import CustomerCard, UnableToFindCustomer
from feedback_app.customers.rules import ContactRow, format_cents
from feedback_app.customers.views.blueprint import blueprint
from feedback_app.customers.views.wording import LANGUAGE_NAMES, REASON_NAMES
from feedback_app.foundation import unit_of_work
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email

NOT_FOUND = 404
UNPROCESSABLE = 422
FILTERS = (
    *("search", "status"),
    *("language", "plan", "region", "account_manager"),
)
LONGEST_SEARCH = 100


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The list, searched and narrowed, a page at a time."""
    asked = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    search = asked.get("search", "")[:LONGEST_SEARCH]
    wanted = read_filter(asked)
    page = queries.list_customers(
        session(),
        wanted,
        search=search,
        after=_uuid(request.args.get("after")),
        before=_uuid(request.args.get("before")),
    )
    here: dict[str, Any] = dict(asked)
    earlier = url_for("customers.index", before=page.rows[0].id, **here) if page.rows else None
    later = url_for("customers.index", after=page.rows[-1].id, **here) if page.rows else None
    return render_template(
        "customers/index.html",
        page=page,
        count=queries.count_customers(session(), wanted, search=search),
        choices=queries.list_filter_choices(session()),
        asked=asked,
        earlier=earlier if page.has_earlier else None,
        later=later if page.has_later else None,
        language_names=LANGUAGE_NAMES,
    )


@blueprint.get("/<uuid:customer_id>")
def show(customer_id: UUID) -> ResponseReturnValue:
    """All that is known of a customer and which mails he got; never what he answered."""
    card = _get(customer_id)
    return render_template(
        "customers/show.html",
        card=card,
        history=_history(customer_id),
        revenue=format_cents(card.monthly_revenue_cents),
        language_names=LANGUAGE_NAMES,
        reason_names=REASON_NAMES,
    )


@blueprint.route("/<uuid:customer_id>/edit", methods=["GET", "POST"])
def edit(customer_id: UUID) -> ResponseReturnValue:
    """Correct what is known of a customer."""
    card = _get(customer_id)
    form = CustomerForm() if request.method == "POST" else CustomerForm.showing(card)
    if not form.validate_on_submit():
        page = render_template(
            "customers/edit.html", form=form, card=card, language_names=LANGUAGE_NAMES
        )
        return page, UNPROCESSABLE if form.errors else 200
    if actions.correct(session(), customer_id, form.values(), by=current_email()):
        flash(_("The changes are stored."), "success")
    return redirect(url_for("customers.show", customer_id=customer_id))


@blueprint.get("/<uuid:customer_id>/erase")
def ask_erase(customer_id: UUID) -> ResponseReturnValue:
    """Say what erasing does before it is done."""
    return render_template("customers/erase.html", card=_get(customer_id))


@blueprint.post("/<uuid:customer_id>/erase")
def erase(customer_id: UUID) -> ResponseReturnValue:
    """Delete what is known of a customer."""
    try:
        actions.erase(session(), customer_id, by=current_email())
    except UnableToFindCustomer:
        abort(NOT_FOUND)
    flash(_("The customer is erased. What was counted stays counted."), "success")
    answer = redirect(url_for("customers.index"))
    _forget_old_pages_after(answer)
    return answer


def _forget_old_pages_after(answer: Any) -> None:
    """Erased data must not linger in the write-ahead log either."""
    assert isinstance(answer, Response)
    answer.call_on_close(unit_of_work.database().forget_old_pages)


def _get(customer_id: UUID) -> CustomerCard:
    try:
        return queries.get_customer(session(), customer_id)
    except UnableToFindCustomer:
        abort(NOT_FOUND)


def _history(customer_id: UUID) -> Sequence[ContactRow]:
    """What the room of invitations tells, once it is wired; nothing about answers."""
    tell = current_app.extensions.get("feedback_contact_history")
    return tell(session(), customer_id) if tell is not None else ()


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
