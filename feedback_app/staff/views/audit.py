"""The audit log, for administrators."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from feedback_app.foundation import unit_of_work
from feedback_app.staff import queries
from feedback_app.staff.views.blueprint import blueprint


@blueprint.get("/staff/audit")
def audit() -> str:
    """Who did what and when, the newest first."""
    by, act = request.args.get("by", ""), request.args.get("act", "")
    session = unit_of_work.session()
    page = queries.list_audit(
        session,
        by=by,
        act=act,
        before=request.args.get("before", type=int),
        after=request.args.get("after", type=int),
    )
    people, acts = queries.list_audit_choices(session)
    kept: dict[str, Any] = {name: value for name, value in (("by", by), ("act", act)) if value}
    newer = older = None
    if page.rows and page.has_newer:
        newer = url_for("staff.audit", after=page.rows[0].id, **kept)
    if page.rows and page.has_older:
        older = url_for("staff.audit", before=page.rows[-1].id, **kept)
    return render_template(
        "staff/audit.html",
        page=page,
        people=people,
        acts=acts,
        by=by,
        act=act,
        newer=newer,
        older=older,
    )
