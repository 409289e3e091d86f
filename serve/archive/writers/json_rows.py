"""Labelled rows as JSON Lines. A JSON row keeps its own text, with the labels behind: nothing of it is changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from serve.archive.labelling import Labels
from serve.archive.layout import Layout
from serve.archive.names import renamed
from serve.archive.rows import RecordRows, Rows

_encoder = msgspec.json.Encoder()


def write_rows(rows: Rows, labels: Labels, layout: Layout) -> bytes:
    """Return a batch of lines."""
    if layout.columns is not None:
        return _chosen(rows, labels, layout)
    names = layout.labels
    ours = [_encode(dict(zip(names, row, strict=True))) for row in zip(*(labels[name] for name in names), strict=True)]
    if isinstance(rows, RecordRows):
        taken = frozenset(names)
        lines = [
            _joined(raw if raw is not None and taken.isdisjoint(record) else _encode(_free(record, taken)), own)
            for raw, record, own in zip(rows.raw, rows.records, ours, strict=True)
        ]
    else:
        outward = {name: renamed(name, names, rows.names) for name in rows.names}
        columns = [rows.values(name) for name in rows.names]
        lines = [
            _joined(_encode(dict(zip(outward.values(), row, strict=True))), own)
            for row, own in zip(zip(*columns, strict=True), ours, strict=True)
        ]
    lines.append(b"")
    return b"\n".join(lines)


def _chosen(rows: Rows, labels: Labels, layout: Layout) -> bytes:
    columns = layout.columns or ()
    values = [labels[c.name] if c.source is None else rows.values(c.source) for c in columns]
    names = [column.name for column in columns]
    if isinstance(rows, RecordRows):
        lines = []
        for n, record in enumerate(rows.records):
            kept = zip(columns, values, strict=True)
            lines.append(_encode({c.name: v[n] for c, v in kept if c.source is None or c.source in record}))
    else:
        lines = [_encode(dict(zip(names, row, strict=True))) for row in zip(*values, strict=True)]
    lines.append(b"")
    return b"\n".join(lines)


def _joined(record: bytes, labels: bytes) -> bytes:
    """Put two JSON objects into one.

    >>> _joined(b'{"a": 1 }', b'{"b":2}'), _joined(b"{}", b'{"b":2}')
    (b'{"a": 1,"b":2}', b'{"b":2}')
    """
    head = record[:-1].rstrip()
    return labels if head == b"{" else head + b"," + labels[1:]


def _free(record: Mapping[str, Any], taken: frozenset[str]) -> dict[str, Any]:
    return {renamed(name, taken, record): value for name, value in record.items()}


def _encode(record: Mapping[str, Any]) -> bytes:
    try:
        return _encoder.encode(record)
    except (UnicodeEncodeError, OverflowError, TypeError, RecursionError):
        return json.dumps(record, default=str).encode()  # halves of pairs and huge numbers, as escapes and digits
