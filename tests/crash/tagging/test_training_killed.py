"""Training that is killed, at any step of saving, leaves the model that was there before."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from feedback_app.tagging.suggesting import training
from feedback_app.tagging.suggesting.store import find_manifest
from tests.factories.tagging import few_examples, put_cold_start

ROOT = Path(__file__).parents[3]
FEWEST_STEPS = 7

#: Saves a tagger again and again in children; the n-th child kills itself, without any clean-up,
#: before its n-th step that touches the disk. Prints what each child left: how it ended and which
#: version is the current one.
DYING = """
import json, os, sys
from pathlib import Path
from feedback_app.tagging.suggesting import training

folder = Path(sys.argv[1])
tagger = training.load_tagger(folder)
steps, last = 0, 0

def watched(real):
    def step(*arguments, **options):
        global steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), 9)
        return real(*arguments, **options)
    return step

while True:
    last += 1
    child = os.fork()
    if not child:
        Path.rename, Path.replace = watched(Path.rename), watched(Path.replace)
        Path.write_text, os.fsync = watched(Path.write_text), watched(os.fsync)
        Path.mkdir = watched(Path.mkdir)
        training.save_tagger(folder, tagger, (), codebook=2)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    current = training.load_tagger(folder)
    told = current.suggest(["too expensive"])[0].primary
    print(json.dumps([status, current.version, told]))
    if status != -9:
        break
"""


def test_killed_before_any_step_of_saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "list_cold_examples", few_examples)
    before = training.save_tagger(tmp_path, training.train_cold(), (), codebook=1).version
    ended = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    deaths = [version for status, version, _told in records if status == -signal.SIGKILL]
    assert len(deaths) >= FEWEST_STEPS
    assert records[-1][0] == 0, ended.stderr
    # A whole model answers after every death; the former one up to the step that moves the pointer.
    assert len({told for _status, _version, told in records}) == 1
    moved = [place for place, version in enumerate(deaths) if version != before]
    assert len(moved) <= 1
    assert set(deaths[: FEWEST_STEPS - 2]) == {before}
    manifest = find_manifest(tmp_path)
    assert manifest is not None
    assert (manifest.version, manifest.codebook) == (records[-1][1], 2)


def test_killed_while_learning(tmp_path: Path) -> None:
    home = tmp_path / "home"
    models = home / "models"
    home.mkdir(mode=0o700)
    put_cold_start(models)
    before = training.load_tagger(models)
    file = tmp_path / "confirmed.csv"
    file.write_text("text,primary\n" + "far too expensive,company.price\n" * 3000, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "feedback_app.cli", "tagger", "train", str(file)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "FEEDBACK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(1.5)
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    assert training.load_tagger(models).version == before.version
