"""A reader who subtracts reports of the same survey never meets a small group."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import permutations, product
from typing import Any

import pytest

from feedback_app.reporting.analyst.cause_reports import make_report
from feedback_app.reporting.analyst.requests import ReportRequest
from feedback_app.reporting.rules.atoms import UnableToNarrow
from feedback_app.reporting.rules.counts import CauseEntry, Counts
from feedback_app.reporting.rules.selection import DIMENSIONS, Selection, read_selection
from feedback_app.reporting.rules.told import told_by

CODES = (
    *("competitor.price", "competitor.product", "company.price", "company.quality"),
    *("company.rudeness", "company.plans", "client.budget", "client.life_event"),
)
ENTRIES = tuple(CauseEntry(code, code.split(".")[0], i, None) for i, code in enumerate(CODES))
MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")
K = 4

#: month, language, segment, causes, primary, score, competitor, offers
Answer = tuple[str, str, str, tuple[str, ...], str, int, str, str]


def invent(seed: int, *, is_single: bool) -> list[Answer]:
    """Some 200 answers; rare causes, a rare language, uneven months."""
    chance = random.Random(seed)
    weights = [1 / (place + 1) for place in chance.sample(range(len(CODES)), len(CODES))]
    answers = []
    for _ in range(chance.randrange(90, 260)):
        many = 1 if is_single else chance.choices((0, 1, 2, 3), (1, 12, 8, 4))[0]
        causes = tuple(sorted(set(chance.choices(CODES, weights, k=many))))
        went = any(code.startswith("competitor") for code in causes)
        primary = chance.choice(causes) if causes and chance.random() < 0.9 else ""
        answers.append(
            (
                chance.choices(MONTHS, (2, 1, 3, 2))[0],
                chance.choices(("en", "ru", "uk"), (6, 4, 1))[0],
                chance.choices(("pro", "free"), (2, 1))[0],
                causes,
                causes[0] if is_single else primary,
                chance.randrange(11),
                chance.choice(("North", "South", "")) if went else "",
                chance.choice(("price", "price product", "")) if went else "",
            )
        )
    return answers


def counts_of(answers: list[Answer], selection: Selection) -> Counts:
    """What the database would give: grouped by what the selection narrows."""
    place = {"language": 1, "segment_1": 2}
    dimensions = selection.dimensions
    is_dated = bool(selection.since or selection.until)

    def where(answer: Answer) -> tuple[str, ...]:
        return tuple(str(answer[place[name]]) for name in dimensions)

    groups = Counter((" ".join(it[3]), it[4], it[0], *where(it)) for it in answers)
    month = {it: it[0] if is_dated else "" for it in answers}
    scores = Counter(((" ".join(it[3]), month[it], *where(it)), it[5]) for it in answers)
    named = Counter((it[6], it[7], month[it], *where(it)) for it in answers if it[6] or it[7])
    of_set: dict[tuple[str, ...], list[int]] = {}
    for (key, score), number in scores.items():
        of_set.setdefault(key, [0] * 11)[score] += number
    return Counts(
        dimensions,
        columns(("cause_set", "primary", "month", *dimensions, "respondents"), groups.items()),
        columns(
            ("cause_set", "month", *dimensions, *(f"score_{it}" for it in range(11))),
            ((key, *numbers) for key, numbers in of_set.items()),
        ),
        columns(("competitor", "offers", "month", *dimensions, "respondents"), named.items()),
    )


def columns(names: tuple[str, ...], rows: Any) -> dict[str, list[Any]]:
    flat = [(*key, *rest) for key, *rest in rows]
    return {name: [row[place] for row in flat] for place, name in enumerate(names)}


def reports_of(answers: list[Answer]) -> dict[Selection, dict[str, Any]]:
    """Every report that can be had, by what it was asked."""
    whole = make(answers, Selection(), None)
    found = {Selection(): whole}
    periods = [("", ""), *((a, b) for a in MONTHS for b in MONTHS if a <= b)]
    for (since, until), language, segment in product(periods, ("", "en", "ru", "*"), ("", "pro")):
        given = {"from": since, "to": until, "language": language, "segment_1": segment}
        selection = read_selection({name: value for name, value in given.items() if value})
        if not selection.is_narrowed:
            continue
        try:
            found[selection] = make(answers, selection, whole)
        except UnableToNarrow:
            continue
    return found


def make(
    answers: list[Answer], selection: Selection, whole: dict[str, Any] | None
) -> dict[str, Any]:
    request = ReportRequest(
        survey="s",
        counts=counts_of(answers, selection),
        entries=ENTRIES,
        codebook=1,
        min_group=K,
        selection=selection,
        whole=None if whole is None else told_by(whole),
    )
    # As it travels to the analyst and back.
    return make_report(ReportRequest.from_document(request.document())).document()


def told(report: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Every count of the whole period that the report tells."""
    found = {("respondents", ""): report["respondents"]}
    for table in ("causes", "decided", "returns"):
        found |= {(table, row["code"]): row["respondents"] for row in report[table]}
    found |= {("decided", row["code"]): row["primary"] for row in report["causes"]}
    for table in ("sides", "sides_decided"):
        found |= {(table, row["side"]): row["respondents"] for row in report[table]}
    for table, word in (("competitors", "competitor"), ("offers", "offer")):
        found |= {(table, row[word]): row["respondents"] for row in report[table]["rows"]}
        found[table, "*asked*"] = report[table]["respondents"]
    for name in ("no_cause", "undecided"):
        found[name, ""] = report[name]["respondents"]
    return {key: count for key, count in found.items() if count is not None}


#: Whom some counts are of (as a document's selection), and the counts.
Table = tuple[dict[str, str], dict[tuple[str, str], int]]


def tables_of(report: dict[str, Any]) -> Iterator[Table]:
    """The report's counts, and those of each period of its trends."""
    yield report["selection"], told(report)
    for which, table in (("sides", "sides"), ("causes", "causes")):
        trend = report["trend"][which]
        for place, step in enumerate(trend["periods"]):
            counts = {
                (table, it["code"]): it["points"][place]["respondents"] for it in trend["series"]
            }
            period = {"from": step["from"], "to": step["to"]}
            yield report["selection"] | period, counts | {("respondents", ""): step["respondents"]}


def contains(wide: dict[str, str], narrow: dict[str, str]) -> bool:
    """Whether one selection counts everybody whom the other counts."""
    values_fit = all(narrow.get(name) == wide[name] for name in DIMENSIONS if name in wide)
    begins = wide.get("from", MONTHS[0]) <= narrow.get("from", MONTHS[0])
    return values_fit and begins and wide.get("to", MONTHS[-1]) >= narrow.get("to", MONTHS[-1])


def differences(reports: Iterable[dict[str, Any]]) -> Iterator[tuple[Table, Table, int]]:
    """What a reader gets by subtracting some counts from others that contain them."""
    tables = {repr(it): it for report in reports for it in tables_of(report)}
    for wide, narrow in permutations(tables.values(), 2):
        if contains(wide[0], narrow[0]):
            for key in wide[1].keys() & narrow[1].keys():
                yield wide, narrow, wide[1][key] - narrow[1][key]


def is_small(count: int) -> bool:
    return 0 < count < K


@pytest.mark.parametrize(("seed", "is_single"), [(0, False), (1, False), (2, True), (3, True)])
def test_no_difference_of_two_reports_is_small(seed, is_single):
    reports = reports_of(invent(seed, is_single=is_single)).values()
    assert [it for it in differences(reports) if is_small(it[2])] == []
    assert not any(
        is_small(count)
        for it in reports
        for _where, told in tables_of(it)
        for count in told.values()
    )


def test_the_attack_would_find_something():
    """Reports that only look at themselves can be subtracted: the test above has teeth."""
    answers = invent(0, is_single=False)
    reports = [make(answers, Selection(), None)]
    for language, until in product(("en", "ru"), MONTHS):
        mine = [it for it in answers if it[1] == language and it[0] <= until]
        alone = make(mine, Selection(), None)
        reports.append(alone | {"selection": {"language": language, "to": until}})
    assert any(is_small(it[2]) for it in differences(reports))


@pytest.mark.parametrize("seed", [4, 5])
def test_what_all_values_leave_over_is_not_small(seed):
    reports = reports_of(invent(seed, is_single=True))
    whole = told(reports[Selection()])
    apart = [
        told(it)
        for selection, it in reports.items()
        if selection.dimensions == ("language",) and not selection.since and not selection.until
    ]
    assert len(apart) > 1
    for key, count in whole.items():
        if all(key in it for it in apart):
            assert not is_small(count - sum(it[key] for it in apart))


def test_filters_do_tell_something():
    """Hiding everything would be safe as well."""
    reports = reports_of(invent(1, is_single=False))
    narrowed = [it for selection, it in reports.items() if selection.is_narrowed]
    assert len(narrowed) > 10
    assert sum(len(it["causes"]) for it in narrowed) > len(narrowed)


def test_numbers_of_a_narrowed_report_are_those_of_its_answers():
    answers = invent(1, is_single=False)
    report = make(answers, read_selection({"language": "en"}), make(answers, Selection(), None))
    mine = [it for it in answers if it[1] == "en"]
    assert report["respondents"] == len(mine)
    for row in report["causes"]:
        assert row["respondents"] == sum(row["code"] in it[3] for it in mine)
        assert row["share"] == row["respondents"] / len(mine)
    for row in report["decided"]:
        assert row["respondents"] == sum(row["code"] == it[4] for it in mine)
    assert report["causes"][0]["rank"] == 1
    assert report["trend"]["sides"]["periods"][0]["from"] == "2024-01"
    assert report["trend"]["sides"]["periods"][-1]["to"] == "2024-04"


def test_a_period_widened_to_everything_is_the_whole_report():
    answers = invent(1, is_single=False)
    whole = make(answers, Selection(), None)
    asked = make(answers, read_selection({"from": MONTHS[0], "to": MONTHS[-1]}), whole)
    assert asked["selection"] == {"from": MONTHS[0], "to": MONTHS[-1]}
    assert {**asked, "selection": {}} == whole
