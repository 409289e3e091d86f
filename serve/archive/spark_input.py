"""What Spark reads, as rows of ours: its batches taken apart as the local readers do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from model.errors import InputError, UsageError, nearest
from serve.archive.formats.separated import find_dialect, make_dialect, split_record
from serve.archive.inference import Inferred, merge
from serve.archive.names import distinct
from serve.archive.rows import LineChunk, Rows, TableRows
from serve.archive.sources import format_of

FORMATS = ("csv", "tsv", "jsonl", "parquet")
SAMPLE_LINES = 100
CORRUPT = "_replydesk_corrupt"  # where Spark's CSV reader leaves a record that does not fit


@dataclass(frozen=True)
class Part:
    """How the rows of one Spark input become ours.

    Parameters
    ----------
    format : str
    names : tuple of str
        Columns of CSV as we name them.
    separator : str
    escaped : bool
        Whether quotes within a field of CSV are escaped with a backslash rather than doubled.
    """

    format: str
    names: tuple[str, ...] = ()
    separator: str = ","
    escaped: bool = False

    def load(self, batch: pa.RecordBatch) -> Rows:
        """Return a batch of Spark's as rows."""
        if self.format == "jsonl":
            lines = [text.strip().encode("utf-8", "surrogatepass") for text in batch.column(0).to_pylist()]
            return LineChunk(0, [line for line in lines if line]).load()
        if self.format == "parquet":
            return TableRows(batch, {})
        return self._load_csv(batch)

    def _load_csv(self, batch: pa.RecordBatch) -> TableRows:
        width = len(self.names)
        # Spark reads an empty field as null; in CSV both are the empty text.
        columns = [["" if v is None else v for v in batch.column(n).to_pylist()] for n in range(width)]
        dialect = make_dialect(self.separator, escaped=self.escaped)
        errors: dict[int, str] = {}
        for n, record in enumerate(batch.column(width).to_pylist()):
            if record is None:
                continue
            row, problem = split_record(record, dialect, width)
            if problem:
                errors[n] = problem
                for column, value in zip(columns, row, strict=True):
                    column[n] = value
        arrays = [pa.array(column, pa.string()) for column in columns]
        return TableRows(pa.RecordBatch.from_arrays(arrays, names=list(self.names)), errors)


def read_input(session: Any, path: str, *, form: str | None, encoding: str | None) -> tuple[Any, Part]:
    """Return Spark's frame for a path, and how its batches become rows.

    Raises
    ------
    UsageError
        If the format is unknown or not for Spark.
    InputError
        If a CSV archive has no header.
    """
    form = _format(path, form)
    if form == "parquet":
        return session.read.parquet(path), Part(form)
    encoding = (encoding or "utf-8").replace("_", "-")
    lines = session.read.option("encoding", encoding)
    if form == "jsonl":
        return lines.option("lineSep", "\n").text(path), Part(form)
    head = [row.value for row in lines.text(path).take(SAMPLE_LINES)]
    if not head:
        raise InputError(f"{path}: the file is empty; a CSV archive begins with the names of its columns")
    dialect = find_dialect("\n".join(head) + "\n", form)
    names = distinct(split_record(head[0].removeprefix("\ufeff"), dialect)[0])
    reader = session.read.options(
        header=True, multiLine=True, sep=dialect.delimiter, quote='"', escape=dialect.escapechar or '"',
        encoding=encoding, mode="PERMISSIVE", columnNameOfCorruptRecord=CORRUPT, ignoreLeadingWhiteSpace=False,
        ignoreTrailingWhiteSpace=False,
    )  # fmt: skip
    # Names of our own: Spark's reader takes neither doubled ones nor points.
    schema = ", ".join(f"c{n} string" for n in range(len(names)))
    part = Part(form, tuple(names), dialect.delimiter, dialect.escapechar is not None)
    return reader.schema(f"{schema}, {CORRUPT} string").csv(path), part


def find_fields(frame: Any, part: Part) -> dict[str, pa.DataType]:
    """Return columns and types as the local engine finds them; of JSON Lines by one pass over the archive."""
    if part.names:
        return dict.fromkeys(part.names, pa.string())
    if part.format == "parquet":
        from pyspark.sql.pandas.types import to_arrow_schema

        schema = to_arrow_schema(frame.schema)
        return dict(zip(schema.names, schema.types, strict=True))

    def scan(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        seen = Inferred()
        for batch in batches:
            seen.add(part.load(batch))
        yield pa.RecordBatch.from_pydict({"schema": [pa.schema(seen.fields()).serialize().to_pybytes()]})

    types: dict[str, pa.DataType] = {}
    for row in frame.mapInArrow(scan, "schema binary").collect():
        for field in pa.ipc.read_schema(pa.py_buffer(bytes(row.schema))):
            types[field.name] = merge(types[field.name], field.type) if field.name in types else field.type
    return types


def find_names(frame: Any, part: Part) -> list[str]:
    """Return the columns; of JSON Lines those of the first rows."""
    if part.format != "jsonl":
        return list(find_fields(frame, part))
    lines = [row.value.encode("utf-8", "replace") for row in frame.take(SAMPLE_LINES)]
    return LineChunk(0, [line for line in lines if line.strip()]).load().names


def _format(path: str, form: str | None) -> str:
    if form is None:
        # A folder that Spark wrote is named like a file.
        known = format_of(Path(path.rstrip("/*")))
        if known is None:
            raise UsageError(f"{path}: unknown format; say --format with one of {', '.join(FORMATS)}")
        form = known[0]
    if form not in FORMATS:
        raise UsageError(f"{path}: Spark reads {', '.join(FORMATS)} here, not {form}{nearest(form, FORMATS)}")
    return form
