"""A participant at the other end of a real connection."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from feedback_app.brainstorms.seats import Ticket, sign
from tests.factories.sessions import Room

TIMEOUT = 20


class Participant:
    """Keeps one connection and its cookies; sends what a page's script would send."""

    def __init__(self, base: str, room: Room, secret: bytes, secret_key: str) -> None:
        self.servers = [urlsplit(base)]
        self.path = f"/brainstorms/{room.code}"
        self.cookies = {"session_seat": sign(Ticket(room.row.id, secret), secret_key)}
        self.connection: http.client.HTTPConnection | None = None
        self.token = ""
        self.last = 0
        self.mark = ""
        self.events: list[list[Any]] = []

    def open(self) -> None:
        """Open the live page, for its token."""
        status, text, _headers = self.ask("GET", "")
        assert status == http.HTTPStatus.OK, status
        found = re.search(r'"token": "([^"]+)"', text)
        assert found, "the live page carries no token"
        self.token = found[1]

    def poll(self) -> int:
        """Ask what is new; the answer's status."""
        headers = {"If-None-Match": self.mark} if self.mark else {}
        status, text, told = self.ask("GET", f"/events?after={self.last}", headers=headers)
        if status == http.HTTPStatus.OK:
            self.mark = told.get("ETag", "")
            fresh = json.loads(text)["events"]
            self.events += fresh
            self.last = fresh[-1][0] if fresh else self.last
        return status

    def listen(self) -> Iterator[bytes]:
        """The lines of a stream, for as long as it lives; none where there is no place."""
        answer = self._request("GET", "/stream", None, {})
        while answer.status == http.HTTPStatus.OK and (line := answer.readline()):
            yield line

    def send(self, path: str, **body: Any) -> int:
        """Post as the script does; the answer's status."""
        body.setdefault("id", str(uuid4()))
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        return self.ask("POST", path, body=json.dumps(body), headers=headers)[0]

    def send_until_taken(self, path: str, **body: Any) -> int:
        """Post again and again under one id, as a page does whose server went away."""
        body.setdefault("id", str(uuid4()))
        for _ in range(200):
            try:
                return self.send(path, **body)
            except (OSError, http.client.HTTPException):
                continue
        raise AssertionError(f"{path} was never taken")

    def ask(
        self, method: str, path: str, *, body: str | None = None, headers: Any = None
    ) -> tuple[int, str, Any]:
        """One request over the kept connection, which is given up when it fails."""
        try:
            return self._ask(method, path, body, headers or {})
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str, Any]:
        answer = self._request(method, path, body, headers)
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, text, answer.headers

    def _request(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                self.servers[0].hostname or "", self.servers[0].port, timeout=TIMEOUT
            )
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(
            method, self.path + path, body=body, headers={"Cookie": cookies, **headers}
        )
        return self.connection.getresponse()

    def close(self) -> None:
        """Give the connection up; the next question goes to the next server."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None
        self.servers = [*self.servers[1:], self.servers[0]]

    def move_to(self, *servers: str) -> None:
        """Ask the first of these from now on, and the next whenever one fails."""
        self.close()
        self.servers = [urlsplit(each) for each in servers]
