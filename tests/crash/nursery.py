"""Workers that start in milliseconds: forked from a process that has loaded everything.

So a kill costs no second of imports, and hits work instead of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

#: `work` is defined before; it is what a worker does until it is killed.
FORKING = """
import os, signal, sys
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    print(child, flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
"""


class Nursery:
    """A process that loaded what `code` imports and forks a worker, its `work`, when asked to."""

    def __init__(self, code: str, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", code + FORKING],
            cwd=Path(__file__).resolve().parents[2],
            env={"PATH": os.environ["PATH"], **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._read() == "ready"

    def start(self) -> int:
        """A new worker; its process number."""
        asked = self._process.stdin
        assert asked is not None
        asked.write("\n")
        asked.flush()
        return int(self._read())

    def end(self) -> None:
        """No more workers."""
        self._process.kill()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> str:
        told: IO[str] | None = self._process.stdout
        assert told is not None
        return told.readline().strip()
