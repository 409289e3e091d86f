"""Texts to table rows: the arrays that every score, every training pass and every piece of evidence starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model import extraction
from model.folding import fold_table

_NO_SPANS = np.empty(0, np.int32)


@dataclass(frozen=True)
class Rows:
    """Distinct hashed n-grams of a batch of messages.

    Parameters
    ----------
    rows : int32 (n_total,)
        Table row of each n-gram, message after message.
    offsets : int64 (n_messages + 1,)
        Where each message's rows begin and end.
    starts, ends : int32 (n_total,) or empty
        Span of each n-gram in code points of its message, where asked for.
    """

    rows: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]


def hash_ngrams(texts: Sequence[str], *, bits: int, spans: bool = False) -> Rows:
    """Hash the n-grams of every text (see `model.extraction.extract` for which).

    Lone surrogates are read as characters of no meaning; of each text the first `extraction.MAX_READ_CHARS` count.

    Parameters
    ----------
    texts : sequence of str
    bits : int
        Rows lie in [0, 2**bits).
    spans : bool
        Also give where each n-gram stands.

    Examples
    --------
    >>> batch = hash_ngrams(["kaputt", ""], bits=18)
    >>> bool(batch.offsets[1] > 10), int(batch.offsets[2] - batch.offsets[1])
    (True, 0)
    """
    table = fold_table()
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    read = int(np.minimum(lengths, extraction.MAX_READ_CHARS).sum())
    capacity = read * extraction.MAX_FEATURES_A_CHAR + 16
    rows = np.empty(capacity, np.int32)
    starts, ends = (np.empty(capacity, np.int32), np.empty(capacity, np.int32)) if spans else (_NO_SPANS, _NO_SPANS)
    row_offsets = np.zeros(len(texts) + 1, np.int64)
    n = extraction.extract(
        codes, offsets, table.bare, table.accented, table.kinds, bits, rows, starts, ends, row_offsets, spans
    )
    return Rows(rows[:n], row_offsets, starts[:n], ends[:n])
