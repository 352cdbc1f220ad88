"""From counts of all questions to what the page "question by question" tells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from feedback_app.reporting.analyst import frames
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.atoms import Atom, UnableToNarrow, is_tellable
from feedback_app.reporting.rules.counts import Columns, Places, follow_merges, values_of
from feedback_app.reporting.rules.questions import Choice, QuestionCounts
from feedback_app.reporting.rules.scores import NOT_APPLICABLE, name_fields
from feedback_app.reporting.rules.slices import Cutter
from feedback_app.reporting.rules.telling import Row, tell_names
from reports.choice_table import NOTHING, ChoiceTable, choice_table, told_table
from reports.current_document import measure_document
from reports.measures import measure_as_told, measures_of
from reports.scales import Scale, scale_of
from reports.score_schema import Field
from reports.score_telling import NOTHING as NO_SCORE
from reports.score_telling import tell_exactly

#: Who chose nothing is told like an option; a space can be no code.
SILENT = " "


def describe(question: Mapping[str, Any]) -> dict[str, Any]:
    """The document of the page, or why it would tell of too few.

    `report`: the counts of the survey's cause report, which say what may be told apart;
    `whole`: what the page of the whole survey tells, None for that page itself.
    """
    report = ReportRequest.from_document(question["report"])
    counts = QuestionCounts.from_document(question["counts"])
    if question["whole"] is None:
        return {"document": _whole(report, counts)}
    try:
        return {"document": _Narrowed(report, counts, question["whole"]).document()}
    except UnableToNarrow as refusal:
        return {"refused": refusal.reason}


def _whole(report: ReportRequest, counts: QuestionCounts) -> dict[str, Any]:
    respondents = sum(report.counts.groups["respondents"])
    smallest = report.min_group
    if respondents < max(1, smallest):
        return {**_head(report, None), "choices": [], "measures": []}
    places = follow_merges(report.entries)
    tables = []
    for choice in counts.choices:
        sets: Counter[tuple[str, ...]] = Counter()
        for codes, _month, _values, number in _rows_of(counts, choice, places):
            sets[codes] += number
        sets[()] = respondents - sets.total()
        tables.append(_table(choice, choice_table(sets, smallest)))
    numbers = frames.numbers_frame(counts.numbers)
    measures = measures_of(_fields(counts), numbers, respondents, None, smallest)
    return {
        **_head(report, respondents),
        "choices": tables,
        "measures": [measure_document(each) for each in measures],
    }


def _head(report: ReportRequest, respondents: int | None) -> dict[str, Any]:
    return {
        "survey": report.survey,
        "respondents": respondents,
        "withheld": respondents is None,
        "min_group": report.min_group,
        "codebook": report.codebook,
        "selection": report.selection.parameters(),
        "together": {},
    }


def _table(choice: Choice, table: ChoiceTable) -> dict[str, Any]:
    return {"code": choice.code, "kind": choice.kind, **asdict(table), "rows": _rows(table)}


def _rows(table: ChoiceTable) -> list[dict[str, Any]]:
    return [asdict(row) for row in table.rows]


def _fields(counts: QuestionCounts) -> tuple[Field, ...]:
    return tuple(
        Field(name, each.kind, each.lowest, each.highest)
        for name, each in zip(name_fields(counts.fields), counts.fields, strict=True)
    )


def _rows_of(
    counts: QuestionCounts, choice: Choice, places: Places
) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...], int]]:
    """Codes, month, dimensions and respondents of one question; merged causes are followed."""
    columns = counts.chosen
    values = values_of(columns, counts.dimensions)
    rows = zip(columns["question"], columns["codes"], columns["month"], values, strict=True)
    for (question, codes, month, where), number in zip(rows, columns["respondents"], strict=True):
        if question == choice.code:
            is_named = choice.kind == "causes"
            told = {places[code][1] for code in codes if code in places} if is_named else codes
            yield tuple(sorted(told)), month, where, number


@dataclass(slots=True)
class _Cut:
    """Respondents of the survey by atom, and which atoms are asked for."""

    cutter: Cutter
    chosen: Sequence[tuple[str, str]]
    is_dated: bool
    respondents: Mapping[Atom, int]

    def atom(self, month: str, values: tuple[str, ...]) -> Atom:
        block = self.cutter.block_of(month) if self.is_dated else ""
        return self.cutter.atom(block, self.cutter.pool(values), is_dated=self.is_dated)

    def is_chosen(self, atom: Atom) -> bool:
        block, values = (atom[0], atom[1:]) if self.is_dated else (self.chosen[0][0], atom)
        return self.cutter.is_chosen(block, values, self.chosen)


class _Narrowed:
    """The page of some of the answers, cut along the lines of every narrowed report.

    A number is told only if in every atom it is nobody or enough, and the page of the whole
    survey tells it too: so is the difference of any two pages with the same filters.
    """

    def __init__(
        self, report: ReportRequest, counts: QuestionCounts, whole: Mapping[str, Any]
    ) -> None:
        if report.whole is None:
            raise ValueError("a narrowed page needs what the whole report tells")
        self.report, self.counts, self.whole = report, counts, whole
        self.places = follow_merges(report.entries)
        self.smallest = report.min_group
        self.cut = self._choose()
        self.total = sum(
            number for atom, number in self.cut.respondents.items() if self.cut.is_chosen(atom)
        )

    def _choose(self) -> _Cut:
        whole = self.report.whole
        assert whole is not None
        cutter = Cutter(
            self.report.counts, self.places, self.report.selection, whole, self.smallest
        )
        kinds, chosen = cutter.choose()
        is_dated = len(chosen) < len(cutter.blocks)
        everybody: Counter[Atom] = Counter()
        for kind in kinds:
            everybody[cutter.atom(kind.month, kind.values, is_dated=is_dated)] += kind.respondents
        return _Cut(cutter, chosen, is_dated, everybody)

    def document(self) -> dict[str, Any]:
        """As the page of the whole survey."""
        cutter, selection = self.cut.cutter, self.report.selection
        selected = selection.parameters()
        if selection.since or selection.until:
            selected |= {"from": self.cut.chosen[0][0], "to": self.cut.chosen[-1][1]}
        told = {each["code"]: each for each in self.whole["choices"]}
        details = {each["code"]: each for each in self.whole["measures"]}
        return {
            **_head(self.report, self.total),
            "selection": selected,
            "together": cutter.pooled(),
            "choices": [
                _table(each, self._choice_table(each, told[each.code]))
                for each in self.counts.choices
            ],
            "measures": [self._measure(each, details[each.code]) for each in _fields(self.counts)],
        }

    def _choice_table(self, choice: Choice, whole: Mapping[str, Any]) -> ChoiceTable:
        if not whole["rows"]:
            return NOTHING
        silent = Counter(self.cut.respondents)
        rows: list[Row] = []
        for codes, month, values, number in _rows_of(self.counts, choice, self.places):
            atom = self.cut.atom(month, values)
            silent[atom] -= number
            rows.append((frozenset(codes) or frozenset([SILENT]), atom, number))
        rows += [(frozenset([SILENT]), atom, number) for atom, number in silent.items() if number]
        allowed = {row["code"] for row in whole["rows"]}
        allowed |= set() if whole["silent"] is None else {SILENT}
        told = tell_names(rows, allowed=allowed, smallest=self.smallest)
        counts: Counter[str] = Counter()
        for codes_told, atom, number in rows:
            if self.cut.is_chosen(atom):
                counts.update(dict.fromkeys(codes_told & told, number))
        nobody = counts.pop(SILENT, 0)
        return told_table(counts, self.total, nobody if SILENT in told else None)

    def _measure(self, field: Field, whole: Mapping[str, Any]) -> dict[str, Any]:
        scale = scale_of(field.kind, field.lowest, field.highest)
        # By atom: how many gave each number, and last to how many it does not apply.
        by_atom: dict[Atom, list[int]] = defaultdict(lambda: [0] * (scale.points + 1))
        for month, values, value, number in self._numbers_of(field.code):
            place = scale.points if value == NOT_APPLICABLE else value - scale.lowest
            by_atom[self.cut.atom(month, values)][place] += number
        asked = [counts for atom, counts in by_atom.items() if self.cut.is_chosen(atom)]
        chosen = [sum(column) for column in zip(*asked, strict=True)][: scale.points]
        told = NO_SCORE
        for detail in () if whole["rounded"] else ("values", "bands"):
            is_known = whole["detail"] in ("values", detail)
            if is_known and sum(chosen) and self._are_safe(scale, by_atom, detail):
                told = tell_exactly(scale, chosen, detail)
                break
        return measure_document(measure_as_told(field, told, None))

    def _are_safe(self, scale: Scale, by_atom: Mapping[Atom, list[int]], detail: str) -> bool:
        """Everywhere, each number, those it does not apply to and the silent: nobody or enough."""
        parts = scale.values if detail == "values" else scale.bands
        for atom, counts in by_atom.items():
            cells = [
                sum(counts[low - scale.lowest : high - scale.lowest + 1]) for low, high in parts
            ]
            cells += [counts[-1], self.cut.respondents[atom] - sum(counts)]
            if not all(is_tellable(count, self.smallest) for count in cells):
                return False
        return True

    def _numbers_of(self, code: str) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
        columns: Columns = self.counts.numbers
        values = values_of(columns, self.counts.dimensions)
        for field, month, where, value, number in zip(
            columns["field"],
            columns["month"],
            values,
            columns["value"],
            columns["respondents"],
            strict=True,
        ):
            if field == code:
                yield month, where, value, number
