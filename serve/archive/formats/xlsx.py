"""Excel workbooks: the first sheet, its first row the names of the columns. Needs the extra `excel`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from model.errors import InputError, UsageError
from serve.archive.inference import Inferred
from serve.archive.names import distinct
from serve.archive.opening import reading
from serve.archive.rows import RecordChunk
from serve.archive.sources import Source


def names(source: Source, *, whole: bool = False) -> list[str]:
    """Return the header."""
    return next(_rows(source))


def fields(source: Source) -> dict[str, pa.DataType]:
    """Return the columns and the types of their cells."""
    seen = Inferred()
    for chunk in chunks(source, 10_000):
        seen.add(chunk.load())
    return dict.fromkeys(names(source), pa.null()) | seen.fields()


def chunks(source: Source, size: int) -> Iterator[RecordChunk]:
    """Yield the rows that hold something."""
    rows = _rows(source)
    header = next(rows)
    records = (_record(header, row) for row in rows if any(cell is not None for cell in row))
    while part := list(islice(records, size)):
        yield RecordChunk(0, part)


def _record(header: list[str], row: list[Any]) -> dict[str, Any]:
    surplus = {f"column_{n}": cell for n, cell in enumerate(row[len(header) :], len(header) + 1) if cell is not None}
    return dict(zip(header, row, strict=False)) | surplus


def _rows(source: Source) -> Iterator[list[Any]]:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise UsageError(f"{source.path}: Excel needs an extra: pip install 'replydesk[excel]'") from error
    with reading(source):
        try:
            book = load_workbook(source.path, read_only=True, data_only=True)
        except (InvalidFileException, KeyError, ValueError, SyntaxError) as error:
            raise InputError(f"{source.path}: not an Excel workbook (.xlsx)") from error
        except Exception as error:
            if type(error).__name__ != "BadZipFile":
                raise
            raise InputError(f"{source.path}: not an Excel workbook (.xlsx)") from error
        try:
            rows = iter(book.worksheets[0].iter_rows(values_only=True))
            header = next(rows, None)
            if not header or all(cell is None for cell in header):
                raise InputError(f"{source.path}: the first sheet is empty; it begins with the names of its columns")
            yield distinct(None if cell is None else str(cell) for cell in header)
            for row in rows:
                yield list(row)
        finally:
            book.close()
