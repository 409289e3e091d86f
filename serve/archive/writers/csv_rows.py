"""Labelled rows as CSV: UTF-8, RFC 4180 with '\\n'; lists of words joined with '|', other nested values as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from serve.archive.labelling import Labels
from serve.archive.layout import Column
from serve.archive.opening import show_bytes
from serve.archive.rows import Rows, TableRows


def write_header(columns: Sequence[Column]) -> bytes:
    """Return the first line."""
    return _write([[column.name for column in columns]])


def write_rows(rows: Rows, labels: Labels, columns: Sequence[Column]) -> bytes:
    """Return a batch of lines."""
    return _write(zip(*cells(rows, labels, columns), strict=True))


def cells(rows: Rows, labels: Labels, columns: Sequence[Column]) -> list[list[Any]]:
    """Return the cells of a batch, column by column."""
    return [
        _label_cells(labels[column.name], column.type) if column.source is None else input_cells(rows, column.source)
        for column in columns
    ]


def input_cells(rows: Rows, name: str) -> list[Any]:
    """Return an input column as it stands in CSV: text, or a number that is written as Python does."""
    if isinstance(rows, TableRows):
        place = rows.batch.schema.get_field_index(name)
        if place < 0:
            return [None] * len(rows)
        if pa.types.is_string(rows.batch.column(place).type):
            values: list[Any] = rows.batch.column(place).to_pylist()
            return values
    return [cell(value) for value in rows.values(name)]


def cell(value: Any) -> Any:
    """Return one value as it stands in CSV.

    >>> cell(True), cell(["a", "b"]), cell({"a": 1}), cell(None), cell("x")
    ('true', 'a|b', '{"a": 1}', None, 'x')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(v, str) and "|" not in v for v in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list, tuple)) else value


def _label_cells(values: list[Any], kind: pa.DataType) -> list[Any]:
    if pa.types.is_boolean(kind) or pa.types.is_list(kind):
        return [cell(value) for value in values]
    return values


def _write(lines: Iterable[Sequence[Any]]) -> bytes:
    kept = list(lines)
    text = _text(kept, csv.QUOTE_MINIMAL)
    if "\r" in text:  # Python 3.11 leaves a lone carriage return without quotes, and readers end the row there
        text = _text(kept, csv.QUOTE_ALL)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return show_bytes(text).encode()


def _text(lines: Iterable[Sequence[Any]], quoting: Any) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n", quoting=quoting).writerows(lines)
    return buffer.getvalue()
