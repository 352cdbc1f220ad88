"""Numbers of reports in the reader's language; what is withheld is worded, never left empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from feedback_app.reporting.views.filters import period_words
from feedback_app.reporting.views.numbers import interval_words, share_words

Row = Mapping[str, Any]


class NumberWords:
    """Counts, shares, intervals and periods in words."""

    def withheld(self) -> str:
        """What stands in the place of a number that is not told."""
        return str(_("withheld"))

    def share(self, share: float | None) -> str:
        """A share in percent."""
        return share_words(share)

    def interval(self, row: Row) -> str:
        """A 95 % interval of a share."""
        return interval_words(row)

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
