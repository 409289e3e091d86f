"""Archives as streams: unpacked, decoded, with the place in the file known for the progress."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO, cast

import pyarrow as pa

from model.errors import InputError
from serve.archive.sources import Source

# Bytes that do not belong to the encoding pass as lone surrogates, so that their row can be marked and shown.
KEEP_BYTES = "replydesk.keep_bytes"
BUFFER_BYTES = 1 << 18
Place = Callable[[], int]


@contextmanager
def open_binary(source: Source) -> Iterator[tuple[BinaryIO, Place]]:
    """Open an archive, unpacked; also give a function that tells how many bytes of the file have been taken."""
    with reading(source), source.path.open("rb") as raw:
        if source.compression == "gz":
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield cast("BinaryIO", io.BufferedReader(unpacked, BUFFER_BYTES)), raw.tell
        elif source.compression == "zst":
            with pa.CompressedInputStream(raw, "zstd") as unpacked:
                yield cast("BinaryIO", io.BufferedReader(unpacked, BUFFER_BYTES)), raw.tell
        else:
            yield raw, raw.tell


@contextmanager
def open_text(source: Source, encoding: str) -> Iterator[tuple[TextIO, Place]]:
    """Open an archive as text; line ends stay as they are."""
    codecs.register_error(KEEP_BYTES, _keep_bytes)
    with (
        open_binary(source) as (binary, place),
        io.TextIOWrapper(binary, encoding, errors=KEEP_BYTES, newline="") as text,
    ):
        yield text, place


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Turn what can go wrong with a file into one error that names it."""
    try:
        yield
    except (OSError, EOFError, zlib.error, pa.ArrowException, UnicodeError) as error:
        said = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise InputError(f"{source.path}: cannot be read: {said}") from error


def show_bytes(text: str) -> str:
    r"""Show bytes that did not belong to the encoding, and halves of pairs, as escapes: what is written stays valid.

    >>> show_bytes("caf\udce9 \ud83d")
    'caf\\xe9 \\ud83d'
    """
    kept = (f"\\x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff" else c for c in text)
    return "".join(kept).encode("utf-8", "backslashreplace").decode("utf-8")


def is_undecoded(text: str) -> bool:
    """Tell whether bytes in this text did not belong to the encoding."""
    return not text.isascii() and any("\udc80" <= c <= "\udcff" for c in text)


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    part = error.object[error.start : error.end]
    return "".join(chr(byte if byte < 0x80 else 0xDC00 + byte) for byte in part), error.end
