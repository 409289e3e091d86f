"""Rows of an archive in batches: what readers yield, what is labelled, what is written.

A reader yields chunks, which travel to a worker as they are; there a chunk is loaded to rows. A row that cannot be read
is a row too: it carries its error.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pyarrow as pa

from serve.archive.opening import is_undecoded, show_bytes

LINE_COLUMN = "line"  # holds what a line that cannot be read consists of


class Rows(ABC):
    """A batch of rows.

    Attributes
    ----------
    errors : dict of int to str
        What is wrong with a row, by its place in the batch.
    """

    errors: dict[int, str]

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """All columns of the batch."""

    @abstractmethod
    def values(self, name: str) -> list[Any]:
        """One column as Python values; None where a row lacks it."""

    @abstractmethod
    def __len__(self) -> int: ...


class TableRows(Rows):
    """Rows that are held in Arrow columns."""

    def __init__(self, batch: pa.RecordBatch, errors: dict[int, str]) -> None:
        self.batch = batch
        self.errors = errors

    @property
    def names(self) -> list[str]:
        return list(self.batch.schema.names)

    def values(self, name: str) -> list[Any]:
        place = self.batch.schema.get_field_index(name)
        return [None] * len(self) if place < 0 else to_python(self.batch.column(place))

    def __len__(self) -> int:
        return int(self.batch.num_rows)


class RecordRows(Rows):
    """Rows that may differ in their columns, as in JSON Lines.

    Attributes
    ----------
    raw : list of bytes or None
        Where it is known and sound, the JSON text of the record: written as it came, so that nothing is changed by it.
    """

    def __init__(self, records: list[dict[str, Any]], raw: list[bytes | None], errors: dict[int, str]) -> None:
        self.records = records
        self.raw = raw
        self.errors = errors

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(name for record in self.records for name in record))

    def values(self, name: str) -> list[Any]:
        return [record.get(name) for record in self.records]

    def __len__(self) -> int:
        return len(self.records)


@dataclass
class Chunk(ABC):
    """Consecutive rows as a reader yields them, not yet taken apart further than needed to count them.

    Parameters
    ----------
    place : int
        Bytes of the file that have been read behind this chunk.
    """

    place: int

    @abstractmethod
    def load(self) -> Rows:
        """Take the rows apart."""

    @abstractmethod
    def __len__(self) -> int: ...


@dataclass
class TableChunk(Chunk):
    """Rows of a table."""

    batch: pa.RecordBatch
    errors: dict[int, str] = field(default_factory=dict)

    def load(self) -> TableRows:
        return TableRows(self.batch, self.errors)

    def __len__(self) -> int:
        return int(self.batch.num_rows)


@dataclass
class RecordChunk(Chunk):
    """Rows that are records already."""

    records: list[dict[str, Any]]

    def load(self) -> RecordRows:
        return RecordRows(self.records, [None] * len(self.records), {})

    def __len__(self) -> int:
        return len(self.records)


@dataclass
class LineChunk(Chunk):
    """Lines of JSON in UTF-8.

    Parameters
    ----------
    lines : list of bytes
        Without line ends.
    numbers : sequence of int
        Line numbers in the file; empty where they are unknown.
    """

    lines: list[bytes]
    numbers: Sequence[int] = ()

    def load(self) -> RecordRows:
        records: list[dict[str, Any]] = []
        raw: list[bytes | None] = []
        errors: dict[int, str] = {}
        decode = _decoder.decode
        for n, line in enumerate(self.lines):
            try:
                record = decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError):
                record, problem = _read_faulty(line)
                if problem:
                    errors[n] = f"line {self.numbers[n]}: {problem}" if self.numbers else problem
                raw.append(None if problem else line)
            else:
                if type(record) is dict:
                    raw.append(line)
                else:
                    errors[n] = f"line {self.numbers[n]}: not a JSON object" if self.numbers else "not a JSON object"
                    record = {LINE_COLUMN: line.decode()}
                    raw.append(None)
            records.append(record)
        return RecordRows(records, raw, errors)

    def __len__(self) -> int:
        return len(self.lines)


_decoder = msgspec.json.Decoder()


def _read_faulty(line: bytes) -> tuple[dict[str, Any], str]:
    """Read what the quick parser refuses: halves of pairs, NaN and huge numbers pass; the rest is a faulty row."""
    text = line.decode("utf-8", "surrogateescape")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return {LINE_COLUMN: show_bytes(text)}, f"not valid JSON: {said}"
    if not isinstance(record, dict):
        return {LINE_COLUMN: show_bytes(text)}, "not a JSON object"
    if is_undecoded(text):
        return {show_bytes(k): _shown(v) for k, v in record.items()}, "not UTF-8"
    return record, ""


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return show_bytes(value)
    if isinstance(value, list):
        return [_shown(v) for v in value]
    return {show_bytes(k): _shown(v) for k, v in value.items()} if isinstance(value, dict) else value


def to_python(column: pa.Array) -> list[Any]:
    """Return Arrow values as Python values; times as ISO 8601 text, since Python's own cannot hold every one."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        # Arrow writes '2026-01-31 10:00:00Z': ISO 8601 but for the space.
        texts = column.cast(pa.string()).to_pylist()
        return [text and text.replace(" ", "T", 1) for text in texts]
    if pa.types.is_temporal(kind):
        column = column.cast(pa.int64() if pa.types.is_duration(kind) else pa.string())
    values: list[Any] = column.to_pylist()
    return values
