"""What a cause is, which changes of the catalogue are allowed, and how own codes are made."""

from __future__ import annotations

from feedback_app.causes.rules.catalogue import (
    NONE,
    Catalogue,
    Cause,
    Side,
    SideNames,
    UnableToFindCause,
)
from feedback_app.causes.rules.changes import Change, ChangeKind, compare, replay
from feedback_app.causes.rules.codes import make_code
from feedback_app.causes.rules.decisions import (
    Texts,
    UnableToChangeCause,
    decide_add,
    decide_merge,
    decide_move,
    decide_rename,
    decide_restore,
    decide_retire,
    decide_tickable,
    list_merge_targets,
)

__all__ = [
    "NONE",
    "Catalogue",
    "Cause",
    "Change",
    "ChangeKind",
    "Side",
    "SideNames",
    "Texts",
    "UnableToChangeCause",
    "UnableToFindCause",
    "compare",
    "decide_add",
    "decide_merge",
    "decide_move",
    "decide_rename",
    "decide_restore",
    "decide_retire",
    "decide_tickable",
    "list_merge_targets",
    "make_code",
    "replay",
]
