"""Killed at random moments, fifty times, a run ends with the bytes of an unbroken one. No clean-up code runs on SIGKILL."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROWS = 1_500
BATCHES = 60
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL and file limits are POSIX's")]

# Everything is imported once; each run is a fork, killed alone. Between batches it waits a little, to be hit anywhere.
RUNNER = """
import json, os, sys, time, traceback
from pathlib import Path
from model.reader import Reader
from serve.archive import label as labelling, local, partial
from serve.archive.label import Options, label_archives

Reader.open(Path(sys.argv[1])).read(["Where is my parcel?"])
labelling.BATCH_ROWS = 25
work = local._work

for line in sys.stdin:
    told = json.loads(line)
    pid = os.fork()
    if pid == 0:
        try:
            partial.NOTE_S = told["note_s"]
            local._work = lambda *args: time.sleep(told["pause_s"]) or work(*args)
            label_archives([told["input"]], Path(told["output"]), Options(model=Path(sys.argv[1])), resume=told["resume"])
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


@pytest.fixture(scope="module")
def runs(model_folder):
    """Start a run, kill it after so many seconds; return its wait status."""
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, model_folder], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def call(source, output, *, resume=False, note_s=0.0, pause_s=0.0, kill_after_s=None):
        told = {"input": str(source), "output": str(output), "resume": resume, "note_s": note_s, "pause_s": pause_s}
        print(json.dumps(told), file=runner.stdin, flush=True)
        pid = int(runner.stdout.readline())
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return int(runner.stdout.readline())

    yield call
    runner.stdin.close()
    runner.wait(20)
    runner.stdout.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("killed") / "in.jsonl"
    rows = [{"id": n, "text": f"Where is parcel {n}?", "n": n / 3, "tags": ["a", "b"]} for n in range(ROWS)]
    lines = [json.dumps(row) for row in rows]
    lines[70] = "{broken"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(("ending", "kills"), [("csv", 13), ("jsonl", 12), ("parquet", 13), ("jsonl.gz", 12)])
def test_killed_at_random_moments(archive, tmp_path, runs, ending, kills):
    whole, broken = tmp_path / f"whole.{ending}", tmp_path / f"broken.{ending}"
    assert runs(archive, whole) == 0
    started = time.monotonic()
    assert runs(archive, broken) == 0
    seconds = time.monotonic() - started
    chance = random.Random(ending)  # noqa: S311
    killed, resumed_at = 0, set()
    while killed < kills:
        broken.unlink()
        resume = False
        while not broken.exists():
            after = chance.uniform(0, seconds + 1) if killed < kills else None
            note_s = chance.choice([0.0, 0.05])
            status = runs(archive, broken, resume=resume, note_s=note_s, pause_s=1 / BATCHES, kill_after_s=after)
            assert status in (0, signal.SIGKILL)
            killed += status == signal.SIGKILL
            note = tmp_path / f"broken.{ending}.partial.json"
            if note.exists():
                resumed_at.add(json.loads(note.read_text())["batches"])
            resume = True
            # The output is there whole or not at all.
            assert not broken.exists() or broken.read_bytes() == whole.read_bytes()
        if list(tmp_path.glob("broken*partial.json")):  # killed between the renaming and the end
            assert runs(archive, broken, resume=True) == 0
        assert broken.read_bytes() == whole.read_bytes()
    assert len(resumed_at) > 4  # it was hit at different places


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_full_disk_by_limit_of_file_size(archive, tmp_path, runs, model_folder, ending):
    import resource

    whole, full = tmp_path / f"whole.{ending}", tmp_path / f"full.{ending}"
    assert runs(archive, whole) == 0
    command = [sys.executable, "-m", "replydesk", "label", archive, "--output", full, "--model", model_folder]
    surroundings = {
        "cwd": tmp_path,
        "env": {**os.environ, "PYTHONPATH": str(ROOT)},
        "capture_output": True,
        "timeout": 60,
    }
    failed = subprocess.run(
        command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)), **surroundings
    )
    said = failed.stderr.decode().strip().splitlines()
    assert failed.returncode == 1
    assert len(said) == 1
    assert "the disk is full" in said[0]
    assert "--resume" in said[0]
    assert not full.exists()
    assert subprocess.run([*command, "--resume"], **surroundings).returncode == 0
    assert ending != "csv" or full.read_bytes() == whole.read_bytes()
