"""Which scripts a text is written in: counts for whole batches, from tables by code point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from model import extraction

READ_CHARS = 2000  # of a message; more never changed the language
_NO_LETTER = 255

# First code point, last code point, name of the script (Unicode 16 blocks, the letters of everyday text).
BLOCKS = (
    (0x0041, 0x024F, "Latn"), (0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"), (0x0600, 0x077F, "Arab"), (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"), (0x0A80, 0x0AFF, "Gujr"), (0x0B80, 0x0BFF, "Taml"), (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"), (0x0D00, 0x0D7F, "Mlym"), (0x0D80, 0x0DFF, "Sinh"), (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"), (0x1000, 0x109F, "Mymr"), (0x10A0, 0x10FF, "Geor"), (0x1100, 0x11FF, "Hang"),
    (0x1200, 0x137F, "Ethi"), (0x1780, 0x17FF, "Khmr"), (0x1E00, 0x1EFF, "Latn"), (0x3040, 0x30FF, "Kana"),
    (0x3130, 0x318F, "Hang"), (0x3400, 0x9FFF, "Hani"), (0xAC00, 0xD7A3, "Hang"), (0xF900, 0xFAFF, "Hani"),
    (0xFB50, 0xFDFF, "Arab"), (0xFE70, 0xFEFC, "Arab"), (0xFF21, 0xFF5A, "Latn"), (0xFF66, 0xFF9F, "Kana"),
)  # fmt: skip
SCRIPTS = tuple(sorted({name for _, _, name in BLOCKS}))


@lru_cache(maxsize=1)
def script_table() -> npt.NDArray[np.uint8]:
    table = np.full(0x10000, _NO_LETTER, np.uint8)
    for first, last, name in BLOCKS:
        table[first : last + 1] = SCRIPTS.index(name)
    for code in (
        *range(0x5B, 0x61),
        *range(0x7B, 0xAA),
        *range(0xAB, 0xB5),
        *range(0xB6, 0xBA),
        0xBB,
        0xBF,
        0xD7,
        0xF7,
    ):
        table[code] = _NO_LETTER
    table[0xFF3B:0xFF41] = _NO_LETTER
    return table


@lru_cache(maxsize=1)
def _han_sides() -> npt.NDArray[np.int8]:
    """+1 for characters of traditional writing only, -1 for those of simplified writing only; indexed by code point."""
    import opencc

    codes = range(0x3400, 0xA000)
    lines = "\n".join(map(chr, codes))
    to_simple = opencc.OpenCC("t2s").convert(lines).split("\n")
    to_traditional = opencc.OpenCC("s2t").convert(lines).split("\n")
    sides = np.zeros(0x10000, np.int8)
    for code, simple, traditional in zip(codes, to_simple, to_traditional, strict=True):
        sides[code] = (simple != chr(code)) - (traditional != chr(code))
    return sides


@dataclass(frozen=True)
class ScriptCounts:
    """What a batch of texts is written in.

    Parameters
    ----------
    letters : int32 (n_texts, n_scripts)
        Letters of each script, columns as `SCRIPTS`.
    han_side : int32 (n_texts,)
        Characters of traditional writing only less those of simplified writing only.
    telling : int32 (n_texts,)
        Characters that were asked about.
    """

    letters: npt.NDArray[np.int32]
    han_side: npt.NDArray[np.int32]
    telling: npt.NDArray[np.int32]


def count_scripts(texts: Sequence[str], telling: npt.NDArray[np.bool_]) -> ScriptCounts:
    """Count letters by script; of each text the first `READ_CHARS` count.

    Parameters
    ----------
    texts : sequence of str
    telling : bool (65536,)
        Code points to be counted apart.

    Examples
    --------
    >>> counts = count_scripts(["Hi 你們", ""], np.zeros(0x10000, bool))
    >>> [(name, int(n)) for name, n in zip(SCRIPTS, counts.letters[0]) if n], counts.han_side.tolist()
    ([('Hani', 2), ('Latn', 2)], [1, 0])
    """
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = np.zeros((len(texts), len(SCRIPTS)), np.int32)
    side, told = np.zeros(len(texts), np.int32), np.zeros(len(texts), np.int32)
    extraction.count_scripts(codes, offsets, script_table(), _han_sides(), telling, READ_CHARS, letters, side, told)
    return ScriptCounts(letters, side, told)
