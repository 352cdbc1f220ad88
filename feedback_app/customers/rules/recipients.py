"""Choosing customers to write to: a filter that can be stored, and what may travel with answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from feedback_app.customers.rules.customer import Status
from feedback_app.foundation.rules import Unable

#: Fields whose values may travel with an answer as segments.
SEGMENT_NAMES = ("plan", "region", "value_class", "language", "account_manager")
ATTRIBUTE = "attribute:"  # before the name of an extra column
LONGEST_SEGMENT = 60  # characters; as many as an answer keeps

_LISTS = ("languages", "plans", "regions", "value_classes", "account_managers")
_DAYS = ("departed_from", "departed_to")


class UnableToReadFilter(Unable):
    """A stored choice of recipients is not one."""


@dataclass(frozen=True)
class RecipientFilter:
    """Which customers are meant; empty lists and None leave a property open.

    Both days are included and mean departed customers alone. "" in a list means customers
    of whom the property is not known. `attributes`: extra column -> values.
    """

    status: Status | None = None
    departed_from: date | None = None
    departed_to: date | None = None
    languages: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    value_classes: tuple[str, ...] = ()
    account_managers: tuple[str, ...] = ()
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A document for a JSON column: only what narrows."""
        document: dict[str, Any] = {name: list(getattr(self, name)) for name in _LISTS}
        document |= {
            name: day.isoformat() for name in _DAYS if (day := getattr(self, name)) is not None
        }
        document["status"] = str(self.status or "")
        document["attributes"] = {name: list(values) for name, values in self.attributes}
        return {name: value for name, value in document.items() if value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> RecipientFilter:
        """What `to_json` gave. Raises UnableToReadFilter."""
        unknown = set(document) - {each.name for each in fields(cls)}
        if unknown:
            raise UnableToReadFilter(f"Customers can not be chosen by {', '.join(sorted(unknown))}")
        try:
            status = document.get("status")
            given: dict[str, Any] = {name: _texts(document.get(name, [])) for name in _LISTS}
            for name in _DAYS:
                if name in document:
                    given[name] = date.fromisoformat(document[name])
            return cls(
                **given,
                status=Status(status) if status else None,
                attributes=tuple(
                    (str(name), _texts(values))
                    for name, values in dict(document.get("attributes", {})).items()
                ),
            )
        except (TypeError, ValueError) as error:
            raise UnableToReadFilter(f"The choice of customers is unreadable: {error}.") from error


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, (list, tuple)) or not all(isinstance(it, str) for it in values):
        raise ValueError(f"{values!r} is no list of words")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A wave that a customer was invited to and its mails: (kind, day sent), the first first.

    `url` leads to the wave's page. Nothing here tells whether an answer came.
    """

    wave: str
    url: str | None
    mails: tuple[tuple[str, date], ...]
