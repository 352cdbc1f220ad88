"""`python -m feedback_app.reporting.analyst`: answer on standard output what standard input asks.

Ends when the pipe closes, or by itself after ten minutes without a question.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
from typing import IO, Any

from feedback_app.reporting.analyst import wire

IDLE_SECONDS = 600


def main() -> None:
    """Answer until there is nobody to answer."""
    # Ctrl-C in a terminal reaches the whole group; this process ends with its pipe instead.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        # Whatever a library prints must not get between the messages.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        _serve(sys.stdin.buffer, answers)


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    # Loaded while the page server still reads its counts.
    from feedback_app.reporting.analyst.desk import Desk

    desk = Desk()
    # What is loaded stays; and counting makes many small objects but no circles of them.
    gc.freeze()
    gc.disable()
    while select.select([questions], [], [], IDLE_SECONDS)[0]:
        question = wire.read(questions)
        if question is None:
            return
        answers.write(wire.pack(_answer(desk, question)))
        answers.flush()
        del question
        gc.collect()


def _answer(desk: Any, question: dict[str, Any]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = desk.answer(question)
    except Exception as error:  # noqa: BLE001  the next question may be a sound one
        return {"failed": f"{type(error).__name__}: {error}"}
    return answer


if __name__ == "__main__":
    main()
