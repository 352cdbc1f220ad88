"""What a session of staff may show of a report: ranks and shares, as the whole report tells them.

Rooms above this one may not import it: create_app hands them `tell_causes`.
"""

from __future__ import annotations

from typing import Any

from feedback_app.reporting.rules.selection import Selection
from feedback_app.reporting.shelf import Shelf


def tell_causes(shelf: Shelf, slug: str) -> dict[str, Any] | None:
    """What departed customers of a survey said, from opened batches alone.

    Only what the survey's whole report tells; None where it tells nothing. `sides` is empty
    where a side is withheld.
    """
    report = shelf.find(slug, Selection())
    if report is None or report.document is None or report.document["withheld"]:
        return None
    document = report.document
    told = [row for row in document["causes"] if row["respondents"]]
    sides = {row["side"]: row["respondents"] for row in document["sides"]}
    return {
        "survey": report.survey.name,
        "is_demo": report.survey.is_demo,
        "respondents": document["respondents"],
        "smallest": document["min_group"],
        "causes": [
            {"code": row["code"], "rank": row["rank"], "share": row["share"]} for row in told
        ],
        "sides": {} if None in sides.values() else sides,
    }
