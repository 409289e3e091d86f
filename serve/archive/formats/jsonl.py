"""JSON Lines: one object a line. Lines are cut out here and parsed where they are labelled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain

import pyarrow as pa

from serve.archive.encodings import UTF8
from serve.archive.formats import CHUNK_BYTES
from serve.archive.inference import Inferred
from serve.archive.opening import Place, open_binary, open_text
from serve.archive.rows import LineChunk
from serve.archive.sources import Source

SCAN_ROWS = 10_000
_MARK = b"\xef\xbb\xbf"  # of UTF-8


def names(source: Source, *, whole: bool = False) -> list[str]:
    """Return the columns of the first rows, or of all."""
    found: dict[str, None] = {}
    for chunk in chunks(source, SCAN_ROWS):
        found.update(dict.fromkeys(chunk.load().names))
        if found and not whole:
            break
    return list(found)


def fields(source: Source) -> dict[str, pa.DataType]:
    """Return the columns of all rows and the types that hold them: one quick pass over the archive."""
    seen = Inferred()
    for chunk in chunks(source, SCAN_ROWS):
        seen.add(chunk.load())
    return seen.fields()


def chunks(source: Source, size: int) -> Iterator[LineChunk]:
    """Yield the lines that hold something."""
    with _lines(source) as (lines, place):
        kept: list[bytes] = []
        numbers: list[int] = []
        taken = 0
        for number, line in enumerate(lines, 1):
            stripped = line.strip()
            if not stripped:
                continue
            kept.append(stripped)
            numbers.append(number)
            taken += len(stripped)
            if len(kept) >= size or taken > CHUNK_BYTES:
                yield LineChunk(place(), kept, numbers)
                kept, numbers, taken = [], [], 0
        if kept:
            yield LineChunk(place(), kept, numbers)


@contextmanager
def _lines(source: Source) -> Iterator[tuple[Iterable[bytes], Place]]:
    encoding = source.encoding or UTF8
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", UTF8):
        with open_binary(source) as (file, place):
            first = file.readline()
            yield chain([first.removeprefix(_MARK)], file), place
    else:
        with open_text(source, encoding) as (text, place):
            yield (line.encode("utf-8", "surrogateescape") for line in text), place
