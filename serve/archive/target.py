"""What is written: format and compression by the output's ending, and batches of rows to its bytes."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from model.errors import UsageError
from serve.archive.labelling import Labels
from serve.archive.layout import Layout
from serve.archive.rows import Rows
from serve.archive.sources import format_of
from serve.archive.writers import arrow_rows, csv_rows, json_rows

GZIP_LEVEL = 6
ENDINGS = ".csv, .jsonl (or with .gz, .zst), .parquet, .xlsx"
ASSEMBLED = ("parquet", "xlsx")  # written as Arrow batches and put together at the end


@dataclass(frozen=True)
class Target:
    """How rows are written.

    Parameters
    ----------
    format : str
        'csv', 'jsonl', 'parquet' or 'xlsx'.
    compression : str
        'gz', 'zst' or ''. Each batch is packed by itself, so that a run can go on behind any of them.
    """

    format: str
    compression: str = ""

    def header(self, layout: Layout) -> bytes:
        """Return what stands before all rows."""
        return self._pack(csv_rows.write_header(layout.columns or ())) if self.format == "csv" else b""

    def write(self, rows: Rows, labels: Labels, layout: Layout) -> bytes:
        """Return a batch as bytes."""
        if self.format == "csv":
            return self._pack(csv_rows.write_rows(rows, labels, layout.columns or ()))
        if self.format == "jsonl":
            return self._pack(json_rows.write_rows(rows, labels, layout))
        return arrow_rows.write_rows(rows, labels, layout)

    def _pack(self, data: bytes) -> bytes:
        if self.compression == "gz":
            return gzip.compress(data, GZIP_LEVEL, mtime=0)
        if self.compression == "zst":
            packed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
            return packed
        return data


def target_of(path: Path) -> Target:
    """Return how a file of this name is written.

    Raises
    ------
    UsageError
        If it is not offered.

    Examples
    --------
    >>> target_of(Path("labelled.csv.gz"))
    Target(format='csv', compression='gz')
    """
    form, compression = format_of(path) or ("", "")
    if form not in ("csv", "jsonl", *ASSEMBLED) or (compression and form in ASSEMBLED):
        raise UsageError(f"{path}: cannot be written in this format; name it {ENDINGS}")
    return Target(form, compression)
