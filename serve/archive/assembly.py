"""Formats that cannot be appended to are put together at the end, from the Arrow batches of the partial file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from model.errors import UsageError
from serve.archive.layout import Layout
from serve.archive.writers.csv_rows import cell

ROW_GROUP_ROWS = 65_536
MAX_SHEET_ROWS = 1_048_576  # of Excel


def write_parquet(partial: Path, made: Path, layout: Layout) -> None:
    """Write a Parquet file with row groups of a fixed number of rows, so that the same rows give the same bytes."""
    schema = layout.schema
    with pq.ParquetWriter(made, schema, compression="zstd") as writer:
        held: list[pa.RecordBatch] = []
        rows = 0
        for batch in _batches(partial):
            held.append(batch)
            rows += batch.num_rows
            while rows >= ROW_GROUP_ROWS:
                table = pa.Table.from_batches(held, schema)
                writer.write_table(table.slice(0, ROW_GROUP_ROWS), row_group_size=ROW_GROUP_ROWS)
                held = table.slice(ROW_GROUP_ROWS).to_batches()
                rows -= ROW_GROUP_ROWS
        if held:
            writer.write_table(pa.Table.from_batches(held, schema), row_group_size=ROW_GROUP_ROWS)


def write_xlsx(partial: Path, made: Path, layout: Layout) -> None:
    """Write an Excel workbook; raises UsageError where there are more rows than a sheet holds."""
    openpyxl = require_openpyxl()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("replydesk")
    sheet.append([column.name for column in layout.columns or ()])
    rows = 1
    for batch in _batches(partial):
        rows += batch.num_rows
        if rows > MAX_SHEET_ROWS:
            raise UsageError(f"an Excel sheet holds {MAX_SHEET_ROWS:,} rows; write .csv or .parquet instead")
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append([_excel(value) for value in row])
    book.save(made)


def require_openpyxl() -> Any:
    """Return openpyxl, or raise UsageError that names the extra."""
    try:
        import openpyxl
    except ImportError as error:
        raise UsageError("Excel needs an extra: pip install 'replydesk[excel]'") from error
    return openpyxl


def _excel(value: object) -> object:
    value = cell(value) if not isinstance(value, bool) else value
    if isinstance(value, str):
        # Neither these characters nor longer cells are allowed in a sheet.
        value = "".join(c for c in value if c >= " " or c in "\t\n\r")[:32_767]
        return f"'{value}" if value.startswith("=") else value
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") and hasattr(value, "replace") else value


def _batches(partial: Path) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(partial)) as file:
        while file.tell() < file.size():
            with pa.ipc.open_stream(file) as stream:
                yield from stream
