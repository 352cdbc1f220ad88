"""How fast the tagger learns and suggests, and how much memory it takes.

Run: python -m tests.bench.tagger [STATEMENTS]. Statements are put together out of the shipped
examples, so the figures speak of speed alone.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from feedback_app.tagging.suggesting.examples import Example, list_examples
from feedback_app.tagging.suggesting.training import load_cold, save_tagger, train_tagger

USUAL = 10_000
SUGGESTED = 2_000


def make_statements(number: int) -> list[Example]:
    """Statements of one to four sentences, the cause of the first."""
    chance = random.Random(1)
    shipped = list_examples()
    made = []
    for _each in range(number):
        _language, code, text = chance.choice(shipped)
        beside = [chance.choice(shipped)[2] for _more in range(chance.randrange(4))]
        made.append(Example(" ".join([text, *beside]), code))
    return made


def seconds(name: str, started: float, each: int = 0) -> None:
    """Print the time since `started`, and per statement."""
    taken = time.perf_counter() - started
    per = f"  {taken / each * 1000:8.2f} ms each" if each else ""
    print(f"{name:42}{taken:8.2f} s{per}")


def main() -> None:
    """Cold start, loading, suggesting, training."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        load_cold(Path(folder))
        seconds("cold start: trained and kept", started)
        started = time.perf_counter()
        tagger = load_cold(Path(folder))
        seconds("cold start: loaded", started)
        texts = [each.text for each in make_statements(SUGGESTED)]
        started = time.perf_counter()
        tagger.suggest(texts)
        seconds(f"{SUGGESTED} suggestions", started, SUGGESTED)
        confirmed = make_statements(number)
        started = time.perf_counter()
        trained = train_tagger(confirmed, tagger)
        seconds(f"trained with {number} confirmed", started)
        started = time.perf_counter()
        manifest = save_tagger(Path(folder), trained, confirmed, codebook=1)
        seconds("kept", started)
        size = (Path(folder) / manifest.version / "model.skops").stat().st_size
        print(f"{'model file':42}{size / 1e6:8.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory of this process':42}{peak:8.0f} MB")


if __name__ == "__main__":
    main()
