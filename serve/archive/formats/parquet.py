"""Parquet and Arrow IPC (files and streams): columns with their types, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from serve.archive.formats import CHUNK_BYTES
from serve.archive.names import distinct
from serve.archive.opening import reading
from serve.archive.rows import TableChunk
from serve.archive.sources import Source

_FILE_MARK = b"ARROW1"


def names(source: Source, *, whole: bool = False) -> list[str]:
    """Return the columns."""
    return list(fields(source))


def fields(source: Source) -> dict[str, pa.DataType]:
    """Return the columns and their types."""
    with _open(source) as (schema, _):
        return dict(zip(distinct(schema.names), schema.types, strict=True))


def chunks(source: Source, size: int) -> Iterator[TableChunk]:
    """Yield the rows."""
    with _open(source) as (schema, file):
        names = distinct(schema.names)
        file_bytes, done, total = source.size, 0, _rows(file)
        for batch in _batches(file, size):
            for start in range(0, batch.num_rows, size):
                for part in _portions(batch.slice(start, size)):
                    done += part.num_rows
                    place = file_bytes * done // total if total else 0
                    yield TableChunk(place, pa.RecordBatch.from_arrays(part.columns, names=names))


@contextmanager
def _open(source: Source) -> Iterator[tuple[pa.Schema, object]]:
    with reading(source):
        if source.format == "parquet":
            with pq.ParquetFile(source.path, pre_buffer=False) as file:
                yield file.schema_arrow, file
            return
        with source.path.open("rb") as raw:
            is_file = raw.read(len(_FILE_MARK)) == _FILE_MARK
        reader = pa.ipc.open_file if is_file else pa.ipc.open_stream
        with pa.memory_map(str(source.path)) as mapped, reader(mapped) as opened:
            yield opened.schema, opened


def _rows(file: object) -> int:
    return int(file.metadata.num_rows) if isinstance(file, pq.ParquetFile) else 0


def _batches(file: object, size: int) -> Iterator[pa.RecordBatch]:
    if isinstance(file, pq.ParquetFile):
        # One thread: the workers need the cores, and columns are decoded faster than messages are read.
        yield from file.iter_batches(batch_size=size, use_threads=False)
    elif isinstance(file, pa.RecordBatchFileReader):
        for n in range(file.num_record_batches):
            yield file.get_batch(n)
    elif isinstance(file, pa.RecordBatchStreamReader):
        yield from file


def _portions(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Halve what is too large to be worked on at once."""
    if batch.get_total_buffer_size() <= CHUNK_BYTES or batch.num_rows < 2 or batch.nbytes <= CHUNK_BYTES:
        yield batch
    else:
        half = batch.num_rows // 2
        yield from _portions(batch.slice(0, half))
        yield from _portions(batch.slice(half))
