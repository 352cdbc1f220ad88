"""A reader who subtracts pages of all answers of the same survey never meets a small group."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product
from typing import Any

import pytest

from feedback_app.reporting.analyst.cause_reports import make_report
from feedback_app.reporting.analyst.questions import describe
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.counts import CauseEntry, Counts
from feedback_app.reporting.rules.questions import Choice, QuestionCounts
from feedback_app.reporting.rules.selection import Selection
from feedback_app.reporting.rules.told import told_by
from feedback_app.surveys.rules.scores import ScoreField

K = 4
ENTRIES = (CauseEntry("company.price", "company", 0, None),)
LANGUAGES = ("en", "ru", "uk")
CHOICES = (Choice("one", "options"), Choice("many", "options"), Choice("words", "texts"))
FIELD = ScoreField("mark", "", "scale", 1, 3)

#: language, segment, question -> codes, mark
Answer = tuple[str, str, dict[str, tuple[str, ...]], int | None]


def invent(seed: int) -> list[Answer]:
    chance = random.Random(seed)
    found: list[Answer] = []
    for _ in range(chance.randrange(60, 160)):
        many = chance.sample("abcd", chance.choices((0, 1, 2, 3), (2, 8, 4, 1))[0])
        said = {
            "one": tuple(chance.choices("abc", (20, 6, 1))) if chance.random() < 0.9 else (),
            "many": tuple(sorted(many)),
            "words": ("text",) if chance.random() < 0.15 else (),
        }
        mark = chance.choices((1, 2, 3, None), (6, 3, 1, 1))[0]
        language = chance.choices(LANGUAGES, (6, 4, 1))[0]
        found.append((language, chance.choice(("pro", "free")), said, mark))
    return found


def columns(names: tuple[str, ...], rows: Counter[tuple[Any, ...]]) -> dict[str, list[Any]]:
    made = [(*key, number) for key, number in rows.items()]
    return {
        name: [list(row[at]) if name == "codes" else row[at] for row in made]
        for at, name in enumerate((*names, "respondents"))
    }


def page_of(
    answers: list[Answer], selection: Selection, whole: dict[str, Any] | None
) -> dict[str, Any]:
    place = {"language": 0, "segment_1": 1}

    def where(answer: Answer) -> tuple[Any, ...]:
        return tuple(answer[place[name]] for name in selection.dimensions)

    groups = Counter(("", "", "2024-01", *where(it)) for it in answers)
    nothing: Counter[tuple[Any, ...]] = Counter()
    scores = tuple(f"score_{score}" for score in range(11))
    empty = columns(("cause_set", "month", *selection.dimensions, *scores), nothing)
    counts = Counts(
        selection.dimensions,
        columns(("cause_set", "primary", "month", *selection.dimensions), groups),
        empty,
        columns(("competitor", "offers", "month", *selection.dimensions), nothing),
    )
    chosen = Counter(
        (code, codes, "", *where(it)) for it in answers for code, codes in it[2].items() if codes
    )
    marks = Counter(("mark", it[3], "", *where(it)) for it in answers if it[3] is not None)
    request = ReportRequest("s", counts, ENTRIES, 1, K, selection)
    if whole is not None:
        everything = page_request(answers)
        told = told_by(make_report(everything).document())
        request = ReportRequest("s", counts, ENTRIES, 1, K, selection, told)
    return describe(
        {
            "report": request.document(),
            "counts": QuestionCounts(
                CHOICES,
                (FIELD,),
                selection.dimensions,
                columns(("question", "codes", "month", *selection.dimensions), chosen),
                columns(("field", "value", "month", *selection.dimensions), marks),
            ).document(),
            "whole": whole,
        }
    )


def page_request(answers: list[Answer]) -> ReportRequest:
    groups = Counter([("", "", "2024-01")] * len(answers))
    nothing: Counter[tuple[Any, ...]] = Counter()
    scores = tuple(f"score_{score}" for score in range(11))
    counts = Counts(
        (),
        columns(("cause_set", "primary", "month"), groups),
        columns(("cause_set", "month", *scores), nothing),
        columns(("competitor", "offers", "month"), nothing),
    )
    return ReportRequest("s", counts, ENTRIES, 1, K, Selection())


def numbers_of(document: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Every count that the page tells."""
    found = {("", ""): document["respondents"]}
    for table in document["choices"]:
        found |= {(table["code"], row["code"]): row["respondents"] for row in table["rows"]}
        if table["silent"] is not None:
            found[table["code"], "silent"] = table["silent"]
    for measure in document["measures"]:
        for level in measure["levels"]:
            key = (measure["code"], f"{level['from']}-{level['to']}")
            if level["respondents"] is not None:
                found[key] = level["respondents"]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_no_number_and_no_difference_is_small(seed: int) -> None:
    answers = invent(seed)
    whole = page_of(answers, Selection(), None)["document"]
    all_told = numbers_of(whole)
    assert all(number == 0 or number >= K for number in all_told.values())
    pages = 0
    for filters in (("language",), ("segment_1",), ("language", "segment_1")):
        values = [(*LANGUAGES, "*") if it == "language" else ("pro", "free") for it in filters]
        found = []
        for asked in product(*values):
            selection = Selection(values=tuple(zip(filters, asked, strict=True)))
            answer = page_of(answers, selection, whole)
            if "document" in answer:
                found.append(numbers_of(answer["document"]))
        pages += len(found)
        for one in found:
            for key, number in one.items():
                assert number == 0 or number >= K, (filters, key)
                if key in all_told:
                    left = all_told[key] - number
                    assert left == 0 or left >= K, (filters, key)
    assert pages
