"""Reads of statements: the review queue, progress, double coding, what the tagger learns from."""

from __future__ import annotations

from feedback_app.tagging.queries.double import (
    Disagreement,
    Pair,
    SampleRow,
    UnableToFindSample,
    find_next_blind,
    get_sample,
    list_disagreements,
    list_pairs,
    list_samples,
)
from feedback_app.tagging.queries.learning import (
    AuditQuality,
    LearntFrom,
    count_learnt,
    list_learnt,
    read_audit_quality,
)
from feedback_app.tagging.queries.progress import Progress, list_masked, list_progress
from feedback_app.tagging.queries.queue import (
    StatementRow,
    UnableToFindStatement,
    count_by_cause,
    count_readings,
    count_tagged,
    find_next,
    get_statement,
    list_tagged,
)

__all__ = [
    "AuditQuality",
    "Disagreement",
    "LearntFrom",
    "Pair",
    "Progress",
    "SampleRow",
    "StatementRow",
    "UnableToFindSample",
    "UnableToFindStatement",
    "count_by_cause",
    "count_learnt",
    "count_readings",
    "count_tagged",
    "find_next",
    "find_next_blind",
    "get_sample",
    "get_statement",
    "list_disagreements",
    "list_learnt",
    "list_masked",
    "list_pairs",
    "list_progress",
    "list_samples",
    "list_tagged",
    "read_audit_quality",
]
