"""From counts of statements to what the page "In their own words" tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from feedback_app.reporting.analyst import frames
from feedback_app.reporting.rules.counts import CauseEntry, Places, follow_merges
from feedback_app.reporting.rules.own_words import OwnWordsCounts
from reports.agreement import agree
from reports.audit import AuditCells, correct
from reports.document import to_document
from reports.own_words import rank_states
from reports.unclear import unclear_over_time

#: With fewer of the audit read no corrected share is told.
FEWEST_READ = 30
#: A share that reads "0 of 100" tells nothing.
LEAST_SHARE = 0.01


def describe(request: Mapping[str, Any]) -> dict[str, Any]:
    """Rankings for every state of the switch, corrected shares, the trend of the unclear."""
    counts = OwnWordsCounts.from_document(request["counts"])
    entries = [CauseEntry(**entry) for entry in request["entries"]]
    places = follow_merges(entries)
    smallest: int = request["min_group"]
    reports = rank_states(
        [_merge(row, places) for row in counts.chosen],
        [_merged(stratum, places) for stratum in counts.strata],
        frames.catalogue_of(entries),
        min_group=smallest,
        codebook=request["codebook"],
    )
    states = [_state(to_document(each, request["survey"])) for each in reports]
    return {
        "states": states,
        "audit": _audit(counts, places, smallest),
        "unclear": [
            asdict(step)
            for step in unclear_over_time([(m, n, u) for m, n, u in counts.unclear], smallest)
        ],
    }


def describe_agreement(pairs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How well two readers agree."""
    return asdict(agree([(pair["first"], pair["second"]) for pair in pairs]))


def _state(document: dict[str, Any]) -> dict[str, Any]:
    kept = ("respondents", "withheld", "min_group", "sides", "causes", "suppressed", "no_cause")
    return {name: document[name] for name in kept}


def _merged(sets: Mapping[str, int], places: Places) -> Counter[str]:
    """The sets with merges followed."""
    found: Counter[str] = Counter()
    for cause_set, number in sets.items():
        found[_follow(cause_set, places)] += number
    return found


def _merge(row: tuple[str, str, int], places: Places) -> tuple[str, str, int]:
    cause_set, primary, number = row
    return _follow(cause_set, places), _end(primary, places), number


def _follow(cause_set: str, places: Places) -> str:
    """The set with merges followed; codes that no cause has are left out."""
    return " ".join(sorted({places[code][1] for code in cause_set.split() if code in places}))


def _audit(counts: OwnWordsCounts, places: Places, smallest: int) -> dict[str, Any]:
    """Corrected shares of the causes that enough statements speak of, rounded to whole percent.

    An exact share could be turned back into a count of few.
    """
    statements = sum(row.statements for row in counts.audit)
    read = sum(row.statements for row in counts.audit if row.is_read)
    told: dict[str, Any] = {"statements": statements, "read": read, "fewest": FEWEST_READ}
    if read < max(FEWEST_READ, smallest):
        return {**told, "causes": []}
    rows = []
    for code in dict.fromkeys(end for _side, end in places.values()):
        cells = _cells(counts, places, code)
        found = correct(cells)
        if found is None or found.share < max(LEAST_SHARE, smallest / statements):
            continue
        rounded = {name: round(value, 2) for name, value in asdict(found).items()}
        rows.append({"code": code, "side": places[code][0], **rounded})
    return {**told, "causes": sorted(rows, key=lambda row: (-row["share"], row["code"]))}


def _cells(counts: OwnWordsCounts, places: Places, code: str) -> AuditCells:
    suggested = read = both = person = tagger = 0
    for row in counts.audit:
        says = _end(row.suggested, places) == code
        suggested += row.statements * says
        if row.is_read:
            names = any(_end(each, places) == code for each in row.told)
            read += row.statements
            both += row.statements * (says and names)
            person += row.statements * (names and not says)
            tagger += row.statements * (says and not names)
    total = sum(row.statements for row in counts.audit)
    return AuditCells(total, suggested, read, both, person, tagger)


def _end(code: str, places: Places) -> str:
    return places[code][1] if code in places else ""
