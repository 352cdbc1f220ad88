"""Changes of the catalogue as data: what was before, what is after, and how to play them again.

The changes are the whole history: replaying those up to a codebook number gives the catalogue
of that number, so a report can say and show what its tags were made with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from feedback_app.causes.rules.catalogue import Cause, Side


class ChangeKind(StrEnum):
    """What happened to a cause; `tickable` means offered to respondents, or no longer."""

    ADDED = "added"
    RENAMED = "renamed"
    MOVED = "moved"
    TICKABLE = "tickable"
    MERGED = "merged"
    RETIRED = "retired"
    RESTORED = "restored"


@dataclass(frozen=True)
class Change:
    """One cause changed: the fields that differ, with their values before and after.

    Both are plain JSON values under the names of Cause's fields; `before` is empty for
    a cause that was added.
    """

    code: str
    kind: ChangeKind
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def compare(before: Cause | None, after: Cause, kind: ChangeKind) -> Change | None:
    """The change that leads from one state of a cause to the next, None when they are equal."""
    old = {} if before is None else _fields(before)
    new = {name: value for name, value in _fields(after).items() if old.get(name, ...) != value}
    if not new:
        return None
    return Change(after.code, kind, {name: old[name] for name in new if name in old}, new)


def replay(changes: Iterable[Change]) -> tuple[Cause, ...]:
    """The causes after all of `changes`, oldest first. Each begins with a cause being added."""
    causes: dict[str, Cause] = {}
    for change in changes:
        values = dict(change.after)
        if "side" in values:
            values["side"] = Side(values["side"])
        if change.kind is ChangeKind.ADDED:
            causes[change.code] = Cause(code=change.code, **values)
        else:
            causes[change.code] = replace(causes[change.code], **values)
    return tuple(causes.values())


def _fields(cause: Cause) -> dict[str, Any]:
    return {
        "side": cause.side.value,
        "position": cause.position,
        "is_tickable": cause.is_tickable,
        "is_retired": cause.is_retired,
        "merged_into": cause.merged_into,
        "labels": dict(cause.labels),
        "explanations": dict(cause.explanations),
        "is_own": cause.is_own,
    }
