"""Small archives and one call that labels them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from serve.archive import label as labelling
from serve.archive.label import Options, label_archives

TEXTS = ["Where is my parcel?", "Es ist kaputt, Geld zurück!", "キャンセルしたいです", "", "ขอบคุณค่ะ ได้รับของแล้ว"]


@pytest.fixture
def archive(tmp_path):
    """57 rows of CSV, some messages over two lines, one column named like a label."""
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "message", "language"])
        writer.writerows([n, TEXTS[n % len(TEXTS)] + ("\nsecond line" if n % 3 == 0 else ""), "?"] for n in range(57))
    return path


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of ten rows, and a note behind each."""
    monkeypatch.setattr(labelling, "BATCH_ROWS", 10)
    monkeypatch.setattr("serve.archive.partial.NOTE_S", 0.0)


@pytest.fixture
def label(tmp_path, model_folder):
    """Label inputs and return the rows as records."""

    def call(*inputs, output="out.jsonl", workers=1, resume=False, progress=None, **options):
        out = tmp_path / output
        given = Options(model=model_folder, **options)
        call.summary = label_archives(inputs, out, given, workers=workers, resume=resume, progress=progress)
        return read_rows(out)

    call.model = model_folder
    return call


def read_rows(path: Path) -> list[dict]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix in (".gz", ".zst", ".xlsx"):
        return []  # compared as bytes
    text = path.read_bytes().decode()
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text, newline="")))
    return [json.loads(line) for line in text.split("\n")[:-1]]
