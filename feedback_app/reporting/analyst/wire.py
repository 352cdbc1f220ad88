"""Messages between a page server and its analyst: four bytes of length, then JSON."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">I")


def pack(message: dict[str, Any]) -> bytes:
    """One message as bytes."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return _LENGTH.pack(len(body)) + body


def read_length(head: bytes) -> int:
    """How many bytes of JSON follow the four bytes of `head`."""
    return int(_LENGTH.unpack(head)[0])


def unpack(body: bytes) -> dict[str, Any]:
    """The message whose JSON `body` is."""
    message = json.loads(body)
    if not isinstance(message, dict):
        raise TypeError("a message is an object")
    return message


def read(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message of a blocking stream, None where it ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length = read_length(head)
    body = stream.read(length)
    return unpack(body) if len(body) == length else None


HEAD_BYTES = _LENGTH.size
