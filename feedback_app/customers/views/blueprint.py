"""The blueprint of this room's pages, which take larger files than other pages."""

from __future__ import annotations

from flask import Blueprint, request

from feedback_app.customers.uploads import LARGEST_FILE
from feedback_app.foundation.rules import Permission
from feedback_app.staff import security

blueprint = Blueprint("customers", __name__, url_prefix="/staff/customers")

TAKING_FILES = frozenset({"customers.upload", "customers.import_suppressed"})
FORM_AROUND = 1 << 20  # bytes of a form beside its file


@blueprint.url_value_preprocessor
def _take_larger_files(_endpoint: str | None, _values: object) -> None:
    """Raise the limit before the form is read, for whoever may send a list at all."""
    if request.endpoint not in TAKING_FILES or request.method != "POST":
        return
    if Permission.MANAGE_CUSTOMERS in (security.granted() or ()):
        request.max_content_length = LARGEST_FILE + FORM_AROUND
