"""How many answers arrive at open links, and whether too many come out of one network.

Everything lives in the memory of one page server process. Networks are counted under a hash
whose key is made anew every day and is written nowhere: neither a log nor the database ever
sees an address, and yesterday's counts can be tied to nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Lock
from time import time

MINUTE = 60
WINDOW = 10 * MINUTE
DAY = 24 * 60 * MINUTE
#: Answers out of one network within the window after which further ones are flagged.
MOST_OF_ONE_NETWORK = 20
MOST_NETWORKS = 50_000
#: Bits of an address that name its network: what a household or an office shares.
NETWORK_BITS = {4: 24, 6: 48}


@dataclass(slots=True)
class _Traffic:
    """Answers to one survey in the minute `minute` and in the one before."""

    minute: int = 0
    now: int = 0
    before: int = 0

    def move_to(self, minute: int) -> None:
        """Forget what is older than the minute before."""
        if minute != self.minute:
            self.before = self.now if minute == self.minute + 1 else 0
            self.minute, self.now = minute, 0


class Arrivals:
    """Counts answers by survey and by network; every question takes constant time."""

    def __init__(self, busy_from: int, *, clock: Callable[[], float] = time) -> None:
        self._busy_from = busy_from
        self._clock = clock
        self._lock = Lock()
        self._surveys: dict[str, _Traffic] = {}
        self._networks: dict[bytes, int] = {}
        self._window = self._day = -1
        self._key = b""

    def is_busy(self, survey: str) -> bool:
        """True while so many answers arrive that senders must prove some work or wait."""
        if self._busy_from == 0:
            return True
        traffic = self._surveys.get(survey)
        if traffic is None:
            return False
        with self._lock:
            traffic.move_to(int(self._clock() // MINUTE))
            return max(traffic.now, traffic.before) >= self._busy_from

    def note(self, survey: str, address: str) -> bool:
        """Count an answer to `survey`; True when too many came out of its network lately."""
        network = find_network(address)
        with self._lock:
            now = self._clock()
            traffic = self._surveys.setdefault(survey, _Traffic())
            traffic.move_to(int(now // MINUTE))
            traffic.now += 1
            return bool(network) and self._count(network, now) > MOST_OF_ONE_NETWORK

    def _count(self, network: bytes, now: float) -> int:
        window, day = int(now // WINDOW), int(now // DAY)
        if window != self._window or len(self._networks) >= MOST_NETWORKS:
            self._networks.clear()
            self._window = window
        if day != self._day:
            self._key, self._day = secrets.token_bytes(16), day
        hashed = hashlib.blake2b(network, key=self._key, digest_size=8).digest()
        self._networks[hashed] = count = self._networks.get(hashed, 0) + 1
        return count


def find_network(address: str) -> bytes:
    """The network that `address` lies in; b"" where nothing can be told from it.

    Loopback says only that a proxy stands in front and was not configured.
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return b""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback or found.is_unspecified:
        return b""
    return found.packed[: NETWORK_BITS[found.version] // 8]
