"""A report's numbers and codes in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from feedback_app.causes.rules import Side
from feedback_app.reporting.rules.selection import OTHERS
from feedback_app.reporting.shelf import OpenedReport
from feedback_app.reporting.views.filters import dimension_words, period_words, value_words
from feedback_app.reporting.views.number_words import NumberWords
from feedback_app.reporting.views.numbers import percent_words
from feedback_app.surveys.rules.choices import MultipleQuestion
from feedback_app.surveys.rules.question import say

CHARTS = ("sides", "pareto", "trend-sides", "trend-causes", "returns")
OFFERS_QUESTION = "attraction"
SIDES = frozenset(Side)


class Wording(NumberWords):
    """Words for everything a report shows. Withheld numbers are worded, never left empty."""

    def __init__(self, report: OpenedReport, language: str) -> None:
        self._report = report
        self._language = language
        self._offers = self._read_offers()

    def _read_offers(self) -> dict[str, str]:
        questions = self._report.questions.questions if self._report.questions else ()
        return {
            option.code: say(option.text, self._language)
            for question in questions
            if isinstance(question, MultipleQuestion) and question.code == OFFERS_QUESTION
            for option in question.options
        }

    def label(self, code: str) -> str:
        """A cause's label, a side's short name, an offer's words."""
        if code in SIDES:
            return self._report.catalogue.side_short(Side(code), self._language)
        return self._offers.get(code) or self._report.catalogue.label(code, self._language)

    def side_name(self, side: str) -> str:
        """A side's whole name."""
        return self._report.catalogue.side_name(Side(side), self._language)

    def explanation(self, code: str) -> str:
        """What belongs to a cause."""
        return self._report.catalogue.explanation(code, self._language)

    def competitor(self, name: str) -> str:
        """A competitor's name."""
        return name or str(_("not named"))

    def question(self, code: str) -> str:
        """The question that a text answers."""
        if self._report.questions is not None:
            for question in self._report.questions.questions:
                if question.code == code:
                    return say(question.text, self._language)
        return ""

    def channel(self, value: str) -> str:
        """What a channel is called."""
        return value_words("channel", value)

    def chosen(self) -> list[tuple[str, str]]:
        """The filters as pairs of words, as they were counted."""
        report = self._report
        counted = (report.document or {}).get("selection") or report.selection.parameters()
        found = []
        if counted.get("side"):
            found.append((_("Side"), self.label(counted["side"])))
        since, until = counted.get("from", ""), counted.get("to", "")
        if since or until:
            first = since or report.periods[0][0]
            last = until or report.periods[-1][1]
            found.append((_("Period"), period_words(first, last)))
        for name, value in report.selection.values:
            label = dimension_words(name, report.survey.segment_names)
            found.append((label, value_words(name, value)))
        return found

    def widened(self) -> str:
        """The period counted in words, where it is longer than the one asked for."""
        asked = self._report.selection
        counted = (self._report.document or {}).get("selection", {})
        begins, ends = counted.get("from", ""), counted.get("to", "")
        is_longer = (asked.since[:7] > begins[:7]) or bool(
            asked.until and ends[:7] > asked.until[:7]
        )
        return period_words(begins, ends) if begins and ends and is_longer else ""

    def together(self) -> list[str]:
        """Which values are told together, one sentence per filter."""
        found = (self._report.document or {}).get("together", {})
        return [
            _(
                "%(name)s: %(values)s are put together, each is too rare to stand alone.",
                name=dimension_words(name, self._report.survey.segment_names),
                values=", ".join(value_words(name, value) for value in values),
            )
            for name, values in found.items()
        ]

    def refusal(self) -> str:
        """Why the filters can not be answered, and what to do."""
        reason, smallest = self._report.refused, self._report.survey.k
        if reason == "period":
            words = _("No answers were opened in this period.")
        elif reason == "together":
            words = _(
                "So narrowed, groups of fewer than %(number)s answers could be computed. "
                "Use fewer filters.",
                number=smallest,
            )
        else:
            words = _(
                "%(name)s: too few answers have this value. Choose “%(others)s”.",
                name=dimension_words(reason, self._report.survey.segment_names),
                others=value_words(reason, OTHERS),
            )
        return str(words)

    def of_chart(self, name: str) -> dict[str, Any]:
        """Every word of a chart (see reports.chart_canvas.ChartWords)."""
        codes = (*sorted(SIDES), *self._report.catalogue.codes())
        return {
            "title": self.chart_title(name),
            "description": self.chart_description(name),
            "labels": {code: self.label(code) for code in codes},
            "axis": _("How likely to come back, 0 to 10") if name == "returns" else "",
            "played": _("played a part"),
            "decided": _("decided it"),
            "cumulative": _("decided it, summed"),
            "withheld": _("withheld"),
            "percent": percent_words("{}"),
            "decimal_mark": format_decimal(0.5, "0.0")[1:2],
        }

    def chart_title(self, name: str) -> str:
        """A chart's heading."""
        titles: dict[str, str] = {
            "sides": _("The three sides"),
            "pareto": _("The causes named most"),
            "trend-sides": _("The sides over time"),
            "trend-causes": _("The causes over time"),
            "returns": _("Willingness to return"),
        }
        return titles[name]

    def chart_description(self, name: str) -> str:
        """What a chart shows, for whoever can not see it; the numbers stand in a table."""
        rows = (self._report.document or {}).get("causes", ())
        first = self.label(rows[0]["code"]) if rows else ""
        descriptions: dict[str, str] = {
            "sides": _(
                "Bars: the share of respondents who named each side, and for whom it "
                "decided. All numbers are in the table."
            ),
            "pareto": _(
                "Bars in falling order: the share of respondents for whom each cause "
                "played a part; “%(cause)s” comes first. Beside them the shares that "
                "the causes decided, summed. All numbers are in the table.",
                cause=first,
            ),
            "trend-sides": _(
                "Lines: the share of respondents who named each side, month by "
                "month. All numbers are in the table."
            ),
            "trend-causes": _(
                "Lines: the share of respondents who named each of the first "
                "causes, month by month. All numbers are in the table."
            ),
            "returns": _(
                "Per cause: the mean willingness to return from 0 to 10, its interval "
                "and the spread of answers. All numbers are in the table."
            ),
        }
        return descriptions[name]
