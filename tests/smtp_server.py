"""A real SMTP server for tests, on a port of its own, that misbehaves on demand."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from aiosmtpd.controller import Controller

ANY_PORT = 0


class Act(Enum):
    """What the server does with a mail."""

    TAKE = "take"
    RECIPIENT_LATER = "450 4.2.0 later"
    RECIPIENT_REFUSED = "550 5.1.1 no such mailbox"
    TEXT_LATER = "451 4.3.0 later"
    TEXT_REFUSED = "554 5.7.1 disliked"
    HANG_UP_BEFORE_TEXT = "hang up before the text"
    LOSE_REPLY = "take it, then hang up"
    LOSE_TEXT = "hang up in place of a reply, and throw it away"
    BE_SLOW = "take it, and answer too late"


#: recipient, how often it was tried -> what is done
Script = Callable[[str, int], Act]


def take_all(_recipient: str, _attempt: int) -> Act:
    """The script of a server in good health."""
    return Act.TAKE


@dataclass
class Received:
    """One mail that the server has taken."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class SmtpServer:
    """A running server and what it has seen."""

    script: Script = take_all
    slowness: float = 0.0  # seconds, for BE_SLOW
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _tried: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def counts(self) -> Counter[str]:
        """Recipient -> how many mails it got."""
        with self._lock:
            return Counter(each.recipient for each in self.received)

    def environ(self) -> dict[str, str]:
        """Settings that send mail here."""
        return {
            "FEEDBACK_MAIL_HOST": "127.0.0.1",
            "FEEDBACK_MAIL_PORT": str(self.port),
            "FEEDBACK_MAIL_SECURITY": "none",
            "FEEDBACK_MAIL_FROM": "Example Ltd <feedback@example.com>",
            "FEEDBACK_MAIL_BOUNCES": "bounces@example.com",
            "FEEDBACK_MAIL_TIMEOUT": "5",
        }

    # --- what aiosmtpd calls ---

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """A connection greets."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """The script decides about this recipient."""
        self._tried[address] += 1
        act = self.script(address, self._tried[address])
        session.act = act
        if act is Act.HANG_UP_BEFORE_TEXT:
            server.transport.abort()
            return "421 4.4.2 gone"
        if act in (Act.RECIPIENT_LATER, Act.RECIPIENT_REFUSED):
            return act.value
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 welcome"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The script decides about this text."""
        act: Act = session.act
        if act in (Act.TEXT_LATER, Act.TEXT_REFUSED):
            return act.value
        if act is not Act.LOSE_TEXT:
            with self._lock:
                self.received += [
                    Received(envelope.mail_from, each, bytes(envelope.content))
                    for each in envelope.rcpt_tos
                ]
        if act is Act.BE_SLOW:
            await asyncio.sleep(self.slowness)
        if act in (Act.LOSE_REPLY, Act.LOSE_TEXT):
            server.transport.abort()
        return "250 2.0.0 taken"


@contextmanager
def running_smtp(script: Script = take_all, **options: Any) -> Iterator[SmtpServer]:
    """A server on a free port of this machine, in a thread of its own.

    `options` as aiosmtpd's Controller and SMTP take them: TLS, who may sign in.
    """
    handler = SmtpServer(script)
    controller = _AnyPort(handler, hostname="127.0.0.1", port=ANY_PORT, **options)
    controller.start()
    try:
        handler.port = controller.port
        yield handler
    finally:
        controller.stop()


class _AnyPort(Controller):
    """Takes a port that is free; aiosmtpd's own start asks for a fixed one to try it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
