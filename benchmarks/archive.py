"""Rows a second and peak memory of `replydesk label`, beside reading and writing alone and beside peers, in one run.

Every measurement is a process of its own, so that memory is its own too (on Linux: the process and its workers, shared
pages counted once). The clock starts behind the imports and, of peers, the training; it runs while a model is opened and
workers or Spark start. Machines differ, so read the ratios. The archives are made of the project's test messages,
shuffled, one in ten with an order number. Peers do less: the textbook pipeline and fastText give the issue alone.

    python benchmarks/archive.py                              # 10,000 and 100,000 rows
    python benchmarks/archive.py --rows 1000000 --formats jsonl --workers 1 2 --engines local
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
CHUNK_ROWS = 10_000
PEERS = ("textbook", "fasttext")


def make_archives(folder: Path, rows: int, formats: list[str]) -> None:
    """Write the same rows in each format, a chunk at a time."""
    from model.files import data_dir
    from model.labels import load_labels
    from training.corpus import read_messages

    texts = [m.text for m in read_messages([data_dir() / "corpora" / "test"], load_labels())]
    random.Random(0).shuffle(texts)  # noqa: S311
    writers: dict[str, Any] = {}
    schema = pa.schema({"id": pa.int64(), "sku": pa.string(), "text": pa.string()})
    for start in range(0, rows, CHUNK_ROWS):
        records = [
            {
                "id": n,
                "sku": f"S{n % 50}",
                "text": texts[n % len(texts)] + (f" 112-{n:07d}-7654321" if n % 10 == 0 else ""),
            }
            for n in range(start, min(start + CHUNK_ROWS, rows))
        ]
        if "csv" in formats:
            with (folder / "in.csv").open("a", encoding="utf-8", newline="") as file:
                if start == 0:
                    csv.writer(file).writerow(records[0])
                csv.writer(file).writerows(record.values() for record in records)
        if "jsonl" in formats:
            with (folder / "in.jsonl").open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        if "parquet" in formats:
            writers.setdefault("parquet", pq.ParquetWriter(folder / "in.parquet", schema))
            writers["parquet"].write_table(pa.Table.from_pylist(records, schema))
    for writer in writers.values():
        writer.close()


def copy_rows(source: Path, output: Path, predict: Callable[[list[str]], list[str]] | None) -> int:
    """Read and write with our own readers and writers; with one column from `predict`, or with labels that cost nothing."""
    from serve.archive.formats import load_format
    from serve.archive.layout import fixed_layout, free_layout
    from serve.archive.sources import find_sources
    from serve.archive.target import target_of

    (found,) = find_sources([source], encoding="utf-8-sig")
    form, target = load_format(found), target_of(output)
    layout = (
        free_layout(suggest=False) if target.format == "jsonl" else fixed_layout([form.fields(found)], suggest=False)
    )
    count = 0
    with output.open("wb") as file:
        file.write(target.header(layout))
        for chunk in form.chunks(found, 2_000):
            rows = chunk.load()
            labels: dict[str, list[Any]] = {name: [None] * len(rows) for name in layout.labels}
            texts = rows.values("text")
            if predict:
                labels["issue"] = predict(texts)
            file.write(target.write(rows, labels, layout))
            count += len(rows)
    if target.format == "parquet":
        from serve.archive.assembly import write_parquet

        write_parquet(output, output.with_suffix(".made"), layout)
    return count


def peer(name: str) -> Callable[[list[str]], list[str]]:
    """Train a peer on the shipped messages; return its prediction of issues."""
    from model.labels import load_labels
    from training.corpus import read_messages
    from training.train import shipped_corpus

    train = read_messages(shipped_corpus(), load_labels())
    if name == "textbook":
        from benchmarks.reading import textbook

        pipeline = textbook().fit([m.text for m in train], [m.issues[0] for m in train])
        return lambda texts: list(pipeline.predict(texts))
    import fasttext

    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.writelines(f"__label__{m.issues[0]} {' '.join(m.text.split())}\n" for m in train)
        file.flush()
        model = fasttext.train_supervised(file.name, epoch=15, wordNgrams=2, minn=2, maxn=5, verbose=0)
    return lambda texts: [found[0] for found in model.predict([" ".join(t.split()) for t in texts])[0]]


def measure_one(what: str, source: Path, output: Path, workers: int) -> None:
    """Do one thing and print its seconds; run in a process of its own."""
    from serve.archive.formats import jsonl, parquet, separated  # noqa: F401
    from serve.archive.label import Options, label_archives

    if what == "read and write":
        work: Callable[[], object] = lambda: copy_rows(source, output, None)  # noqa: E731
    elif what in PEERS:
        predict = peer(what)
        work = lambda: copy_rows(source, output, predict)  # noqa: E731
    elif what == "spark":
        from serve.archive.spark import label_on_spark

        work = lambda: label_on_spark([str(source)], str(output), Options(), workers=workers)  # noqa: E731
    else:
        work = lambda: label_archives([source], output, Options(), workers=workers)  # noqa: E731
    started = time.perf_counter()
    work()
    print(f"\nseconds {time.perf_counter() - started:.3f}")


def measure(what: str, source: Path, output: Path, workers: int) -> tuple[float, float] | None:
    """Return seconds and peak memory in MB; None where the peer is not there."""
    command = [sys.executable, __file__, "--one", what, str(source), str(output), str(workers)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(resident_kb(pid) for pid in family(process.pid)))
        time.sleep(0.05)
    said, complained = process.communicate()
    found = re.search(r"^seconds (\S+)", said, re.MULTILINE)
    if found is None:
        Console(stderr=True).print(f"{what}: {complained.strip().splitlines()[-1:]}", markup=False)
        return None
    return float(found[1]), peak / 1024


def family(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def resident_kb(pid: int) -> int:
    """Return the memory of a process, what it shares with others counted in parts."""
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def main() -> None:
    """Make the archives, measure everything in turn, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--formats", nargs="+", default=["csv", "jsonl", "parquet"])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--engines", nargs="+", default=["local", "spark"])
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measure_one(given.one[0], Path(given.one[1]), Path(given.one[2]), int(given.one[3]))
        return
    table = Table("rows", "format", "what", "workers", "rows/s", "of read and write", "of textbook", "peak MB")
    runs = [("read and write", 1), *((name, 1) for name in given.peers)]
    runs += [(engine, workers) for engine in given.engines for workers in given.workers]
    for rows in given.rows:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make_archives(folder, rows, given.formats)
            for form in given.formats:
                rates: dict[str, float] = {}
                for what, workers in runs:
                    output = folder / f"out.{form}"
                    measured = measure(what, folder / f"in.{form}", output, workers)
                    shutil.rmtree(output) if output.is_dir() else output.unlink(missing_ok=True)
                    if measured is None:
                        continue
                    rate = rates[what] = rows / measured[0]
                    ratios = [f"{rate / rates[b]:.2f}" if b in rates else "" for b in ("read and write", "textbook")]
                    table.add_row(f"{rows:,}", form, what, str(workers), f"{rate:,.0f}", *ratios, f"{measured[1]:,.0f}")
                    print(f"{rows} {form} {what} {workers}: {rate:,.0f} rows/s, {measured[1]:,.0f} MB", flush=True)
    Console(width=110).print(table)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
