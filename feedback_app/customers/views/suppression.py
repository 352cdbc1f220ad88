"""The list of addresses that nothing is sent to."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.customers import actions, queries, uploads
from feedback_app.customers.rules import Reason
from feedback_app.customers.suppression_list import (
    Addresses,
    read_addresses,
    write_addresses,
)
from feedback_app.customers.unpacking import open_list
from feedback_app.customers.views.blueprint import blueprint
from feedback_app.customers.views.wording import REASON_NAMES, say_fault, say_refusal
from feedback_app.foundation.db import utc_today
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.unit_of_work import session
from feedback_app.staff.views import current_email

UNPROCESSABLE = 422
MOST_SHOWN = 10


@blueprint.get("/suppression")
def suppression() -> ResponseReturnValue:
    """The list, searched, a page at a time."""
    return _show()


@blueprint.post("/suppression")
def suppress() -> ResponseReturnValue:
    """Add an address by hand."""
    address = request.form.get("address", "")
    try:
        is_new = actions.suppress(session(), address, reason=Reason.BY_HAND, by=current_email())
    except actions.UnableToSuppress:
        return _show(refusal=_("This is not an e-mail address."), typed=address)
    words = _("Nothing is sent there any more.") if is_new else _("It was on the list already.")
    flash(words, "success")
    return redirect(url_for("customers.suppression"))


@blueprint.post("/suppression/<key>/remove")
def unsuppress(key: str) -> ResponseReturnValue:
    """Take an address off the list."""
    if actions.unsuppress(session(), key, by=current_email()):
        flash(_("Mail may be sent there again."), "success")
    return redirect(url_for("customers.suppression"))


@blueprint.get("/suppression.csv")
def export_suppressed() -> ResponseReturnValue:
    """The whole list as CSV."""
    text = "".join(write_addresses(queries.read_suppression(session())))
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=suppression.csv"
    return answer


@blueprint.post("/suppression/import")
def import_suppressed() -> ResponseReturnValue:
    """Add every address of a file."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _show(file_refusal=_("Choose a file first."))
    try:
        home = current_app.config["FEEDBACK_SETTINGS"].home
        kept = uploads.take(home, sent.stream, name=sent.filename, by=current_email())
        try:
            source = open_list(kept.path, name=kept.name)
            found = read_addresses(source, today=utc_today())
        finally:
            kept.remove()
    except Unable as refusal:
        return _show(file_refusal=say_refusal(refusal))
    added = actions.import_suppressed(session(), found.rows.values(), by=current_email())
    _tell(found, added)
    return redirect(url_for("customers.suppression"))


def _tell(found: Addresses, added: int) -> None:
    there = len(found.rows) - added
    flash(
        _("%(added)s addresses added, %(there)s were there already.", added=added, there=there),
        "success",
    )
    if not found.rejected:
        return
    lines = "; ".join(
        _("line %(line)s: %(fault)s", line=line, fault=say_fault(fault))
        for line, fault in found.faulty[:MOST_SHOWN]
    )
    more = " …" if found.rejected > MOST_SHOWN else ""
    words = ngettext("%(num)s line was left out:", "%(num)s lines were left out:", found.rejected)
    flash(f"{words} {lines}{more}", "warning")


def _show(*, refusal: str = "", typed: str = "", file_refusal: str = "") -> ResponseReturnValue:
    search = request.args.get("search", "").strip()[:100]
    page = queries.list_suppressed(
        session(),
        search=search,
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )
    here: dict[str, Any] = {"search": search} if search else {}
    earlier = url_for("customers.suppression", before=page.rows[0].key, **here) if page.rows else ""
    later = url_for("customers.suppression", after=page.rows[-1].key, **here) if page.rows else ""
    shown = render_template(
        "customers/suppression.html",
        page=page,
        counts=queries.count_suppressed(session()),
        search=search,
        earlier=earlier if page.has_earlier else None,
        later=later if page.has_later else None,
        reason_names=REASON_NAMES,
        refusal=refusal,
        file_refusal=file_refusal,
        typed=typed,
    )
    return shown, UNPROCESSABLE if refusal or file_refusal else 200
