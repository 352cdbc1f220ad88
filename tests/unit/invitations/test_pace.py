"""Rates: even steps, and one domain that waits holds no other up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedback_app.invitations.rules import MOST_ATTEMPTS, Pace, next_try_at

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_no_rate_sets_no_limit() -> None:
    pace = Pace(rate=0, domain_rate=0)
    for _ in range(1000):
        pace.note_sent("example.com", NOW)
    assert pace.seconds_to_wait(NOW) == 0
    assert pace.find_deferral("example.com", NOW) is None


def test_the_rate_over_all_spaces_mails_evenly() -> None:
    pace = Pace(rate=60, domain_rate=0)
    now = NOW
    for _ in range(30):
        now += timedelta(seconds=pace.seconds_to_wait(now))
        pace.note_sent("example.com", now)
    assert now - NOW == timedelta(seconds=29)


def test_deferred_mails_come_back_one_by_one_and_keep_the_rate() -> None:
    """A queue of 200 mails to one domain, ten a minute: a simulation of the worker."""
    pace = Pace(rate=0, domain_rate=10)
    queue = [(NOW, number) for number in range(200)]
    sent: list[datetime] = []
    looks = 0
    while queue:
        queue.sort()
        due_at, number = queue.pop(0)
        looks += 1
        later = pace.find_deferral("example.com", due_at)
        if later is None:
            pace.note_sent("example.com", due_at)
            sent.append(due_at)
        else:
            assert later > due_at
            queue.append((later, number))
    assert len(sent) == 200
    for start in range(190):
        within = sum(1 for at in sent if sent[start] <= at < sent[start] + timedelta(minutes=1))
        assert within <= 11, "ten a minute, and one that may come early"
    assert sent[-1] - sent[0] <= timedelta(minutes=21)
    assert looks <= 600, "a mail that waits is looked at about twice"
    assert pace.find_deferral("example.org", NOW) is None


def test_waits_double_and_come_to_an_end() -> None:
    waits = [next_try_at(NOW, attempts, 1.0) for attempts in range(1, MOST_ATTEMPTS)]
    minutes = [(each - NOW).total_seconds() / 60 for each in waits if each is not None]
    assert minutes == [1, 2, 4, 8, 16, 32, 64]
    assert next_try_at(NOW, MOST_ATTEMPTS, 0.5) is None
    assert next_try_at(NOW, 1, 0.0) == NOW + timedelta(seconds=30)
