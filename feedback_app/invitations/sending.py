"""The worker's desk for mails: take a handful from the tray, write, hand over, note the reply.

A handful of mails is marked in doubt in one commit, and the logbook tells its mails apart
should the worker be killed: one at most stays in doubt. Every mail is asked about once more
right before it leaves. While the server takes a text, the next mails are made ready.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from config import Settings
from feedback_app.foundation.db import Database, utc_now
from feedback_app.foundation.mail import (
    Delivery,
    Mail,
    Outlet,
    Turns,
    UnableToReachServer,
    Verdict,
    make_outlet,
)
from feedback_app.foundation.rules import Unable
from feedback_app.foundation.statements import Asker
from feedback_app.invitations import actions
from feedback_app.invitations.actions import Outcome
from feedback_app.invitations.queries import DueMail
from feedback_app.invitations.rules import LEASE_SECONDS, MailState
from feedback_app.invitations.tray import AFTER_TROUBLE, Tray

log = logging.getLogger(__name__)

RUN_SECONDS = 5.0  # then other jobs have their turn
#: A handful is what leaves in so many seconds; the next one is marked when so few are left.
HAND_SECONDS = 0.1
LOW = 15
#: An answer of the database about a mail holds for so long.
FRESH_SECONDS = 0.05
#: A mail that was marked so long ago goes back: the server has become slow.
LONGEST_WAIT = 2.0
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
class Ready:
    """A mail made ready: written, or why it can not be; when it was asked about, if wanted."""

    mail: Mail | Outcome
    asked_at: float = 0.0


@dataclass
class SendingDesk:
    """One worker's connection, tray and letters, kept between runs."""

    settings: Settings
    lease_seconds: float = LEASE_SECONDS
    run_seconds: float = RUN_SECONDS
    _ends_at: float = 0.0
    _rests_until: float = 0.0
    _failures: int = 0
    _troubles: int = 0
    _seconds: float = HAND_SECONDS  # that a mail takes, lately
    _marked_at: float = 0.0
    _dealt_with: int = 0
    _hand: deque[DueMail] = field(default_factory=deque)
    _ready: dict[UUID, Ready] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outlet: Outlet = make_outlet(self.settings)
        self._tray = Tray(
            self.settings, lease_seconds=self.lease_seconds, run_seconds=self.run_seconds
        )

    def run(self, database: Database) -> int:
        """Send what is due for a few seconds; how many mails were dealt with."""
        self._ends_at = time.monotonic() + self.run_seconds
        self._dealt_with = 0
        self._tray.open(database)
        asker = Asker(database.reader)
        try:
            while self._may_go_on() and (self._hand or self._take_hand(database)):
                self._send_next(database, asker)
        finally:
            asker.close()
            self._ready.clear()
            hand, self._hand = self._hand, deque()
            self._tray.put_away(database, hand)
        return self._dealt_with

    def close(self) -> None:
        """Hang up."""
        self.outlet.close()
        self._tray.close()

    def _may_go_on(self) -> bool:
        """False when the time is over or the server rests; waits for the pace."""
        now = time.monotonic()
        wait = 0.0 if self._hand else self._tray.pace.seconds_to_wait(utc_now())
        if now < self._rests_until or now + wait >= self._ends_at:
            return False
        if wait:
            time.sleep(wait)
        return True

    def _take_hand(self, database: Database) -> bool:
        """The next handful; False when nothing is due."""
        while self._may_go_on():
            handful = self._tray.take(database, self._hand_size())
            self._hand, self._marked_at = handful.mails, handful.marked_at
            self._dealt_with += handful.unwanted
            if self._hand:
                return True
            if not handful.unwanted and not self._tray.pace.seconds_to_wait(utc_now()):
                return False
        return False

    def _hand_size(self) -> int:
        return max(1, int(HAND_SECONDS / self._seconds))

    def _send_next(self, database: Database, asker: Asker) -> None:
        due = self._hand.popleft()
        if time.monotonic() - self._marked_at > LONGEST_WAIT:
            self._tray.give_back(due)
            return
        ready = self._ready.pop(due.id, None) or Ready(self._write(due))
        if isinstance(ready.mail, Outcome):
            self._finish(ready.mail)
            return
        started = time.monotonic()
        try:
            delivery = self._deliver(database, asker, due, ready)
        except UnableToReachServer as refusal:
            log.warning("%s", refusal)
            self._tray.give_back(due)
            self._rest()
            return
        self._seconds += (time.monotonic() - started - self._seconds) / 4
        self._note(due, delivery)

    def _write(self, due: DueMail) -> Mail | Outcome:
        """The mail; an outcome when it can not be written: it must not stop the others."""
        try:
            return self._tray.stationery.write(due)
        except Exception as error:  # noqa: BLE001  a poisoned row is put aside
            # The type only: a message can carry what was being written.
            reason = str(error) if isinstance(error, Unable) else type(error).__name__
            log.error("mail %s can not be written: %s", due.id, reason)  # noqa: TRY400
            reply = f"not written {type(error).__name__}"
            return Outcome(due, MailState.FAILED, reply=reply, never_left=True)

    def _deliver(self, database: Database, asker: Asker, due: DueMail, ready: Ready) -> Delivery:
        """Hand the mail over. Whatever goes wrong before its text begins leaves it unsent."""
        assert isinstance(ready.mail, Mail)
        has_begun = False

        def begin() -> None:
            nonlocal has_begun
            self._tray.logbook.begin(due)
            has_begun = True

        def may_leave() -> bool:
            is_fresh = time.monotonic() - ready.asked_at < FRESH_SECONDS
            return is_fresh or due.id in actions.list_wanted(asker, [due])

        turns = Turns(may_leave, begin, lambda: self._look_ahead(database, asker))
        try:
            return self.outlet.deliver(ready.mail, turns)
        except UnableToReachServer:
            raise
        except Exception as error:
            self.outlet.close()
            if not has_begun:
                self._tray.give_back(due, wait=AFTER_TROUBLE)
                raise
            log.error("mail %s failed: %s", due.id, type(error).__name__)  # noqa: TRY400
            return Delivery(Verdict.UNKNOWN, "failed")

    def _look_ahead(self, database: Database, asker: Asker) -> None:
        """While the server takes a text: begin to mark more mails, make the next ones ready."""
        if len(self._hand) <= LOW and not self._tray.pace.has_rate:
            self._tray.take_ahead(database, self._hand_size())
        if not self._hand:
            return
        known = self._ready.get(self._hand[0].id)
        if known is not None and time.monotonic() + self._seconds - known.asked_at < FRESH_SECONDS:
            return
        coming = list(islice(self._hand, self._group_size()))
        for due in coming:
            if due.id not in self._ready:
                self._ready[due.id] = Ready(self._write(due))
        try:
            asked_at = time.monotonic()
            for wanted in actions.list_wanted(asker, coming):
                self._ready[wanted].asked_at = asked_at
        except Exception as error:  # noqa: BLE001  it is asked again, when there is a mail to blame
            log.warning("mails could not be asked about: %s", type(error).__name__)

    def _group_size(self) -> int:
        """As many mails as leave while one answer about them holds."""
        return min(actions.MOST_ASKED, max(1, int(FRESH_SECONDS / 2 / self._seconds)))

    def _note(self, due: DueMail, delivery: Delivery) -> None:
        """Keep what became of the mail until the next commit."""
        if delivery.verdict is Verdict.SKIPPED:
            self._tray.put_aside(due)
            self._dealt_with += 1
            return
        is_trouble = delivery.verdict is Verdict.UNKNOWN or not delivery.reply[:1].isdecimal()
        self._troubles = self._troubles + 1 if is_trouble else 0
        if self._troubles >= MOST_TROUBLES:
            self._rest()
        elif not is_trouble:
            self._failures = 0
        if delivery.verdict is Verdict.UNKNOWN:
            log.warning("mail %s is in doubt: its reply was lost", due.id)
        state = _STATES[delivery.verdict]
        is_later = delivery.verdict is Verdict.LATER
        self._finish(Outcome(due, state, delivery.reply, retry=is_later))

    def _finish(self, outcome: Outcome) -> None:
        self._dealt_with += 1
        self._tray.finish(outcome)

    def _rest(self) -> None:
        """The server is in trouble: leave it alone for a while, longer each time."""
        self._troubles = 0
        pause = RESTS[min(self._failures, len(RESTS) - 1)]
        self._failures += 1
        self._rests_until = time.monotonic() + pause
