"""Writes of surveys, of their draft versions and of the list of competitors."""

from __future__ import annotations

from feedback_app.surveys.actions.competitors import add_competitor, retire_competitor
from feedback_app.surveys.actions.drafts import (
    UnableToPublish,
    begin_version,
    discard_version,
    publish_version,
    save_draft,
    schedule_version,
)
from feedback_app.surveys.actions.surveys import (
    become_import,
    close,
    create,
    create_from_document,
    create_import,
    name_segments,
    note_new_answers,
    publish,
)

__all__ = [
    "UnableToPublish",
    "add_competitor",
    "become_import",
    "begin_version",
    "close",
    "create",
    "create_from_document",
    "create_import",
    "discard_version",
    "name_segments",
    "note_new_answers",
    "publish",
    "publish_version",
    "retire_competitor",
    "save_draft",
    "schedule_version",
]
