"""Formats of archives, one a file, all of one shape.

`fields(source)` tells columns and types, `names(source)` the columns alone (from the head, where that is cheaper), and
`chunks(source, size)` yields the rows in chunks of up to `size`, one after the other, whatever the archive's length.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

import pyarrow as pa

from serve.archive.rows import Chunk
from serve.archive.sources import Source

CHUNK_BYTES = 8 << 20  # a chunk of long messages ends earlier, so that memory stays flat
_MODULES = {"csv": "separated", "tsv": "separated", "arrow": "parquet", "mbox": "mail", "eml": "mail"}


class Format(Protocol):
    """What each format's module offers."""

    def names(self, source: Source, *, whole: bool = False) -> list[str]:
        """Return the columns, of the whole archive or as its head shows them."""

    def fields(self, source: Source) -> dict[str, pa.DataType]:
        """Return columns and types; a null type stands for 'no value seen'."""

    def chunks(self, source: Source, size: int) -> Iterator[Chunk]:
        """Yield the rows in order."""


def load_format(source: Source) -> Format:
    """Return the module of a source's format, imported when it is needed."""
    module = import_module(f"serve.archive.formats.{_MODULES.get(source.format, source.format)}")
    return cast("Format", module)
