"""Pure rules of the ballot box: when a batch may open, and which segments may travel.

The promise: whoever gets the database, its files and its logs can not link an answer to an
invitation better than one in k. So boxes are opened only in crowds of k that share
everything that is known about an invitation (survey, channel, coarse segments).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from uuid import UUID

from feedback_app.foundation.rules import Unable

MOST_SEGMENTS = 3
OTHER = "other"
#: The channel of batches that take contact slips: no answers, no crowd, opened by contacts.
SLIPS = "slip"


class BatchState(StrEnum):
    """Open takes boxes; stopped takes none (its key is missing) but may still be opened."""

    OPEN = "open"
    STOPPED = "stopped"
    OPENED = "opened"
    DISCARDED = "discarded"


#: Batches whose boxes were neither opened nor given up; their keys are kept.
WAITING = (BatchState.OPEN, BatchState.STOPPED)


class UnableToOpenBatch(Unable):
    """A batch holds too few boxes, or its key is gone."""


def may_open(boxes: int, k: int) -> bool:
    """True when a batch holds a crowd."""
    return boxes >= k


def stratum_of(channel: str, segments: Sequence[str]) -> str:
    """The name of the crowd that an answer waits in: channel and segments, 64 hex digits."""
    named = json.dumps([channel, *segments], ensure_ascii=False)
    return hashlib.sha256(named.encode()).hexdigest()


def late_stratum_of(channel: str, version_id: UUID) -> str:
    """The name of the crowd of answers to an ended version, which a device kept until now."""
    named = json.dumps([channel, {"late": version_id.hex}])
    return hashlib.sha256(named.encode()).hexdigest()


def coarsen(
    combinations: Iterable[Sequence[str]], k: int
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Which coarse segments each invited person's combination becomes.

    `combinations` holds one combination per invited person. A combination that fewer than
    `k` people share becomes all "other"; when those people together are fewer than `k` too,
    the next smallest combination joins them, so that "other" is a crowd as well (or
    everybody is "other").
    """
    counts = Counter(tuple(each) for each in combinations)
    if any(len(each) > MOST_SEGMENTS for each in counts):
        raise ValueError(f"at most {MOST_SEGMENTS} segments may travel with an answer")
    by_size = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    gathered = 0
    becomes: dict[tuple[str, ...], tuple[str, ...]] = {}
    for combination, people in by_size:
        is_rare = people < k or combination == (OTHER,) * len(combination)
        if is_rare or 0 < gathered < k:
            gathered += people
            becomes[combination] = (OTHER,) * len(combination)
        else:
            becomes[combination] = combination
    return becomes


def keepable_languages(languages: Sequence[str], k: int) -> frozenset[str]:
    """The languages that answers of one opening may keep.

    A language shared by fewer than `k` of them would thin the crowd; when those without a
    kept language are themselves fewer than `k` (and not none), nobody keeps one.
    """
    counts = Counter(languages)
    kept = frozenset(language for language, people in counts.items() if people >= k)
    rest = len(languages) - sum(counts[language] for language in kept)
    return kept if rest == 0 or rest >= k else frozenset()
