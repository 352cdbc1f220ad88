"""Changes of the catalogue in words: what happened to which cause, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from feedback_app.causes.rules import Catalogue, Change, ChangeKind
from feedback_app.foundation.i18n import LANGUAGES


@dataclass(frozen=True)
class Line:
    """One value: what it is, what it was and what it became; "" where there was or is none."""

    what: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True)
class Told:
    """One change of one cause."""

    code: str
    label: str
    kind: str
    lines: tuple[Line, ...]


def tell(changes: Iterable[Change], catalogue: Catalogue, language: str) -> tuple[Told, ...]:
    """Every change in words of the reader's language."""
    kinds = {
        ChangeKind.ADDED: _("added"),
        ChangeKind.RENAMED: _("reworded"),
        ChangeKind.MOVED: _("moved"),
        ChangeKind.MERGED: _("merged"),
        ChangeKind.RETIRED: _("retired"),
        ChangeKind.RESTORED: _("restored"),
    }
    on, off = _("offered to respondents"), _("no longer offered")
    return tuple(
        Told(
            change.code,
            catalogue.label(change.code, language),
            kinds.get(change.kind) or (on if change.after["is_tickable"] else off),
            tuple(_tell_lines(change, catalogue, language)),
        )
        for change in changes
    )


def _tell_lines(change: Change, catalogue: Catalogue, language: str) -> Iterator[Line]:
    before, after = change.before, change.after
    yield from _tell_texts(before, after)
    if change.kind is ChangeKind.ADDED:
        return
    if "position" in after:
        yield Line(_("position"), str(before["position"]), str(after["position"]))
    if "is_tickable" in after:
        yield Line(
            _("respondents can tick it"), _yes(before["is_tickable"]), _yes(after["is_tickable"])
        )
    if "merged_into" in after:
        itself = _("itself")
        yield Line(
            _("counts as"),
            *(
                itself if it is None else f"{catalogue.label(it, language)} ({it})"
                for it in (before["merged_into"], after["merged_into"])
            ),
        )
    elif "is_retired" in after:
        yield Line(_("in use"), _yes(not before["is_retired"]), _yes(not after["is_retired"]))


def _tell_texts(before: dict[str, Any] | Any, after: dict[str, Any] | Any) -> Iterator[Line]:
    for name, what in (("labels", _("label")), ("explanations", _("explanation"))):
        if name not in after:
            continue
        old, new = before.get(name, {}), after[name]
        for code in sorted({*old, *new}, key=[*LANGUAGES, *old, *new].index):
            if old.get(code, "") != new.get(code, ""):
                shown = f"{what}, {LANGUAGES.get(code, code)}"
                yield Line(shown, old.get(code, ""), new.get(code, ""), code)


def _yes(is_so: bool) -> str:
    return str(_("yes") if is_so else _("no"))
