"""Labels whole archives, batch by batch, in order; a run that was broken off can go on where it stopped."""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import joblib

from model.errors import InputError, UsageError
from model.reader import Reader, Reading
from serve.archive.rows import Row, archive_format, columns_of, read_rows, text_column
from serve.clock import priority
from serve.suggest import person_reasons

LABEL_COLUMNS = (
    "language", "supported", "issue", "issues", "issue_confidence", "sentiment", "sentiment_score", "priority",
    "needs_person", "order_id", "model_version", "error",
)  # fmt: skip
BATCH_ROWS = 2_000


@dataclass
class Summary:
    """What was labelled."""

    rows: int = 0
    errors: int = 0
    issues: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)


def label_archives(
    inputs: Sequence[Path],
    output: Path,
    *,
    model: Path | None = None,
    column: str | None = None,
    workers: int = 1,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Label archives into one file, one output row for each input row, in order.

    The output appears under its name only when it is whole; until then it is `<output>.partial`.

    Parameters
    ----------
    inputs : sequence of Path
        CSV or JSON Lines, each may be gzipped.
    output : Path
        CSV or JSON Lines by its ending.
    model : Path, optional
        Model folder.
    column : str, optional
        Name of the column with the message; recognised by its name otherwise.
    workers : int
        Processes that read messages.
    resume : bool
        Go on with a run that was broken off.
    progress : callable, optional
        Called with the number of rows done so far.

    Raises
    ------
    UsageError
        If a format is unknown, no text column is recognised, or there is nothing to resume.
    InputError
        If an input cannot be read, or changed since the run that is resumed.
    """
    kind = archive_format(output)
    if output.name.lower().endswith(".gz"):
        raise UsageError(f"{output}: compressed output is not offered yet; leave off .gz")
    for path in inputs:
        if not path.is_file():
            raise UsageError(f"{path}: no such file")
        if path.resolve() == output.resolve():
            raise UsageError(
                f"{output} is an input too; name another file for the output, so that nothing is overwritten"
            )
    columns = list(dict.fromkeys(name for path in inputs for name in columns_of(path)))
    texts = {path: text_column(columns_of(path), column, path) for path in inputs}
    state = _State(output, inputs)
    done = state.resume() if resume else state.start()
    summary = Summary()
    rows = _all_rows(inputs, texts)
    for _ in islice(rows, done):  # counted again, so that the summary is of the whole
        summary.rows += 1
    with state.partial.open("a", encoding="utf-8", errors="surrogateescape", newline="") as file:
        names = [*(_renamed(name) for name in columns), *LABEL_COLUMNS]
        if kind == "csv" and done == 0:
            csv.writer(file, lineterminator="\n").writerow(names)
        batches = iter(lambda: list(islice(rows, BATCH_ROWS)), [])
        for labelled in _label_batches(batches, model, workers):
            file.write(_to_csv(labelled, names) if kind == "csv" else _to_jsonl(labelled))
            file.flush()
            _count(summary, labelled)
            state.reached(summary.rows, file.tell())
            if progress:
                progress(summary.rows)
    state.finish()
    return summary


def _label_batches(
    batches: Iterator[list[tuple[Row, str]]], model: Path | None, workers: int
) -> Iterator[list[dict[str, Any]]]:
    if workers <= 1:
        reader = Reader.open(model)
        return (_label_batch(reader, batch) for batch in batches)
    pool = joblib.Parallel(n_jobs=workers, return_as="generator", pre_dispatch=2 * workers)
    return iter(pool(joblib.delayed(_label_in_worker)(model, batch) for batch in batches))


_worker_readers: dict[Path | None, Reader] = {}


def _label_in_worker(model: Path | None, batch: list[tuple[Row, str]]) -> list[dict[str, Any]]:
    if model not in _worker_readers:
        _worker_readers[model] = Reader.open(model)  # once a process; memory-mapped, so shared between them
    return _label_batch(_worker_readers[model], batch)


def _label_batch(reader: Reader, batch: list[tuple[Row, str]]) -> list[dict[str, Any]]:
    texts = []
    for row, column in batch:
        value = row.fields.get(column)
        if not row.error and not isinstance(value, str):
            row.error = f"'{column}' holds no text"
        texts.append("" if row.error or not isinstance(value, str) else value)
    readings = reader.read(texts, entities=True)
    return [_labelled(row, reading, reader.version) for (row, _), reading in zip(batch, readings, strict=True)]


def _labelled(row: Row, reading: Reading, version: str) -> dict[str, Any]:
    kept = {_renamed(name): value for name, value in row.fields.items()}
    if row.error:
        return {**kept, **dict.fromkeys(LABEL_COLUMNS), "model_version": version, "error": row.error}
    names = [issue for issue, _ in reading.issues]
    order_id = next((e.value for e in reading.entities if e.kind == "order_id"), None)
    return {
        **kept,
        "language": reading.tag,
        "supported": reading.supported,
        "issue": names[0],
        "issues": names,
        "issue_confidence": round(reading.issues[0][1], 4),
        "sentiment": reading.sentiment,
        "sentiment_score": round(reading.sentiment_score, 4),
        "priority": priority(names, reading.sentiment, None),
        "needs_person": bool(person_reasons(reading, names)),
        "order_id": order_id,
        "model_version": version,
        "error": None,
    }


def _renamed(name: str) -> str:
    """An input column named like one of ours keeps its content under another name."""
    return f"input_{name}" if name in LABEL_COLUMNS else name


def _all_rows(inputs: Sequence[Path], texts: dict[Path, str]) -> Iterator[tuple[Row, str]]:
    for path in inputs:
        for row in read_rows(path):
            yield row, texts[path]


def _to_csv(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\n", extrasaction="ignore")
    for row in rows:
        flat = {name: _cell(value) for name, value in row.items()}
        writer.writerow(flat)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _to_jsonl(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _count(summary: Summary, rows: Sequence[dict[str, Any]]) -> None:
    summary.rows += len(rows)
    for row in rows:
        if row["error"]:
            summary.errors += 1
        else:
            summary.issues[row["issue"]] += 1
            summary.languages[row["language"]] += 1


class _State:
    """How far a run has come: `<output>.partial` and, beside it, how much of it is whole."""

    def __init__(self, output: Path, inputs: Sequence[Path]) -> None:
        self.output = output
        self.partial = output.with_name(output.name + ".partial")
        self._file = output.with_name(output.name + ".partial.json")
        self._inputs = [[str(p.resolve()), p.stat().st_size, p.stat().st_mtime_ns] for p in inputs]

    def start(self) -> int:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self.partial.write_bytes(b"")
        self.reached(0, 0)
        return 0

    def resume(self) -> int:
        if not self._file.is_file() or not self.partial.is_file():
            if self.output.is_file():
                raise UsageError(f"{self.output} is whole already; nothing to resume")
            return self.start()
        state = json.loads(self._file.read_text(encoding="utf-8"))
        if state["inputs"] != self._inputs:
            raise InputError(f"the input changed since {self.partial} was begun; start again without --resume")
        # What was written after the last whole batch is cut off and made again.
        os.truncate(self.partial, state["bytes"])
        return int(state["rows"])

    def reached(self, rows: int, size: int) -> None:
        beside = self._file.with_name(self._file.name + ".new")
        beside.write_text(json.dumps({"rows": rows, "bytes": size, "inputs": self._inputs}), encoding="utf-8")
        beside.replace(self._file)

    def finish(self) -> None:
        self.partial.replace(self.output)
        self._file.unlink()
