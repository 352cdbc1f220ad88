"""Words for reports on current customers and on staff polls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from feedback_app.causes.rules import Catalogue, Side
from feedback_app.reporting.score_shelf import OpenedScores
from feedback_app.reporting.views.filters import dimension_words, value_words
from feedback_app.reporting.views.number_words import NumberWords, Row
from feedback_app.reporting.views.numbers import percent_words
from feedback_app.surveys.queries import SurveyRow
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.choices import MultipleQuestion
from feedback_app.surveys.rules.question import say
from feedback_app.surveys.rules.scales import RatingQuestion

OFFERS_QUESTION = "offers_heard"
LEAVE = "leave_likelihood"
SIDES = frozenset(Side)
MINUS, PLUS = "\N{MINUS SIGN}", "+"


class ScoreWords(NumberWords):
    """Labels, scores and verdicts in the reader's language."""

    def __init__(
        self, questions: SurveyDefinition, catalogue: Catalogue, survey: SurveyRow, language: str
    ) -> None:
        self._questions = questions
        self._catalogue = catalogue
        self._survey = survey
        self._language = language
        self._rows, self._offers = self._read_options()

    def _read_options(self) -> tuple[dict[str, str], dict[str, str]]:
        rows: dict[str, str] = {}
        offers: dict[str, str] = {}
        for question in self._questions.questions:
            if isinstance(question, RatingQuestion):
                rows |= {
                    f"{question.code}.{row.code}": say(row.text, self._language)
                    for row in question.rows
                }
            elif isinstance(question, MultipleQuestion) and question.code == OFFERS_QUESTION:
                offers = {it.code: say(it.text, self._language) for it in question.options}
        return rows, offers

    def label(self, code: str) -> str:
        """A side's short name, a cause's label, a rating row's, an offer's or a field's words."""
        if code in SIDES:
            return self._catalogue.side_short(Side(code), self._language)
        plain = code.partition("@")[0]
        known = self._rows.get(plain) or self._offers.get(code)
        if known:
            return known
        if code in self._catalogue.codes():
            return self._catalogue.label(code, self._language)
        return self.question(plain) or code

    def side_name(self, side: str) -> str:
        """A side's whole name."""
        return self._catalogue.side_name(Side(side), self._language)

    @classmethod
    def of(cls, report: OpenedScores, language: str) -> ScoreWords:
        """Words for a report on current customers or on a staff poll."""
        return cls(report.questions, report.catalogue, report.survey, language)

    def competitor(self, name: str) -> str:
        """A competitor's name."""
        return name or str(_("not named"))

    def question(self, code: str) -> str:
        """The question as it was asked."""
        plain = code.partition("@")[0]
        for question in self._questions.questions:
            if question.code == plain:
                return say(question.text, self._language)
        return ""

    def title(self, measure: Row) -> str:
        """What a measure is called in a heading."""
        titles: dict[str, str] = {
            "nps": _("Recommendation (NPS)"),
            "csat": _("Satisfaction (CSAT)"),
            "ces": _("Effort (CES)"),
        }
        if measure["code"] == LEAVE:
            return str(_("Likelihood to leave"))
        return titles.get(measure["kind"]) or self.label(measure["code"])

    def meaning(self, measure: Row) -> str:
        """What its score counts."""
        if measure["kind"] == "nps":
            return str(
                _("Promoters (9 or 10) minus detractors (0 to 6), in points from −100 to +100.")
            )
        low, high = self.top(measure)
        return str(_("The share who answered %(low)s to %(high)s.", low=low, high=high))

    def top(self, measure: Row) -> tuple[int, int]:
        """The numbers that the score counts."""
        bands = {"csat": (4, 5), "ces": (5, 7)}
        points = measure["highest"] - measure["lowest"] + 1
        first = measure["highest"] - max(1, 2 * points // 5) + 1
        return bands.get(measure["kind"], (first, measure["highest"]))

    def score(self, row: Row, kind: str, name: str = "score") -> str:
        """An NPS in points with its sign, any other score in percent."""
        value = row[name]
        if value is None:
            return self.withheld()
        if kind == "nps":
            return self._signed(value)
        return self.whole_share(value) if row.get("rounded") else self.share(value)

    def score_interval(self, row: Row, kind: str) -> str:
        """The 95 % interval of a score."""
        if row["low"] is None:
            return ""
        if kind != "nps":
            is_rounded = row.get("rounded")
            return (
                self.whole_interval(row["low"], row["high"]) if is_rounded else self.interval(row)
            )
        return str(
            _("%(low)s to %(high)s", low=self._signed(row["low"]), high=self._signed(row["high"]))
        )

    def band(self, measure: Row, place: int) -> str:
        """What a band of an NPS, or of any other score, is called."""
        if measure["kind"] == "nps":
            names = (_("Detractors"), _("Passives"), _("Promoters"))
        elif measure["code"] == LEAVE:
            names = (_("Unlikely"), _("In between"), _("Likely"))
        elif measure["kind"] == "ces":
            names = (_("Not easy"), _("Neither"), _("Easy"))
        else:
            names = (_("Low"), _("Middle"), _("High"))
        return str(names[place])

    def is_turned(self, measure: Row) -> bool:
        """True where high answers are the bad ones."""
        return bool(measure["code"] == LEAVE)

    def difference(self, row: Row) -> str:
        """A difference of two shares in percentage points."""
        if row["difference"] is None:
            return ""
        return self._signed(row["difference"] * 100)

    def difference_interval(self, row: Row) -> str:
        """Its 95 % interval."""
        if row["difference"] is None:
            return ""
        low, high = (
            self._signed(row[name] * 100) for name in ("difference_low", "difference_high")
        )
        return str(_("%(low)s to %(high)s", low=low, high=high))

    def whole_share(self, share: float | None) -> str:
        """A share in whole percent: more would be told than was counted."""
        if share is None:
            return self.withheld()
        return percent_words(str(format_decimal(round(share * 100), "#,##0")))

    def level_share(self, level: Row, measure: Row) -> str:
        """The share of an answer or a band."""
        share = self.whole_share if measure["rounded"] else self.share
        return share(level["share"])

    def whole_interval(self, low: float, high: float) -> str:
        """An interval of a share in whole percent."""
        ends = (format_decimal(round(end * 100), "#,##0") for end in (low, high))
        return percent_words("–".join(ends))

    def correlation(self, value: float) -> str:
        """A correlation with its sign."""
        sign = PLUS if value > 0 else MINUS if value < 0 else ""
        return sign + str(format_decimal(abs(value), "0.00"))

    def dimension(self, name: str) -> str:
        """What answers are told apart by."""
        return dimension_words(name, self._survey.segment_names)

    def value(self, name: str, value: str) -> str:
        """One value of it."""
        return value_words(name, value)

    def warning_verdict(self, row: Row) -> str:
        """What the comparison of a cause says."""
        words: dict[str, str] = {
            "more": _("more among current ones"),
            "less": _("less among current ones"),
            "unclear": _("cannot be told apart"),
            "": _("not told of departed ones"),
        }
        return words[row["verdict"]]

    def belief_verdict(self, row: Row) -> str:
        """What the comparison of a prediction says."""
        words: dict[str, str] = {
            "under": _("more than staff expect"),
            "over": _("less than staff expect"),
            "unclear": _("cannot be told apart"),
        }
        if row["verdict"]:
            return words[row["verdict"]]
        if row["staff_respondents"] is None:
            return str(_("too few of the staff name it to be told"))
        if row["measured_respondents"] is None:
            return str(_("too few customers name it to be told"))
        return str(_("too few predictions"))

    def refusal(self, drivers: Mapping[str, Any]) -> str:
        """Why it can not be said which ratings go with an outcome."""
        reasons: dict[str, str] = {
            "few": _(
                "There are too few complete answers: %(number)s are needed in which all "
                "these things are rated.",
                number=drivers["needed"],
            ),
            "constant": _("Everybody gave the same answer, so nothing can go together with it."),
            "one": _("Fewer than two things are rated by enough respondents."),
            "many": _("More than eight things are rated: too many to be told apart."),
        }
        if drivers["refused"] == "alike":
            first, second = drivers["pair"]
            return str(
                _(
                    "The ratings are too much alike to be told apart, most of all “%(one)s” "
                    "and “%(other)s”.",
                    one=self.label(first),
                    other=self.label(second),
                )
            )
        return reasons[drivers["refused"]]

    def agreement(self, agreement: Row) -> str:
        """How alike the orders of staff and customers are."""
        words: dict[str, str] = {
            "few": _(
                "Fewer than %(number)s causes are told on both sides: too few to compare "
                "their order.",
                number=agreement["needed"],
            ),
            "alike": _("Staff and customers put the causes in a similar order."),
            "opposite": _("Staff and customers put the causes in opposite orders."),
            "unclear": _(
                "Whether staff and customers put the causes in a similar order cannot be told."
            ),
        }
        return words[agreement["verdict"]]

    def of_trend(self, measure: Mapping[str, Any]) -> dict[str, Any]:
        """Every word of the chart of a score over time."""
        return {
            "title": self.title(measure),
            "description": self.trend_description(measure),
            "labels": {},
            "percent": percent_words("{}"),
            "decimal_mark": format_decimal(0.5, "0.0")[1:2],
        }

    def trend_description(self, measure: Row) -> str:
        """What the chart shows, for whoever can not see it."""
        last = measure["trend"][-1]
        return str(
            _(
                "A line: the score by month with its 95 %% interval as a band around it; "
                "in %(period)s it is %(score)s. All numbers are in the table.",
                period=self.period(last["from"], last["to"]),
                score=self.score(last, measure["kind"]),
            )
        )

    def _signed(self, value: float) -> str:
        rounded = round(value)
        sign = PLUS if rounded > 0 else MINUS if rounded < 0 else ""
        return sign + str(format_decimal(abs(rounded)))
