"""Shares and intervals in the reader's number format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

#: Shares under this many percent are told with one decimal, as in the charts.
WHOLE_PERCENT_FROM = 10


def share_words(share: float | None) -> str:
    """A share in percent; "withheld" where it is not told."""
    if share is None:
        return str(_("withheld"))
    percent = share * 100
    digits = "#,##0.0" if 0 < round(percent, 1) < WHOLE_PERCENT_FROM else "#,##0"
    return percent_words(format_decimal(percent, digits))


def interval_words(row: Mapping[str, Any]) -> str:
    """A 95 % interval of a share."""
    if row["low"] is None:
        return ""
    low, high = (format_decimal(row[end] * 100, "#,##0.0") for end in ("low", "high"))
    return percent_words(f"{low}–{high}")


def percent_words(number: str) -> str:
    """The number with the locale's percent sign."""
    locale = get_locale()
    pattern = locale.percent_formats[None].pattern if locale else "#,##0%"
    return number + pattern.lstrip("#,0.")
