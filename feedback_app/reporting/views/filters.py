"""The form above a report: what it is narrowed to, and what it could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from feedback_app.answers.rules import FLAGGED
from feedback_app.causes.rules import Side
from feedback_app.foundation.i18n import LANGUAGES, current_language
from feedback_app.reporting.rules.selection import DIMENSIONS, OTHERS, UNKNOWN
from feedback_app.reporting.shelf import OpenedReport


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One select box: its name in the address, its label, what is chosen, what can be."""

    name: str
    label: str
    chosen: str
    choices: tuple[Choice, ...]


def filter_form(report: OpenedReport) -> list[Filter]:
    """The filters that make sense for this survey; only those with something to choose."""
    selection = report.selection
    sides = tuple(
        Choice(side.value, report.catalogue.side_short(side, current_language())) for side in Side
    )
    found = [Filter("side", _("Side"), selection.side, sides)]
    if len(report.periods) > 1:
        firsts = tuple(Choice(first, month_words(first)) for first, _last in report.periods)
        lasts = tuple(Choice(last, month_words(last)) for _first, last in report.periods)
        found.append(_of_months("from", _("From"), selection.since[:7], firsts))
        found.append(_of_months("to", _("To"), selection.until[:7], lasts))
    for name in DIMENSIONS:
        values = report.choices.get(name, ())
        if not values and not selection.value(name):
            continue
        choices = tuple(Choice(value, value_words(name, value)) for value in values)
        label = dimension_words(name, report.survey.segment_names)
        chosen = selection.value(name)
        if chosen and chosen not in values:
            choices += (Choice(chosen, value_words(name, chosen)),)
        found.append(Filter(name, label, chosen, choices))
    return found


def _of_months(name: str, label: str, chosen: str, choices: tuple[Choice, ...]) -> Filter:
    """A month that is no end of a period can be asked for all the same; it is widened."""
    if chosen and chosen not in {choice.value for choice in choices}:
        choices = tuple(sorted((*choices, Choice(chosen, month_words(chosen))), key=_by_value))
    return Filter(name, label, chosen, choices)


def _by_value(choice: Choice) -> str:
    return choice.value


def dimension_words(name: str, segment_names: Sequence[str]) -> str:
    """What a dimension is called; segments have the survey's own names."""
    if name == "channel":
        return str(_("Channel"))
    if name == "language":
        return str(_("Language of the answer"))
    if name == "flag":
        return str(_("Flagged as suspicious"))
    place = int(name.removeprefix("segment_")) - 1
    if place < len(segment_names):
        return segment_names[place]
    return str(_("Segment %(number)s", number=place + 1))


def value_words(name: str, value: str) -> str:
    """What a value is called."""
    if name == "flag":
        return str(_("only flagged answers") if value == FLAGGED else _("without flagged answers"))
    if value in (UNKNOWN, ""):
        return str(_("not known"))
    if value == OTHERS:
        return str(_("all others together"))
    if name == "language":
        return LANGUAGES.get(value, value)
    channels: dict[str, str] = {
        "link": _("open link"),
        "invitation": _("invitation"),
        "kiosk": _("kiosk"),
        "phone": _("telephone"),
        "embed": _("company’s own site"),
        "import": _("import"),
    }
    return channels.get(value, value) if name == "channel" else value


def month_words(month: str) -> str:
    """A month "2024-03" in the reader's language."""
    return str(format_date(date.fromisoformat(f"{month[:7]}-01"), "LLL y"))


def period_words(since: str, until: str) -> str:
    """A stretch of months in words."""
    if since[:7] == until[:7]:
        return month_words(since)
    return f"{month_words(since)} – {month_words(until)}"
