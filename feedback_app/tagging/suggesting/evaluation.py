"""How good suggestions are, measured against causes that people gave."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from feedback_app.tagging.suggesting.examples import list_codes
from feedback_app.tagging.suggesting.sources import Labelled, UnableToReadStatements
from feedback_app.tagging.suggesting.suggestion import Suggestion, side_of
from feedback_app.tagging.suggesting.tagger import Tagger

CURVE = (0, 25, 50, 100, 200, 400, 800, 1600)
CONFIDENCES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
BINS = 10
MEASURES = ("top1", "top3", "side", "side_f1", "ece")


def evaluate(tagger: Tagger, labelled: Sequence[Labelled]) -> dict[str, Any]:
    """Every measure of `tagger` on `labelled`, all together, per language and per cause.

    Shares lie between 0 and 1. `top3`: the right cause is the primary one or among the first
    two others. `side_f1`: macro F1 over the sides (and `none`) that occur. `ece`: expected
    calibration error, ten bins of equal width.
    """
    suggestions = tagger.suggest([each.example.text for each in labelled])
    return {
        "model": tagger.version or "cold start",
        "confirmed": tagger.confirmed,
        "all": measure(labelled, suggestions),
        "languages": {
            language: measure(
                *_only([each.language == language for each in labelled], labelled, suggestions)
            )
            for language in sorted({each.language for each in labelled})
        },
        "causes": _per_cause(labelled, suggestions),
        "coverage": _coverage(labelled, suggestions),
        "baselines": _baselines(labelled),
    }


def _only(
    chosen: Sequence[bool], labelled: Sequence[Labelled], suggestions: Sequence[Suggestion]
) -> tuple[list[Labelled], list[Suggestion]]:
    return (
        [each for each, is_meant in zip(labelled, chosen, strict=True) if is_meant],
        [each for each, is_meant in zip(suggestions, chosen, strict=True) if is_meant],
    )


def measure(labelled: Sequence[Labelled], suggestions: Sequence[Suggestion]) -> dict[str, float]:
    """The five measures and the number of statements."""
    right = [each.example.primary for each in labelled]
    first = [each.primary for each in suggestions]
    hits = [one == other for one, other in zip(right, first, strict=True)]
    near = [
        one in (each.primary, *each.others[:2])
        for one, each in zip(right, suggestions, strict=True)
    ]
    sides = [(_side(one), _side(other)) for one, other in zip(right, first, strict=True)]
    return {
        "statements": len(right),
        "top1": _share(hits),
        "top3": _share(near),
        "side": _share([one == other for one, other in sides]),
        "side_f1": _macro_f1(sides),
        "ece": calibration_error(hits, [each.confidence for each in suggestions]),
    }


def _side(code: str) -> str:
    return side_of(code) or code


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the labels that occur among the right ones."""
    scores = []
    for label in sorted({right for right, _given in pairs}):
        both = sum(right == given == label for right, given in pairs)
        either = sum(right == label for right, _g in pairs) + sum(g == label for _r, g in pairs)
        scores.append(2 * both / either)
    return sum(scores) / len(scores) if scores else 0.0


def calibration_error(hits: Sequence[bool], confidences: Sequence[float]) -> float:
    """Expected calibration error: mean |share right - mean confidence| weighted by bin size."""
    bins: dict[int, list[tuple[bool, float]]] = {}
    for hit, confidence in zip(hits, confidences, strict=True):
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((hit, confidence))
    return sum(
        abs(sum(hit for hit, _c in each) - sum(confidence for _h, confidence in each))
        for each in bins.values()
    ) / max(len(hits), 1)


def _per_cause(
    labelled: Sequence[Labelled], suggestions: Sequence[Suggestion]
) -> dict[str, dict[str, float]]:
    right = Counter(each.example.primary for each in labelled)
    given = Counter(each.primary for each in suggestions)
    both = Counter(
        each.primary
        for one, each in zip(labelled, suggestions, strict=True)
        if one.example.primary == each.primary
    )
    return {
        code: {
            "statements": right[code],
            "suggested": given[code],
            "recall": both[code] / right[code] if right[code] else 0.0,
            "precision": both[code] / given[code] if given[code] else 0.0,
        }
        for code in [*list_codes(), "unsure"]
        if right[code] or given[code]
    }


def _coverage(
    labelled: Sequence[Labelled], suggestions: Sequence[Suggestion]
) -> list[dict[str, float]]:
    """For each confidence: the share of statements at or above it, and how many are right."""
    rows = []
    for least in CONFIDENCES:
        hits = [
            one.example.primary == each.primary
            for one, each in zip(labelled, suggestions, strict=True)
            if each.confidence >= least
        ]
        rows.append(
            {"confidence": least, "coverage": len(hits) / len(labelled), "top1": _share(hits)}
        )
    return rows


def _baselines(labelled: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """What guessing at random, and always guessing the commonest causes, would reach."""
    codes = list_codes()
    right = [each.example.primary for each in labelled]
    common = [code for code, _count in Counter(right).most_common(3)]
    sides = [_side(code) for code in codes]
    majority = [(_side(code), _side(common[0])) for code in right]
    return {
        "random": {
            "top1": 1 / len(codes),
            "top3": 3 / len(codes),
            "side": sum(sides.count(_side(code)) for code in right) / len(codes) / len(right),
        },
        "majority": {
            "top1": _share([code == common[0] for code in right]),
            "top3": _share([code in common for code in right]),
            "side": _share([one == other for one, other in majority]),
            "side_f1": _macro_f1(majority),
        },
    }


# --- learning curve --------------------------------------------------------------------------


def learning_curve(
    cold: Tagger, labelled: Sequence[Labelled], *, most: int, repeats: int = 3
) -> dict[str, Any]:
    """Measures of `cold`, the cold start, and of what 25, 50, … `most` confirmed make of it.

    They are taken on the statements left over. Every split shuffles all statements and keeps
    those behind the first `most` for the test, the same at each point of the curve; what all
    splits found is measured together. Where `most` leaves fewer than a tenth, the splits are
    folds: each statement is tested once, and the last point of the curve is what the other folds
    hold.

    Raises UnableToReadStatements when there are not enough statements for that.
    """
    from feedback_app.tagging.suggesting.training import train_tagger

    least_left = max(len(labelled) // 10, 1)
    if most <= len(labelled) - least_left:
        splits = [_split(labelled, most, repeat) for repeat in range(repeats)]
    elif 1 < repeats <= len(labelled):
        splits = [_fold(labelled, repeats, repeat) for repeat in range(repeats)]
    else:
        raise UnableToReadStatements(
            f"--train-on {most} leaves fewer than {least_left} of {len(labelled)} statements to "
            "measure on: give a smaller number, or --repeats 2 or more to measure by folds."
        )
    most = min(len(learnt) for learnt, _tested in splits)
    points = sorted({*(point for point in CURVE if point < most), most})
    curve = []
    for point in points:
        tested: list[Labelled] = []
        found: list[Suggestion] = []
        for learnt, held in splits:
            tagger = train_tagger([each.example for each in learnt[:point]], cold)
            found += tagger.suggest([each.example.text for each in held])
            tested += held
        measures = measure(tested, found)
        curve.append({"confirmed": point, **{name: measures[name] for name in MEASURES}})
    return {
        "repeats": repeats,
        "tested": sum(len(held) for _learnt, held in splits),
        "curve": curve,
        "baselines": _baselines(labelled),
    }


Split = tuple[list[Labelled], list[Labelled]]  # to learn from, to be tested


def _split(labelled: Sequence[Labelled], most: int, repeat: int) -> Split:
    order = list(labelled)
    random.Random(repeat).shuffle(order)  # noqa: S311
    return order[:most], order[most:]


def _fold(labelled: Sequence[Labelled], folds: int, fold: int) -> Split:
    order = list(labelled)
    random.Random(0).shuffle(order)  # noqa: S311
    learnt = [each for place, each in enumerate(order) if place % folds != fold]
    return learnt, order[fold::folds]


# --- as a table ------------------------------------------------------------------------------


def describe(report: dict[str, Any]) -> str:
    """`report` of either kind as lines to read."""
    lines = [f"{'':24}{'n':>7}" + "".join(f"{name:>9}" for name in MEASURES)]
    if "curve" in report:
        lines[0] = f"{'confirmed':24}{'tested':>7}" + "".join(f"{name:>9}" for name in MEASURES)
        lines += [_line(str(row["confirmed"]), report["tested"], row) for row in report["curve"]]
    else:
        lines.insert(0, f"Model: {report['model']}, {report['confirmed']} confirmed statements")
        for name, row in {"all": report["all"], **report["languages"]}.items():
            lines.append(_line(name, row["statements"], row))
    for name, row in report["baselines"].items():
        lines.append(_line(f"baseline: {name}", "", row))
    if "causes" in report:
        lines += ["", f"{'cause':26}{'n':>5}{'suggested':>11}{'recall':>9}{'precision':>11}"]
        for code, row in report["causes"].items():
            lines.append(
                f"{code:26}{row['statements']:>5}{row['suggested']:>11}"
                f"{row['recall']:>9.1%}{row['precision']:>11.1%}"
            )
        lines += ["", f"{'confidence':>10}{'coverage':>10}{'top1':>8}"]
        for row in report["coverage"]:
            lines.append(f"{row['confidence']:>10}{row['coverage']:>10.1%}{row['top1']:>8.1%}")
    return "\n".join(lines)


def _line(name: str, number: int | str, row: dict[str, float]) -> str:
    cells = (f"{row[measure]:>9.1%}" if measure in row else f"{'':>9}" for measure in MEASURES)
    return f"{name:24}{number:>7}" + "".join(cells)
