"""The session's ranking beside what departed customers said, and beside the predictions.

The two are never added up: each keeps its own counts and its own base.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback_app.brainstorms.rules.fold import Board
from feedback_app.causes.rules import Side

#: The first so many causes of a ranking are "on top".
TOP = 5
FEWEST_PREDICTING = 3


@dataclass(frozen=True, slots=True)
class UnitRank:
    """A group in the session's ranking; equal votes share a rank. `votes` None before the count."""

    unit: str
    title: str
    cards: tuple[str, ...]
    side: str
    cause: str
    proposed: str
    whys: tuple[str, ...]
    votes: int | None
    rank: int
    accepted: str


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause in the comparison; a rank is None where the cause was not named or not told.

    `told` says what stands out: "blind-spot", "over-blamed", "agreed" or "".
    """

    code: str
    session_rank: int | None
    votes: int | None
    customers_rank: int | None
    share: float | None
    predicted_rank: int | None
    told: str


@dataclass(frozen=True, slots=True)
class SideGauge:
    """How blame is spread: a side's share of the session's votes and of customers' reasons."""

    side: str
    session: float
    customers: float | None


def rank_units(board: Board) -> tuple[UnitRank, ...]:
    """Every group, zero-vote groups too, most votes first, then in the order of the board."""
    counts = board.votes["counts"] if board.votes else None
    rows = []
    for unit, cards in board.units():
        tag = board.tags.get(unit, {})
        accepted = board.accepted.get(unit, "")
        rows.append(
            UnitRank(
                unit=unit,
                title=board.title(unit),
                cards=tuple(str(board.cards[card]["text"]) for card in cards),
                side=tag.get("side") or usual_side(board, cards),
                cause=accepted or tag.get("cause", ""),
                proposed=tag.get("label", ""),
                whys=tuple(text for text in board.whys.get(unit, {}).values() if text),
                votes=None if counts is None else int(counts.get(unit, 0)),
                rank=0,
                accepted=accepted,
            )
        )
    rows.sort(key=lambda row: -(row.votes or 0))
    ranks = _ranks([row.votes or 0 for row in rows])
    return tuple(
        UnitRank(**{**_values(row), "rank": rank}) for row, rank in zip(rows, ranks, strict=True)
    )


def _values(row: UnitRank) -> dict[str, Any]:
    return {name: getattr(row, name) for name in UnitRank.__slots__}


def usual_side(board: Board, cards: Sequence[str]) -> str:
    """The side that most of these cards were written for, "" where none was."""
    sides = Counter(board.cards[card]["side"] for card in cards if board.cards[card]["side"])
    return sides.most_common(1)[0][0] if sides else ""


def _ranks(counts: Sequence[int]) -> list[int]:
    """Ranks of falling counts; equal counts share one."""
    return [counts.index(count) + 1 for count in counts]


def compare(board: Board) -> tuple[CauseLine, ...]:
    """Each cause that the session, its predictions or the customers name, session first."""
    votes = _votes_by_cause(board)
    session_ranks = _ranked(votes)
    customers = board.compared or {}
    told = {row["code"]: row for row in customers.get("causes", ())}
    predicted = _ranked(_predictions(board))
    codes = dict.fromkeys([*session_ranks, *told, *predicted])
    return tuple(
        CauseLine(
            code=code,
            session_rank=session_ranks.get(code),
            votes=votes.get(code),
            customers_rank=told[code]["rank"] if code in told else None,
            share=told[code]["share"] if code in told else None,
            predicted_rank=predicted.get(code),
            told=_tell(session_ranks.get(code), told.get(code)) if told else "",
        )
        for code in codes
    )


def _tell(session_rank: int | None, row: Mapping[str, Any] | None) -> str:
    customers_rank = row["rank"] if row else None
    is_theirs = customers_rank is not None and customers_rank <= TOP
    is_ours = session_rank is not None and session_rank <= TOP
    if is_theirs and not is_ours:
        return "blind-spot"
    if is_ours and not is_theirs:
        return "over-blamed"
    return "agreed" if is_ours and is_theirs else ""


def gauge(board: Board) -> tuple[SideGauge, ...]:
    """Each side's share of the votes and of customers' named reasons."""
    votes: Counter[str] = Counter()
    for row in rank_units(board):
        votes[row.side] += row.votes or 0
    votes.pop("", None)
    customers = (board.compared or {}).get("sides", {})
    total, theirs = votes.total(), sum(customers.values())
    return tuple(
        SideGauge(
            side.value,
            votes[side.value] / total if total else 0.0,
            customers[side.value] / theirs if theirs and side.value in customers else None,
        )
        for side in Side
    )


def count_predictions(slips: Sequence[Sequence[str]]) -> dict[str, Any]:
    """How many people put each cause among their first five; withheld for a few people."""
    if len(slips) < FEWEST_PREDICTING:
        return {"people": len(slips), "counts": {}}
    counts = Counter(code for slip in slips for code in dict.fromkeys(slip))
    return {"people": len(slips), "counts": dict(sorted(counts.items()))}


def count_votes(slips: Sequence[Sequence[str]], units: Sequence[str], most: int) -> dict[str, Any]:
    """Votes by group, zero ones too; of a slip with too many the first `most` count."""
    counts = dict.fromkeys(units, 0)
    for slip in slips:
        for unit in [it for it in dict.fromkeys(slip) if it in counts][:most]:
            counts[unit] += 1
    return {"people": sum(1 for slip in slips if slip), "counts": counts}


def allowance_for(units: int) -> int:
    """About a quarter as many votes as groups, one at least."""
    return max(1, round(units / 4))


def _votes_by_cause(board: Board) -> dict[str, int]:
    votes: Counter[str] = Counter()
    for row in rank_units(board):
        if row.cause and row.votes is not None:
            votes[row.cause] += row.votes
    return dict(votes)


def _predictions(board: Board) -> dict[str, int]:
    return dict(board.predicted["counts"]) if board.predicted else {}


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    numbers = [number for _code, number in ordered]
    return {
        code: rank for (code, number), rank in zip(ordered, _ranks(numbers), strict=True) if number
    }
