"""Mail servers for benches, each in a process of its own: they take everything."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SINK = """
import sys, time
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 taken"
class AnyPort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
sink = AnyPort(Sink(), hostname="127.0.0.1", port=0)
sink.start()
print(sink.port, flush=True)
sys.stdin.read()
sink.stop()
"""
#: Says yes to everything, after `sys.argv[1]` seconds to a text.
LIGHT_SINK = """
import asyncio, sys
PAUSE = float(sys.argv[1])
class Sink(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.is_text, self.tail = transport, False, b""
        transport.write(b"220 sink\\r\\n")
    def data_received(self, data):
        if self.is_text:
            self.tail = (self.tail + data)[-5:]
            if self.tail == b"\\r\\n.\\r\\n":
                self.is_text, self.tail = False, b""
                asyncio.get_running_loop().call_later(PAUSE, self.say, b"250 2.0.0 taken\\r\\n")
            return
        verb = data[:4].upper()
        self.is_text = verb == b"DATA"
        self.say(b"354 go on\\r\\n" if self.is_text else b"250 2.1.0 fine\\r\\n")
    def say(self, line):
        self.transport.write(line)
async def main():
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()
asyncio.run(main())
"""


@contextmanager
def running_sink(pause: float | None = None) -> Iterator[int]:
    """A server that takes everything, in a process of its own; its port. `pause`: a light one."""
    process = subprocess.Popen(
        [sys.executable, "-c", *([SINK] if pause is None else [LIGHT_SINK, str(pause)])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(10)
