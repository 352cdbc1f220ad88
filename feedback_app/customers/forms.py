"""Forms of the customers' pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field as FormField
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, StopValidation

from feedback_app.customers.rules import (
    FAULT_SENTENCES,
    LONGEST,
    Field,
    RecipientFilter,
    Status,
    UnableToMapColumns,
    UnableToReadValue,
    fit,
    format_cents,
    read_address,
    read_cents,
    read_day,
    read_language,
    read_phone,
)
from feedback_app.customers.rules.mapping import ColumnMap
from feedback_app.foundation.rules import N_

#: What a column's menu offers beside our fields.
LEAVE_OUT, KEEP, EMAIL_AS_REFERENCE = "", "keep", "email-as-reference"
DATE_FORMS = ("", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d")


class Reads:
    """A validator: the text is what one of the rules reads; the value is kept in `form.read`."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __call__(self, form: CustomerForm, field: FormField) -> None:
        """Say what is wrong with the value."""
        try:
            form.read[field.name] = self._read(field.data or "")
        except UnableToReadValue as error:
            sentence = str(_(FAULT_SENTENCES[error.fault], **error.facts))
            raise StopValidation(sentence) from error


def _text(label: Any, name: str, read: Callable[[str], Any] | None = None) -> StringField:
    most = LONGEST.get(name, 40)
    return StringField(
        label, validators=[Length(max=most), Reads(read or (lambda text: fit(text, name)))]
    )


class CustomerForm(FlaskForm):
    """What is known of a customer, to be corrected by hand."""

    name = _text(_l("Name"), "name")
    email = _text(_l("E-mail"), "email", read_address)
    phone = _text(_l("Phone"), "phone", read_phone)
    language = StringField(_l("Language"), validators=[Length(max=40), Reads(read_language)])
    status = RadioField(
        _l("Status"),
        choices=[
            SelectChoice(value=Status.CURRENT.value, label=_l("Current customer")),
            SelectChoice(value=Status.DEPARTED.value, label=_l("Departed")),
        ],
    )
    departed_on = StringField(_l("Departed on"), validators=[Reads(read_day)])
    account_manager = _text(_l("Account manager"), "account_manager")
    plan = _text(_l("Plan"), "plan")
    region = _text(_l("Region"), "region")
    value_class = _text(_l("Value class"), "value_class")
    monthly_revenue_cents = _text(_l("Monthly revenue"), "monthly_revenue", read_cents)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read: dict[str, Any] = {}

    def values(self) -> dict[str, Any]:
        """Columns and what they become; after validation."""
        return {**self.read, "status": str(self.status.data)}

    @classmethod
    def showing(cls, card: Any) -> CustomerForm:
        """The form with what is stored now."""
        names = ("name", "email", "phone", "language", "account_manager", "plan", "region")
        return cls(
            **{name: getattr(card, name) for name in (*names, "value_class")},
            status=card.status.value,
            departed_on=card.departed_on.isoformat() if card.departed_on else "",
            monthly_revenue_cents=format_cents(card.monthly_revenue_cents),
        )


def read_column_map(sent: Mapping[str, str], header: tuple[str, ...]) -> ColumnMap:
    """The map that the mapping page sent; column-0 is the first column's menu.

    Raises UnableToMapColumns.
    """
    columns: dict[Field, str] = {}
    kept: list[str] = []
    for place, name in enumerate(header):
        choice = sent.get(f"column-{place}", LEAVE_OUT)
        if not name or choice == LEAVE_OUT:
            continue
        if choice == KEEP:
            kept.append(name)
        elif choice == EMAIL_AS_REFERENCE:
            _claim(columns, Field.EMAIL, name)
            _claim(columns, Field.REFERENCE, name)
        elif choice in tuple(Field):
            _claim(columns, Field(choice), name)
    everybody = sent.get("everybody", "")
    form = sent.get("date_format", "")
    made = ColumnMap(
        columns,
        tuple(kept),
        Status(everybody) if everybody in tuple(Status) else None,
        form if form in DATE_FORMS else "",
    )
    made.check(header)
    return made


def _claim(columns: dict[Field, str], field: Field, name: str) -> None:
    if field in columns:
        raise UnableToMapColumns(_TWICE, first=columns[field], second=name, field=field)
    columns[field] = name


_TWICE = N_("“%(first)s” and “%(second)s” can not both be the %(field)s: choose one of them.")


def choices_of(column_map: ColumnMap, header: tuple[str, ...]) -> list[str]:
    """What each column's menu shows for a map."""
    by_column: dict[str, str] = dict.fromkeys(column_map.attributes, KEEP)
    for field, name in column_map.columns.items():
        is_both = {by_column.get(name), str(field)} == {Field.EMAIL, Field.REFERENCE}
        by_column[name] = EMAIL_AS_REFERENCE if is_both else str(field)
    return [by_column.get(name, LEAVE_OUT) for name in header]


def read_filter(asked: Mapping[str, str]) -> RecipientFilter:
    """The list's filter as its address says; what is no filter is left out."""
    status = asked.get("status", "")

    def one(name: str) -> tuple[str, ...]:
        return (asked[name],) if asked.get(name) else ()

    return RecipientFilter(
        status=Status(status) if status in tuple(Status) else None,
        languages=one("language"),
        plans=one("plan"),
        regions=one("region"),
        account_managers=one("account_manager"),
    )
