"""The worker's desk for mails: claim, write, mark in doubt, hand over, record.

One commit per mail: it records what became of the last mail and marks the next one in
doubt. So a worker that is killed leaves at most one mail in doubt and loses none. The
commit runs beside the server's look at the envelope; the text waits for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from config import Settings
from feedback_app.foundation.db import Database, utc_now
from feedback_app.foundation.mail import (
    Delivery,
    Mail,
    Outlet,
    UnableToReachServer,
    Verdict,
    domain_of,
    make_outlet,
)
from feedback_app.foundation.rules import Unable
from feedback_app.invitations import actions, queries
from feedback_app.invitations.actions import Outcome
from feedback_app.invitations.pace import Pace
from feedback_app.invitations.queries import DueMail
from feedback_app.invitations.rules import LEASE_SECONDS, MailState
from feedback_app.invitations.stationery import Stationery

log = logging.getLogger(__name__)

BATCH = 100
RUN_SECONDS = 5.0  # then other jobs have their turn
#: So many failures in a row are the server's fault, not the mails'.
MOST_TROUBLES = 3
RESTS = (5.0, 15.0, 60.0, 300.0)

_STATES = {
    Verdict.SENT: MailState.SENT,
    Verdict.REFUSED: MailState.BOUNCED,
    Verdict.LATER: MailState.QUEUED,
    Verdict.UNKNOWN: MailState.IN_DOUBT,
}


@dataclass
class SendingDesk:
    """One worker's connection, pace and letters, kept between runs."""

    settings: Settings
    lease_seconds: float = LEASE_SECONDS
    run_seconds: float = RUN_SECONDS
    _rests_until: float = 0.0
    _failures: int = 0
    _troubles: int = 0
    _finished: list[Outcome] = field(default_factory=list)
    _returns: list[tuple[DueMail, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        mail = self.settings.mail
        self._pace = Pace(rate=mail.rate, domain_rate=mail.domain_rate)
        self._stationery = Stationery(self.settings)
        self.outlet: Outlet = make_outlet(self.settings)
        # One thread that marks a mail while the server looks at its envelope, and writes the
        # next one while the server takes the text.
        self._back_office = ThreadPoolExecutor(1, thread_name_prefix="mail")

    def run(self, database: Database) -> int:
        """Send what is due for a few seconds; how many mails were dealt with."""
        ends_at = time.monotonic() + self.run_seconds
        dealt_with = 0
        while self._may_go_on(ends_at):
            batch = self._claim(database)
            if not batch:
                break
            dealt_with += self._send_batch(database, batch, ends_at)
        return dealt_with

    def close(self) -> None:
        """Hang up."""
        self._back_office.shutdown()
        self.outlet.close()

    def _claim(self, database: Database) -> list[DueMail]:
        """A small batch, from all sending waves in turn; looks first and writes only then."""
        now = utc_now()
        with database.reading() as session:
            waves = [
                each
                for each in queries.list_sending_waves(session)
                if queries.is_anything_due(session, each, now=now)
            ]
        if not waves:
            return []
        share = max(1, self._batch_size() // len(waves))
        found: list[DueMail] = []
        with database.writing() as session:
            for wave_id in waves:
                found += actions.claim(
                    session, wave_id, limit=share, now=now, lease_seconds=self.lease_seconds
                )
        return found

    def _batch_size(self) -> int:
        """No more than can leave in one run: what is leased and waits is kept from others."""
        rate = self.settings.mail.rate
        return min(BATCH, max(1, int(rate * self.run_seconds / 60))) if rate else BATCH

    def _send_batch(self, database: Database, batch: Sequence[DueMail], ends_at: float) -> int:
        self._stationery.lay_out(database, {each.wave_id for each in batch})
        dealt_with = 0
        written = self._back_office.submit(self._write, batch[0])
        for place, due in enumerate(batch):
            mail, following = written.result(), batch[place + 1 : place + 2]
            if not self._may_go_on(ends_at):
                now = utc_now()
                self._returns += [(each, now) for each in batch[place:]]
                break
            later = self._pace.find_deferral(domain_of(due.address), utc_now())
            if later is not None:
                self._returns.append((due, later))
            elif isinstance(mail, Outcome):
                self._finished.append(mail)
                dealt_with += 1
            marked = None
            if later is None and isinstance(mail, Mail):
                marked = self._back_office.submit(self._mark, database, due)
            if following:
                written = self._back_office.submit(self._write, following[0])
            if marked is not None and isinstance(mail, Mail):
                dealt_with += self._send(database, due, mail, marked)
        self._flush(database)
        return dealt_with

    def _may_go_on(self, ends_at: float) -> bool:
        if time.monotonic() < self._rests_until:
            return False
        wait = self._pace.seconds_to_wait(utc_now())
        if time.monotonic() + wait >= ends_at:
            return False
        if wait:
            time.sleep(wait)
        return True

    def _send(self, database: Database, due: DueMail, mail: Mail, marked: Future[bool]) -> int:
        """One mail: 1 when it was dealt with, 0 when it was put off."""
        delivery = self._deliver(due, mail, marked)
        if delivery is None:
            return 0
        if delivery.verdict is Verdict.SKIPPED:
            return 1
        self._note(due, delivery)
        if self._pace.seconds_to_wait(utc_now()):
            self._flush(database)
        return 1

    def _write(self, due: DueMail) -> Mail | Outcome:
        """The mail; an outcome when it can not be written: it must not stop the others."""
        try:
            return self._stationery.write(due)
        except Exception as error:  # noqa: BLE001  a poisoned row is put aside
            # The type only: a message can carry what was being written.
            reason = str(error) if isinstance(error, Unable) else type(error).__name__
            log.error("mail %s can not be written: %s", due.id, reason)  # noqa: TRY400
            return Outcome(due, MailState.FAILED, reply=f"not written {type(error).__name__}")

    def _deliver(self, due: DueMail, mail: Mail, marked: Future[bool]) -> Delivery | None:
        """Hand the mail over; None when no mail can leave at the moment.

        While the server looks at the envelope the mail is marked in doubt; its text waits
        for the mark.
        """
        try:
            delivery = self.outlet.deliver(mail, marked.result)
            return delivery if marked.result() else Delivery(Verdict.SKIPPED)
        except UnableToReachServer as refusal:
            log.warning("%s", refusal)
            if marked.result():
                self._returns.append((due, utc_now()))
            self._rest()
            return None
        except Exception as error:  # noqa: BLE001  one bad mail must not stop the others
            log.error("mail %s failed: %s", due.id, type(error).__name__)  # noqa: TRY400
            self.outlet.close()
            is_marked = marked.exception() is None and marked.result()
            return Delivery(Verdict.UNKNOWN if is_marked else Verdict.LATER, "failed")

    def _mark(self, database: Database, due: DueMail) -> bool:
        """Record what the last mails became and mark this one in doubt, in one transaction."""
        now = utc_now()
        with database.writing() as session:
            may_leave = actions.mark_in_doubt(session, due, now=now, finished=self._finished)
        self._finished = []
        return may_leave

    def _note(self, due: DueMail, delivery: Delivery) -> None:
        """Keep what became of the mail until the next commit."""
        is_trouble = delivery.verdict is Verdict.UNKNOWN or not delivery.reply[:1].isdecimal()
        self._troubles = self._troubles + 1 if is_trouble else 0
        if self._troubles >= MOST_TROUBLES:
            self._rest()
        elif not is_trouble:
            self._failures = 0
        if delivery.verdict is not Verdict.LATER:
            self._pace.note_sent(domain_of(due.address), utc_now())
        if delivery.verdict is Verdict.UNKNOWN:
            log.warning("mail %s is in doubt: its reply was lost", due.id)
            return
        state = _STATES[delivery.verdict]
        outcome = Outcome(due, state, delivery.reply, retry=delivery.verdict is Verdict.LATER)
        self._finished.append(outcome)

    def _flush(self, database: Database) -> None:
        """Write down what is known now."""
        if not self._finished and not self._returns:
            return
        with database.writing() as session:
            for each in self._finished:
                actions.record(session, each, now=utc_now())
            actions.give_back(session, self._returns)
        self._finished = []
        self._returns = []

    def _rest(self) -> None:
        """The server is in trouble: leave it alone for a while, longer each time."""
        self._troubles = 0
        pause = RESTS[min(self._failures, len(RESTS) - 1)]
        self._failures += 1
        self._rests_until = time.monotonic() + pause
