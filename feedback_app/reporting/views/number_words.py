"""Numbers of reports in the reader's language; what is withheld is worded, never left empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _

from feedback_app.reporting.views.filters import period_words

#: Shares under this many percent are told with one decimal, as in the charts.
WHOLE_PERCENT_FROM = 10

Row = Mapping[str, Any]


class NumberWords:
    """Counts, shares, intervals and periods in words."""

    def withheld(self) -> str:
        """What stands in the place of a number that is not told."""
        return str(_("withheld"))

    def share(self, share: float | None) -> str:
        """A share in percent."""
        if share is None:
            return self.withheld()
        percent = share * 100
        digits = "#,##0.0" if 0 < round(percent, 1) < WHOLE_PERCENT_FROM else "#,##0"
        return self.percent(format_decimal(percent, digits))

    def interval(self, row: Row) -> str:
        """A 95 % interval of a share."""
        if row["low"] is None:
            return ""
        low, high = (format_decimal(row[end] * 100, "#,##0.0") for end in ("low", "high"))
        return self.percent(f"{low}–{high}")

    def number(self, count: int | None) -> str:
        """A count."""
        return self.withheld() if count is None else str(format_decimal(count))

    def points(self, mean: float | None) -> str:
        """A mean on the scale from 0 to 10."""
        return self.withheld() if mean is None else str(format_decimal(mean, "0.0"))

    def period(self, since: str, until: str) -> str:
        """A stretch of months."""
        return period_words(since, until)

    def respondents(self, count: int) -> str:
        """So many respondents."""
        words = ngettext(
            "%(shown)s respondent", "%(shown)s respondents", count, shown=self.number(count)
        )
        return str(words)

    def percent(self, number: str) -> str:
        """The number with the locale's percent sign."""
        locale = get_locale()
        pattern = locale.percent_formats[None].pattern if locale else "#,##0%"
        return number + pattern.lstrip("#,0.")
