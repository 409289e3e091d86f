"""Folding of characters: what is compared when messages are compared, never what is stored or shown.

One array look-up a character instead of Unicode normalisation a message (which took a third of the reading time), and
positions stay those of the original text, since every character folds to exactly one or none.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

TABLE_SIZE = 0x20000
SPACE = 32
DROPPED = 0

# Classes of characters, as the n-gram kernel distinguishes them.
BREAK, LETTER, UNSPACED, SYMBOL = 0, 1, 2, 3

# Letters whose base is not found by canonical decomposition (Unicode gives them none), so that 'zlamane' is 'złamane'
# and 'siparis' typed on a foreign keyboard is 'sipariş'.
_BASE = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o", "ß": "s", "æ": "a", "œ": "o"})
# Arabic spelling habits: the forms of alef, alef maqsura for ya, ta marbuta for ha are exchanged in everyday writing
# (the usual normalisation of Arabic retrieval: Larkey, Ballesteros, Connell 2002, SIGIR).
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"})
# Marks that carry vowels in Indic scripts and Thai are letters there; elsewhere marks are accents.
_MARKED_SCRIPTS = (0x0900, 0x0E7F)


@dataclass(frozen=True)
class FoldTable:
    """Arrays indexed by code point, each of shape (TABLE_SIZE,).

    Parameters
    ----------
    bare : ndarray of uint32
        Folded code point without accents; 0 drops the character.
    accented : ndarray of uint32
        Folded code point with accents kept.
    kinds : ndarray of uint8
        BREAK, LETTER, UNSPACED (Han, kana, Thai: written without spaces) or SYMBOL.
    """

    bare: npt.NDArray[np.uint32]
    accented: npt.NDArray[np.uint32]
    kinds: npt.NDArray[np.uint8]


@lru_cache(maxsize=1)
def fold_table() -> FoldTable:
    """Return the table for the running Python's Unicode version (built once a process, about 0.1 s).

    Lower case, compatibility forms (full and half width), digits to 0, traditional Chinese characters to simplified
    ones, accents dropped in `bare`; format characters, vowel points and tatweel are dropped in both.
    """
    bare = np.arange(TABLE_SIZE, dtype=np.uint32)
    kinds = np.full(TABLE_SIZE, SYMBOL, dtype=np.uint8)
    for code in range(TABLE_SIZE):
        if 0xAC00 <= code <= 0xD7A3 or 0x3400 <= code <= 0x9FFF:
            continue  # Hangul syllables and Han: already folded; set below in one stroke
        bare[code], kinds[code] = _fold(code)
    accented = bare.copy()
    for code in range(0xC0, 0x2000):
        if not _MARKED_SCRIPTS[0] <= code <= _MARKED_SCRIPTS[1]:
            base = unicodedata.normalize("NFD", chr(bare[code]).translate(_BASE))[:1]
            bare[code] = ord(base) if base and bare[code] else bare[code]
    kinds[0xAC00:0xD7A4] = LETTER
    kinds[0x3400:0xA000] = UNSPACED
    han = np.arange(0x3400, 0xA000)
    simple = np.array(_simplified(han), dtype=np.uint32)
    bare[han] = accented[han] = simple
    for array in (bare, accented, kinds):
        array.flags.writeable = False
    return FoldTable(bare, accented, kinds)


def _fold(code: int) -> tuple[int, int]:
    char = chr(code)
    category = unicodedata.category(char)
    if category[0] == "Z" or category == "Cc":
        return SPACE, BREAK
    if category in ("Cf", "Cs") or char == "ـ":
        return DROPPED, BREAK
    folded = (unicodedata.normalize("NFKC", char).lower() or char)[0].translate(_ARABIC)
    category, code = unicodedata.category(folded), ord(folded)
    if category == "Mn" and not _MARKED_SCRIPTS[0] <= code <= _MARKED_SCRIPTS[1]:
        # Kana voicing marks fold away with the accents: half-width 'ﾊﾞ' meets 'ハ' at least.
        return DROPPED, BREAK
    if category == "Nd":
        return ord("0"), LETTER
    if category[0] in "LMN":
        unspaced = 0x3040 <= code <= 0x30FF or 0x0E00 <= code <= 0x0E7F or code >= 0x20000 or 0xF900 <= code <= 0xFAFF
        return code, UNSPACED if unspaced else LETTER
    return code, SYMBOL


def _simplified(codes: npt.NDArray[np.int64]) -> list[int]:
    import opencc

    # One character a line: OpenCC must not see phrases, or positions would no longer agree.
    lines = "\n".join(map(chr, codes.tolist()))
    result = opencc.OpenCC("t2s").convert(lines).split("\n")
    return [ord(after) if len(after) == 1 else before for before, after in zip(codes.tolist(), result, strict=True)]
