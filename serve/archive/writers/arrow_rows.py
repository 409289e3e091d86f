"""Labelled rows as Arrow columns of a fixed layout; what Parquet and Spark are written from."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from serve.archive.labelling import Labels
from serve.archive.layout import Column, Layout
from serve.archive.opening import show_bytes
from serve.archive.rows import Rows, TableRows

_IPC = pa.ipc.IpcWriteOptions(compression="zstd")


def write_rows(rows: Rows, labels: Labels, layout: Layout) -> bytes:
    """Return a batch as a whole Arrow stream; streams may stand one behind the other."""
    batch = to_batch(rows, labels, layout)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=_IPC) as stream:
        stream.write_batch(batch)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def to_batch(rows: Rows, labels: Labels, layout: Layout) -> pa.RecordBatch:
    """Return a batch in the layout's schema. A value that its column cannot hold is left out and named in `error`."""
    columns = layout.columns or ()
    arrays: dict[str, pa.Array] = {}
    for column in columns:
        if column.source is not None:
            arrays[column.name] = _input(rows, column.source, column, labels["error"])
    for column in columns:
        if column.source is None:
            arrays[column.name] = pa.array(labels[column.name], column.type)
    return pa.RecordBatch.from_arrays([arrays[column.name] for column in columns], schema=layout.schema)


def _input(rows: Rows, name: str, column: Column, errors: list[str | None]) -> pa.Array:
    if isinstance(rows, TableRows):
        place = rows.batch.schema.get_field_index(name)
        if place < 0:
            return pa.nulls(len(rows), column.type)
        array = rows.batch.column(place)
        if array.type == column.type:
            return array
        nested = pa.types.is_nested(array.type)
        if not nested:
            try:
                return array.cast(column.type)
            except pa.ArrowException:
                pass
    values = rows.values(name)
    if pa.types.is_string(column.type):
        return pa.array([_text(value) for value in values], pa.string())
    try:
        return pa.array(values, column.type)
    except (pa.ArrowException, OverflowError, UnicodeError):
        return pa.array([_fitting(value, n, column, errors) for n, value in enumerate(values)], column.type)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if text.isascii() else show_bytes(text)


def _fitting(value: Any, n: int, column: Column, errors: list[str | None]) -> Any:
    try:
        pa.array([value], column.type)
    except (pa.ArrowException, OverflowError, UnicodeError):
        errors[n] = errors[n] or f"'{column.name}' is not of its column's type, {column.type}"
        return None
    return value
