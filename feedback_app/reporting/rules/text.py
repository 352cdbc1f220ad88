"""A report as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Labels = Callable[[str], str]

HIDDEN = "withheld"


def text_of(report: Mapping[str, Any], labels: Labels, *, name: str) -> str:
    """Sides, both rankings, ties and what is withheld, in aligned columns."""
    if report["withheld"]:
        return (
            f"{name}: fewer than {report['min_group']} answers, nothing is told.\n"
            f"Codebook {report['codebook']}."
        )
    lines = [f"{name}: {report['respondents']} respondents", ""]
    sides = zip(report["sides"], report["sides_decided"], strict=True)
    lines += aligned(
        ("Side", "Played a part", "Share", "95 % interval", "Decided it"),
        [(row["side"], *_numbers(row), _number(decided["respondents"])) for row, decided in sides],
    )
    for key, heading in (("causes", "Played a part"), ("decided", "Decided it")):
        lines += [
            "",
            *aligned(
                ("#", "Tier", heading, "Respondents", "Share", "95 % interval"),
                [
                    (str(row["rank"]), str(row["tier"]), labels(row["code"]), *_numbers(row))
                    for row in report[key]
                ],
            ),
        ]
    ties = [tie for tie in report["ties"] if tie["by"] == "played"]
    if ties:
        lines += ["", *(_tie(tie, labels) for tie in ties)]
    lines += ["", _foot(report)]
    return "\n".join(lines)


def _foot(report: Mapping[str, Any]) -> str:
    parts = [f"Codebook {report['codebook']}.", f"Smallest group told: {report['min_group']}."]
    if report["suppressed"]:
        parts.append(f"Causes named but not told: {report['suppressed']}.")
    chosen = ", ".join(f"{name} {value}" for name, value in report["selection"].items())
    return " ".join([*parts, *([f"Only: {chosen}."] if chosen else [])])


def _tie(tie: Mapping[str, Any], labels: Labels) -> str:
    first, second = (
        f"#{rank} {labels(code)}" for rank, code in zip(tie["ranks"], tie["codes"], strict=True)
    )
    return f"{first} and {second} cannot be told apart."


def _numbers(row: Mapping[str, Any]) -> tuple[str, str, str]:
    if row["respondents"] is None:
        return HIDDEN, "", ""
    if row["share"] is None:
        return _number(row["respondents"]), "", ""
    interval = f"{row['low']:.1%} - {row['high']:.1%}"
    return _number(row["respondents"]), f"{row['share']:.1%}", interval


def _number(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def aligned(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in columns of even width, its head underlined."""
    table = [head, *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(head))]
    lines = []
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join(cells).rstrip())
    return [lines[0], "-" * len(lines[0]), *lines[1:]]
