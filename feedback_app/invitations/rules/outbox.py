"""What can become of a mail, and when it is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: Seconds that a worker owns a mail it has claimed. Longer than a slow server needs for one
#: mail: after it another worker takes the mail over (unless it is in doubt).
LEASE_SECONDS = 300
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)


class MailState(StrEnum):
    """Queued and leased mails will be sent; the others are over, "in doubt" until settled.

    In doubt: the text was on its way when the worker or the connection died, so nobody can
    tell whether it arrived. It is never sent again by itself.
    """

    QUEUED = "queued"
    LEASED = "leased"
    IN_DOUBT = "in-doubt"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    DROPPED = "dropped"


def is_address_at_fault(reply: str) -> bool:
    """True when a refusal means that the address is no good, not that our mail was disliked.

    RFC 3463: 5.1.x are bad addresses, 5.2.1 is a mailbox that was shut. Without such a
    status the plain codes 550, 551 and 553 mean the mailbox.
    """
    code, _, status = reply.partition(" ")
    if status:
        return status.startswith("5.1.") or status == "5.2.1"
    return code in ("550", "551", "553")


def next_try_at(now: datetime, attempts: int, chance: float) -> datetime | None:
    """When a mail that failed `attempts` times is tried again; None when it was the last time.

    The wait doubles from a minute to four hours and is then drawn from its upper half
    (`chance` in 0..1), so that mails delayed together do not all come back together.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    wait: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return now + wait * (0.5 + 0.5 * chance)
