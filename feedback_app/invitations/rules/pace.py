"""How fast mails may leave: so many a minute over all, and to each recipient domain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

MOST_DOMAINS = 10_000
#: A worker marks a handful of mails at once, so as many may come early over all.
BURST = timedelta(seconds=0.1)


class Pace:
    """Even steps with room for one mail that comes early; a rate of 0 sets no limit.

    Over all, a tenth of a second's mails may come early.
    """

    def __init__(self, *, rate: int, domain_rate: int) -> None:
        self._step = timedelta(seconds=60 / rate) if rate else timedelta()
        self._domain_step = timedelta(seconds=60 / domain_rate) if domain_rate else timedelta()
        self._next: datetime | None = None
        self._next_of: dict[str, datetime] = {}
        self._deferred_of: dict[str, datetime] = {}

    @property
    def has_rate(self) -> bool:
        """True when any limit is set."""
        return bool(self._step or self._domain_step)

    @property
    def has_domain_rate(self) -> bool:
        """True when each domain has a limit."""
        return bool(self._domain_step)

    def know(self, next_of: Mapping[str, datetime], over_all: datetime | None) -> None:
        """What all workers together have used up."""
        self._next = over_all
        self._next_of = dict(next_of)

    def moments(self) -> dict[str, datetime]:
        """What is used up now, by name; "" is over all."""
        over_all = {} if self._next is None else {"": self._next}
        return {**self._next_of, **over_all}

    def seconds_to_wait(self, now: datetime) -> float:
        """Until the next mail to anybody may leave."""
        if self._next is None:
            return 0.0
        early = max(BURST - self._step, timedelta())
        return max(0.0, (self._next - early - now).total_seconds())

    def find_deferral(self, domain: str, now: datetime) -> datetime | None:
        """None when a mail to `domain` may leave now, else when to look at it again.

        Deferred mails get moments one step apart, so each of them waits about once.
        """
        allowed_at = self._next_of.get(domain, now) - self._domain_step
        if not self._domain_step or allowed_at <= now:
            return None
        moment = max(allowed_at, self._deferred_of.get(domain, now))
        self._deferred_of[domain] = moment + self._domain_step
        if len(self._deferred_of) > MOST_DOMAINS:
            self._deferred_of = {name: at for name, at in self._deferred_of.items() if at > now}
        return moment

    def note_sent(self, domain: str, now: datetime) -> None:
        """One mail left."""
        if self._step:
            self._next = max(now, self._next or now) + self._step
        if self._domain_step:
            self._next_of[domain] = max(now, self._next_of.get(domain, now)) + self._domain_step
