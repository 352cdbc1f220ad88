"""Pages of live sessions: participants', the facilitator's, and what comes of them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from feedback_app.brainstorms import queries
from feedback_app.brainstorms.views import facilitating, joining, results, taking_part
from feedback_app.brainstorms.views.blueprint import blueprint, desk
from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.rules import Permission

__all__ = [
    "blueprint",
    "desk",
    "facilitating",
    "joining",
    "list_next_steps",
    "results",
    "taking_part",
]


def list_next_steps(session: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of sessions: hold one, go on with one, accept what one proposes."""
    steps = []
    if Permission.RUN_BRAINSTORMS in permissions:
        rows = [row for row in queries.list_brainstorms(session) if not row.is_demo]
        running = [row for row in rows if not row.is_over]
        steps += [
            NextStep(
                text=_("Go on with “%(title)s”", title=row.title),
                detail=_("The session is open: people can join by its code."),
                action=_("Open the desk"),
                url=url_for("desk.show", code=row.code),
                priority=15,
            )
            for row in running[:2]
        ]
        if not rows:
            steps.append(
                NextStep(
                    text=_("Hold a session with your colleagues"),
                    detail=_("Collect together, in silence and without names, why customers go."),
                    action=_("Plan a session"),
                    url=url_for("desk.new"),
                    priority=45,
                )
            )
    if Permission.EDIT_CAUSES in permissions and (found := results.list_proposals(session)):
        steps.append(
            NextStep(
                text=ngettext(
                    "A session proposes %(num)s new cause",
                    "Sessions propose %(num)s new causes",
                    len(found),
                ),
                detail=_("You decide whether it joins the catalogue."),
                action=_("Look at the proposals"),
                url=url_for("desk.proposals"),
                priority=35,
            )
        )
    return steps
