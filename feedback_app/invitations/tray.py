"""The worker's tray: mails it has claimed, a handful it has marked, and what became of others.

Marking a handful is one commit; it also records what became of earlier mails. It can be done
ahead in a second thread, while the mails of the last handful leave: nothing waits for a disk.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import Settings
from feedback_app.foundation.db import Database, utc_now
from feedback_app.foundation.mail import domain_of
from feedback_app.invitations import actions, logbook, queries
from feedback_app.invitations.actions import Outcome
from feedback_app.invitations.logbook import Logbook
from feedback_app.invitations.orphans import take_over_orphans
from feedback_app.invitations.queries import DueMail
from feedback_app.invitations.rules import Pace
from feedback_app.invitations.stationery import Stationery

BATCH = 200
#: So many mails are marked in one commit at most.
LARGEST_HAND = 50
AFTER_TROUBLE = timedelta(seconds=5)


@dataclass(slots=True)
class Handful:
    """Mails that were marked in one commit, and when (by the clock of `time.monotonic`)."""

    mails: deque[DueMail] = field(default_factory=deque)
    marked_at: float = 0.0
    unwanted: int = 0


@dataclass(slots=True)
class _Marking:
    """One transaction of marking: what it was given, in case it fails."""

    size: int
    finished: list[Outcome]
    taken: list[DueMail] = field(default_factory=list)


class Tray:
    """One worker's tray. Marking, and claiming for the next marking, go on in a second thread."""

    def __init__(self, settings: Settings, *, lease_seconds: float, run_seconds: float) -> None:
        mail = settings.mail
        self.pace = Pace(rate=mail.rate, domain_rate=mail.domain_rate)
        self.logbook = Logbook(logbook.find_folder(settings))
        self._lease_seconds = lease_seconds
        # No more than can leave in one run: what is leased and waits is kept from others.
        fitting = int(mail.rate * run_seconds / 60) if mail.rate else BATCH
        self._batch_size = min(BATCH, max(1, fitting))
        self._stationery = Stationery(settings)
        self._waiting: deque[DueMail] = deque()
        self._finished: list[Outcome] = []
        self._unwanted: list[DueMail] = []
        self._returns: list[tuple[DueMail, datetime]] = []
        self._ahead: tuple[_Marking, Future[Handful]] | None = None
        self._claiming: Future[None] | None = None
        self._back_office = ThreadPoolExecutor(1, thread_name_prefix="mail")

    @property
    def stationery(self) -> Stationery:
        """Letters of the waves whose mails are here."""
        return self._stationery

    def open(self, database: Database) -> None:
        """Begin a run: write down what an earlier one could not, and what killed workers left."""
        self.put_away(database, ())
        take_over_orphans(database, self.logbook.folder)

    def take(self, database: Database, size: int) -> Handful:
        """The next mails that may leave; none when nothing is due, or the pace says wait."""
        if self._ahead is None:
            self.take_ahead(database, size)
        assert self._ahead is not None
        (marking, future), self._ahead = self._ahead, None
        try:
            handful = future.result()
        except Exception:
            self._finished = marking.finished + self._finished
            self._returns += [(each, utc_now() + AFTER_TROUBLE) for each in marking.taken]
            raise
        self.logbook.keep(marking.finished)
        if handful.mails and not self._waiting and not self.pace.has_rate:
            # Where it fails, marking tries it once more and says so.
            self._claiming = self._back_office.submit(self._claim, database)
        return handful

    def take_ahead(self, database: Database, size: int) -> None:
        """Begin to mark the next handful; `take` waits for it."""
        if self._ahead is None:
            marking = _Marking(size, self._finished)
            self._finished = []
            self._ahead = marking, self._back_office.submit(self._mark, database, marking)

    def finish(self, outcome: Outcome) -> None:
        """What became of a mail; it is written down with the next handful."""
        self._finished.append(outcome)
        self.logbook.end(outcome)

    def put_aside(self, mail: DueMail) -> None:
        """A marked mail that is not wanted any more."""
        self._unwanted.append(mail)

    def give_back(self, mail: DueMail, *, wait: timedelta = timedelta()) -> None:
        """A mail that did not leave and is to be tried again."""
        self._returns.append((mail, utc_now() + wait))

    def put_away(self, database: Database, in_hand: deque[DueMail] | tuple[()]) -> None:
        """Write down all that is known; what is claimed or in hand goes back to the queue."""
        ahead = self.take(database, 1).mails if self._ahead is not None else ()
        if self._claiming is not None:
            wait([self._claiming])
            self._claiming = None
        now = utc_now()
        self._returns += [(each, now) for each in (*in_hand, *ahead, *self._waiting)]
        self._waiting.clear()
        if self._finished or self._returns or self._unwanted:
            with database.writing() as session:
                actions.record_all(session, self._finished, now=now)
                for each in self._unwanted:
                    actions.put_aside(session, each, now=now)
                actions.give_back(session, self._returns)
                if self.pace.has_domain_rate:
                    actions.forget_paces(session, now=now)
            self._finished, self._unwanted, self._returns = [], [], []
        self.logbook.clear()

    def close(self) -> None:
        """The worker goes."""
        self._back_office.shutdown()
        self.logbook.close()

    # --- in the second thread ---

    def _mark(self, database: Database, marking: _Marking) -> Handful:
        """Record what the last mails became and mark the next ones, in one transaction."""
        if not self._waiting:
            self._claim(database)
        marking.taken = taken = self._pick(marking.size)
        now = utc_now()
        self.logbook.mark(taken)
        with database.writing() as session:
            turns: list[datetime | None] = [None] * len(taken)
            if self.pace.has_rate:
                domains = [domain_of(each.address) for each in taken]
                turns = actions.take_turns(session, self.pace, domains, now=now)
            mine = [each for each, later in zip(taken, turns, strict=False) if later is None]
            told = actions.mark(session, mine, now=now, finished=marking.finished)
        self._returns += [
            (each, later) for each, later in zip(taken, turns, strict=False) if later is not None
        ]
        self._waiting.extendleft(reversed(taken[len(turns) :]))
        wanted = (each for each, is_wanted in zip(mine, told, strict=True) if is_wanted)
        return Handful(deque(wanted), time.monotonic(), told.count(False))

    def _claim(self, database: Database) -> None:
        """A small batch, from all sending waves in turn; looks first and writes only then."""
        now = utc_now()
        with database.reading() as session:
            waves = [
                each
                for each in queries.list_sending_waves(session)
                if queries.is_anything_due(session, each, now=now)
            ]
        if not waves:
            return
        share = max(1, self._batch_size // len(waves))
        with database.writing() as session:
            found = [
                mail
                for wave_id in waves
                for mail in actions.claim(
                    session, wave_id, limit=share, now=now, lease_seconds=self._lease_seconds
                )
            ]
        self._waiting.extend(found)
        self._stationery.lay_out(database, {each.wave_id for each in found})

    def _pick(self, size: int) -> list[DueMail]:
        """The next handful, no address twice; in an order that no two workers cross."""
        picked: dict[str, DueMail] = {}
        most = min(size, LARGEST_HAND)
        while self._waiting and len(picked) < most and self._waiting[0].address not in picked:
            mail = self._waiting.popleft()
            picked[mail.address] = mail
        return [picked[address] for address in sorted(picked)]
