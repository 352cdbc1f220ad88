"""What waves, their states and their choices are called in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from feedback_app.customers.rules import ATTRIBUTE, RecipientFilter, Status
from feedback_app.customers.views.wording import LANGUAGE_NAMES
from feedback_app.invitations.rules import WaveKind, WaveState

STATE_NAMES: dict[str, Any] = {
    WaveState.DRAFT: _l("Draft"),
    WaveState.SCHEDULED: _l("Scheduled"),
    WaveState.PREPARING: _l("Preparing"),
    WaveState.SENDING: _l("Sending"),
    WaveState.PAUSED: _l("Paused"),
    WaveState.CANCELLED: _l("Cancelled"),
    WaveState.FINISHED: _l("Finished"),
}
STATE_STYLES: dict[str, str] = {
    WaveState.DRAFT: "",
    WaveState.SCHEDULED: "",
    WaveState.PREPARING: "is-good",
    WaveState.SENDING: "is-good",
    WaveState.PAUSED: "is-warning",
    WaveState.CANCELLED: "is-off",
    WaveState.FINISHED: "is-off",
}
KIND_NAMES: dict[str, Any] = {
    WaveKind.ONCE: _l("Sent once"),
    WaveKind.ALWAYS: _l("Always on"),
    WaveKind.SPLIT: _l("Split mailing"),
}
SEGMENT_LABELS: dict[str, Any] = {
    "plan": _l("Plan"),
    "region": _l("Region"),
    "value_class": _l("Value class"),
    "language": _l("Language"),
    "account_manager": _l("Account manager"),
}
#: RecipientFilter's lists -> what they are called.
LIST_LABELS: dict[str, Any] = {
    "languages": _l("Language"),
    "plans": _l("Plan"),
    "regions": _l("Region"),
    "value_classes": _l("Value class"),
    "account_managers": _l("Account manager"),
}


def name_segment(name: str) -> str:
    """A segment's name; a further column is called as in the list it came from."""
    if name.startswith(ATTRIBUTE):
        return name.removeprefix(ATTRIBUTE)
    return str(SEGMENT_LABELS.get(name, name))


def name_value(kind: str, value: str) -> str:
    """A value of a property; languages by name, "" in words."""
    if not value:
        return str(_("not known"))
    return LANGUAGE_NAMES.get(value, value) if kind in ("languages", "language") else value


def describe_filter(wanted: RecipientFilter) -> list[tuple[str, str]]:
    """What a choice of recipients asks for: (property, values), empty for everybody."""
    found: list[tuple[str, str]] = []
    if wanted.status is not None:
        is_departed = wanted.status is Status.DEPARTED
        words = _("departed customers") if is_departed else _("current customers")
        found.append((_("Status"), words))
    if wanted.departed_from is not None:
        found.append((_("Departed from"), format_date(wanted.departed_from)))
    if wanted.departed_to is not None:
        found.append((_("Departed until"), format_date(wanted.departed_to)))
    for name, label in LIST_LABELS.items():
        values = getattr(wanted, name)
        if values:
            found.append((str(label), ", ".join(name_value(name, value) for value in values)))
    found += [
        (name, ", ".join(name_value("", value) for value in values))
        for name, values in wanted.attributes
    ]
    return found
