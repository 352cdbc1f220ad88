"""What this room's codes are called in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from feedback_app.customers.rules import (
    FAULT_SENTENCES,
    Field,
    FieldFault,
    Reason,
)
from feedback_app.foundation.refusals import say
from feedback_app.foundation.rules import Unable

FIELD_NAMES: dict[str, Any] = {
    Field.REFERENCE: _l("Reference"),
    Field.NAME: _l("Name"),
    Field.EMAIL: _l("E-mail"),
    Field.PHONE: _l("Phone"),
    Field.LANGUAGE: _l("Language"),
    Field.STATUS: _l("Status"),
    Field.DEPARTED_ON: _l("Departed on"),
    Field.ACCOUNT_MANAGER: _l("Account manager"),
    Field.PLAN: _l("Plan"),
    Field.REGION: _l("Region"),
    Field.VALUE_CLASS: _l("Value class"),
    Field.MONTHLY_REVENUE: _l("Monthly revenue"),
}
REASON_NAMES: dict[str, Any] = {
    Reason.UNSUBSCRIBED: _l("unsubscribed"),
    Reason.BOUNCED: _l("mail came back"),
    Reason.BY_HAND: _l("added by hand"),
}
LANGUAGE_NAMES: dict[str, str] = {
    "en": "English",
    "ru": "Русский",
    "uk": "Українська",
    "pl": "Polski",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
}


def say_fault(found: FieldFault) -> str:
    """What is wrong, with the field's name where it is one of ours."""
    sentence = str(_(FAULT_SENTENCES[found.fault], **found.facts))
    if not found.field:
        return sentence
    return f"{FIELD_NAMES.get(found.field, found.field)}: {sentence}"


def say_refusal(refusal: Unable) -> str:
    """A refusal in the reader's language, with our fields by the names that pages give them."""
    name = FIELD_NAMES.get(str(refusal.facts.get("field", "")))
    if name is not None:
        refusal.facts["field"] = str(name)
    return say(refusal)
