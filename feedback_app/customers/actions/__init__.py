"""Writes of customers, of their lists and of addresses that nothing is sent to."""

from __future__ import annotations

from feedback_app.customers.actions.lists import (
    Tally,
    record_import,
    remember_mapping,
    store,
    weigh,
)
from feedback_app.customers.actions.people import correct, erase, note_invited
from feedback_app.customers.actions.suppression import (
    UnableToSuppress,
    import_suppressed,
    suppress,
    unsuppress,
)

__all__ = [
    "Tally",
    "UnableToSuppress",
    "correct",
    "erase",
    "import_suppressed",
    "note_invited",
    "record_import",
    "remember_mapping",
    "store",
    "suppress",
    "unsuppress",
    "weigh",
]
