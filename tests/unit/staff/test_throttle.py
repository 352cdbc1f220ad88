"""Slowing down who guesses."""

from __future__ import annotations

from feedback_app.staff import throttle
from feedback_app.staff.throttle import LIMITS, WINDOW, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_limit_holds_and_passes_with_time() -> None:
    clock = Clock()
    counters = Throttle(clock=clock)
    for _ in range(LIMITS["second factor"]):
        assert not counters.must_wait(second_factor="anna")
        counters.count_failure(second_factor="anna")
    assert counters.must_wait(second_factor="anna")
    assert not counters.must_wait(second_factor="boris")
    clock.now += WINDOW
    assert not counters.must_wait(second_factor="anna")


def test_one_address_over_its_limit_does_not_lock_an_email_out_elsewhere() -> None:
    counters = Throttle(clock=Clock())
    for _ in range(LIMITS["email and address"]):
        counters.count_failure(email_and_address="anna 10.0.0.1", email="anna")
    assert counters.must_wait(email_and_address="anna 10.0.0.1", email="anna")
    assert not counters.must_wait(email_and_address="anna 10.0.0.2", email="anna")


def test_success_starts_again() -> None:
    counters = Throttle(clock=Clock())
    for _ in range(LIMITS["second factor"]):
        counters.count_failure(second_factor="anna")
    counters.forget(second_factor="anna")
    assert not counters.must_wait(second_factor="anna")


def test_what_is_kept_names_nobody() -> None:
    counters = Throttle(clock=Clock())
    counters.count_failure(address="192.0.2.7", email="anna@example.com")
    assert "192.0.2.7" not in repr(vars(counters))
    assert "anna" not in repr(vars(counters))


def test_memory_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(throttle, "MOST_KEYS", 100)
    counters = Throttle(clock=Clock())
    for number in range(1000):
        counters.count_failure(address=str(number))
    assert len(counters._failures) <= 100
