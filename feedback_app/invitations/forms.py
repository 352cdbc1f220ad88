"""Forms of the wave pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from feedback_app.customers.rules import RecipientFilter, Status
from feedback_app.invitations.rules import (
    LARGEST_MOST_REMINDERS,
    LARGEST_NUMBER_OF_DAYS,
    MERGE_FIELDS,
    MOST_AT_ONCE,
    USUAL_MOST_REMINDERS,
    USUAL_THROTTLE_DAYS,
    MailText,
    WaveKind,
)
from feedback_app.invitations.rules.texts import (
    IN_SUBJECTS,
    LONGEST_BODY,
    LONGEST_SUBJECT,
)
from feedback_app.invitations.rules.waves import LONGEST_NAME

USUAL_REMINDER_DAYS = 7
USUAL_TIME = time(9, 0)
SMALLEST_SPLIT = 1
_MERGE_FIELD = re.compile(r"\{([^{}]*)\}")


class WaveForm(FlaskForm):
    """The first step: which survey, under which name, sent how."""

    survey = SelectField(_l("Survey"), validators=[InputRequired()])
    name = StringField(_l("Name that staff see"), [InputRequired(), Length(max=LONGEST_NAME)])
    kind = RadioField(
        _l("How is it sent?"),
        choices=[
            SelectChoice(value=WaveKind.ONCE.value, label=_l("Once, to a list you choose now")),
            SelectChoice(
                value=WaveKind.ALWAYS.value, label=_l("Always on, to everybody who leaves")
            ),
            SelectChoice(value=WaveKind.SPLIT.value, label=_l("Split mailing: you send the links")),
        ],
        default=WaveKind.ONCE.value,
    )


class SplitForm(FlaskForm):
    """Anonymous one-time links for the company's own mailing system."""

    survey = SelectField(_l("Survey"), validators=[InputRequired()])
    name = StringField(_l("Name that staff see"), [InputRequired(), Length(max=LONGEST_NAME)])
    count = IntegerField(
        _l("How many links"), [InputRequired(), NumberRange(SMALLEST_SPLIT, MOST_AT_ONCE)]
    )
    expires_on = DateField(_l("Links work until"), [Optional()])


def _days(label: Any, *, smallest: int, default: int) -> IntegerField:
    return IntegerField(
        label, [InputRequired(), NumberRange(smallest, LARGEST_NUMBER_OF_DAYS)], default=default
    )


class RhythmForm(FlaskForm):
    """When a wave starts and how often people are written to. Moments are in UTC."""

    start = RadioField(
        _l("When does it start?"),
        choices=[
            SelectChoice(value="now", label=_l("As soon as it is confirmed")),
            SelectChoice(value="at", label=_l("At this moment")),
        ],
        default="now",
    )
    on_day = DateField(_l("Day"), [Optional()])
    at_time = TimeField(_l("Time, UTC"), [Optional()], default=USUAL_TIME)
    invite_after_days = _days(_l("Days between leaving and the invitation"), smallest=0, default=3)
    is_reminding = BooleanField(_l("Remind those who have not answered"))
    reminder_after_days = _days(
        _l("Days between two mails"), smallest=1, default=USUAL_REMINDER_DAYS
    )
    most_reminders = IntegerField(
        _l("Reminders at most"),
        [InputRequired(), NumberRange(1, LARGEST_MOST_REMINDERS)],
        default=USUAL_MOST_REMINDERS,
    )
    throttle_days = _days(
        _l("Days between two surveys to one person"), smallest=0, default=USUAL_THROTTLE_DAYS
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A start at a moment needs its day; numbers of reminders count where there are any."""
        if self.start.data == "at":
            self.on_day.validators = [InputRequired(_("Choose the day."))]
        if not self.is_reminding.data:
            for item in (self.reminder_after_days, self.most_reminders):
                item.validators = [Optional()]
        return bool(super().validate(extra_validators))

    @property
    def starts_at(self) -> datetime | None:
        """The moment that was chosen, None for "as soon as it is confirmed"."""
        if self.start.data != "at" or self.on_day.data is None:
            return None
        return datetime.combine(self.on_day.data, self.at_time.data or time(0), tzinfo=UTC)


@dataclass
class Typed:
    """What was typed into a step, as far as it can be read, and what is wrong: field -> words."""

    faults: dict[str, str] = field(default_factory=dict)


@dataclass
class TypedRecipients(Typed):
    """A choice of recipients; faulty days keep their text in `days`."""

    wanted: RecipientFilter = field(default_factory=RecipientFilter)
    days: dict[str, str] = field(default_factory=dict)


def show_recipients(wanted: RecipientFilter) -> TypedRecipients:
    """The form with what is stored."""
    days = {
        name: day.isoformat() if (day := getattr(wanted, name)) is not None else ""
        for name in ("departed_from", "departed_to")
    }
    return TypedRecipients(wanted=wanted, days=days)


def read_recipients(
    sent: MultiDict[str, str], kind: WaveKind, kept: RecipientFilter
) -> TypedRecipients:
    """The choice that was sent; further columns of `kept` are not on the page and stay."""
    typed = TypedRecipients()
    found: dict[str, date | None] = {}
    status = "departed" if kind is WaveKind.ALWAYS else sent.get("status", "")
    for name in ("departed_from", "departed_to"):
        text = sent.get(name, "").strip()[:20] if status != Status.CURRENT else ""
        typed.days[name] = text
        try:
            found[name] = date.fromisoformat(text) if text else None
        except ValueError:
            typed.faults[name] = _("This is no day: write it as 2026-12-31.")
    first, last = found.get("departed_from"), found.get("departed_to")
    if first is not None and last is not None and first > last:
        typed.faults["departed_to"] = _("The last day is before the first.")
    typed.wanted = replace(
        kept,
        status=Status(status) if status in tuple(Status) else None,
        departed_from=first,
        departed_to=last,
        languages=tuple(sent.getlist("languages")),
        plans=tuple(sent.getlist("plans")),
        regions=tuple(sent.getlist("regions")),
        value_classes=tuple(sent.getlist("value_classes")),
        account_managers=tuple(sent.getlist("account_managers")),
    )
    return typed


@dataclass
class TypedTexts(Typed):
    """Texts by language; `faults` by the name of the field, such as "en-subject"."""

    texts: dict[str, MailText] = field(default_factory=dict)


def read_texts(sent: MultiDict[str, str], languages: Iterable[str]) -> TypedTexts:
    """What was typed in every language, with its faults."""
    typed = TypedTexts()
    for language in languages:
        given = {
            name: sent.get(f"{language}-{name}", "").replace("\r\n", "\n").strip()
            for name in MailText.__slots__
        }
        typed.texts[language] = MailText(**given)
        for name, text in given.items():
            fault = _find_text_fault(name, text)
            if fault:
                typed.faults[f"{language}-{name}"] = fault
    return typed


def _find_text_fault(name: str, text: str) -> str:
    """What is wrong with the text of a field, "" when nothing is."""
    is_subject = name.endswith("subject")
    if not text:
        return "" if name.startswith("reminder") else str(_("Write something here."))
    most = LONGEST_SUBJECT if is_subject else LONGEST_BODY
    if len(text) > most:
        return str(_("At most %(most)s characters; this has %(have)s.", most=most, have=len(text)))
    known = IN_SUBJECTS if is_subject else MERGE_FIELDS
    unknown = next((each for each in _MERGE_FIELD.findall(text) if each not in known), None)
    if unknown is not None:
        allowed = ", ".join(f"{{{each}}}" for each in known)
        words = _("There is no field {%(field)s} here. Use %(allowed)s.")
        return str(words) % {"field": unknown, "allowed": allowed}
    if not is_subject and "{link}" not in text:
        return str(_("{link} is missing: the way to the survey."))
    return ""
