"""Workers that are killed while they send lose no mail and send none twice."""

from __future__ import annotations

from config import Settings
from feedback_app.foundation.db import Database
from tests.crash.mail_storm import storm

KILLS = 14  # workers
#: Enough for every worker to be killed while it still has mails to send.
PEOPLE = 270


def test_killed_workers_lose_nothing_and_send_nothing_twice(
    prepared: Database, settings: Settings
) -> None:
    workers = 1 if prepared.is_sqlite else 2
    kills = KILLS // workers
    damage = storm(
        prepared, settings, kills=kills, people=PEOPLE * workers, workers=workers, longest=0.04
    )
    assert damage.duplicates == 0
    assert damage.lost == 0
    assert damage.unsettled == 0
    assert damage.in_doubt > 0, "a storm that hits nothing shows nothing"
    assert damage.in_doubt <= KILLS + damage.lost_replies
    assert damage.is_as_promised
