"""The text that rules are compared with: case, width, accents, scripts' variants and spacing tricks folded away.

Positions lead back to code points of the original text. The common case (every character folds to one) is a single
`str.translate`; only where something was found, or a trick was seen, are positions worked out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from model.folding import fold_table

# Letters whose base canonical decomposition does not give, and spelling habits (see `model.folding`).
_BASE = str.maketrans("ıłđøæœ’‘ʼ", "ildoao'''")
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}
_CYRILLIC_LOOKALIKES = str.maketrans("аеорсухіѕјвнкмт", "aeopcyxisjbhkmt")
# Marks that are letters (vowel signs, tone marks): Devanagari to Thai.
_LETTER_MARKS = range(0x0900, 0x0E80)
_NUKTA = "\u093c"
_HALF_KANA = re.compile("[\uff66-\uff9d][\uff9e\uff9f]")
_CJK = r"\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3"
# 'r e v i e w', 'r.e.v.i.e.w': four and more single letters with one separator between each two.
_SPELT = re.compile(r"(?<![\w])(?:[^\W\d_][ .\-_*·|/+]){3,}[^\W\d_](?!\w)")
# '5-星', '微 信', '好.评': what stands between two characters of scripts that are written without spaces.
_CJK_GAP = re.compile(
    rf"(?<=[{_CJK}\d])[\s.\-_*·|/+'\"]{{1,2}}(?=[{_CJK}])|(?<=[{_CJK}])[\s.\-_*·|/+'\"]{{1,2}}(?=\d[{_CJK}])|(?<=[{_CJK}])\s(?=[a-z]\s?[{_CJK}])|(?<=[{_CJK}]\s[a-z])\s(?=[{_CJK}])|(?<=[{_CJK}][a-z])\s(?=[{_CJK}])"
)
_MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[\u0430-\u045f])\w+\b")
_LEET = re.compile(r"(?<![\w@.])(?=\w*[a-z]\w*[a-z])[a-z]+[0134@$][a-z0134@$]*[a-z](?![\w@.])")
_LEET_LETTERS = str.maketrans("0134@$", "oieaas")


class _Table(dict[int, str]):
    """Folds a character when it is first met; `uneven` are those that do not fold to one."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_char(chr(code))
        if len(folded) != 1:
            self.uneven.add(chr(code))
        return folded


def _fold_char(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cf", "Cs") or char == "ـ":
        return ""
    if category == "Cc":
        return "\n" if char == "\n" else " "
    code = ord(char)
    if 0x3400 <= code <= 0x9FFF:
        return chr(int(fold_table().bare[code]))
    if 0xAC00 <= code <= 0xD7A3:
        return char
    if 0x3040 <= code <= 0x30FF:  # kana keep their voicing; katakana is written as hiragana
        return chr(code - 0x60) if 0x30A1 <= code <= 0x30F6 else char
    if category == "Nd":
        return str(unicodedata.digit(char))
    result = []
    for part in unicodedata.normalize("NFKC", char).casefold():
        for piece in unicodedata.normalize("NFD", part):
            if piece == _NUKTA or (unicodedata.category(piece) == "Mn" and ord(piece) not in _LETTER_MARKS):
                continue
            piece = _ARABIC.get(piece, piece)
            result.append("ं" if piece == "ँ" else piece.translate(_BASE))
    folded = unicodedata.normalize("NFC", "".join(result))
    if len(folded) == 1 and 0x30A1 <= ord(folded) <= 0x30F6:
        return chr(ord(folded) - 0x60)
    return " " if folded.isspace() and folded != "\n" else folded


_table = _Table()


@dataclass(frozen=True)
class Folded:
    """A folded text; `starts[i]` is the code point of the original that character i came from."""

    text: str
    starts: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters `start` to `end` stand in the original."""
        return self.starts[start], self.starts[end - 1] + 1


def fold(text: str) -> str:
    """Return the folded text alone.

    >>> fold("Ｒｅｖｉｅｗ Bewertung LÖSCHEN")
    'review bewertung loschen'
    >>> fold("評價 レビュー")
    '评价 れびゅー'
    """
    return text.translate(_table)


def fold_with_places(text: str) -> Folded:
    """Return the folded text with the way back.

    >>> folded = fold_with_places("Straße!")
    >>> folded.text, folded.starts[5:7]
    ('strasse!', [4, 5])
    """
    plain = text.translate(_table)
    if not _table.uneven.intersection(text) and not _HALF_KANA.search(text):
        return Folded(plain, range(len(plain)))
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    while at < len(text):
        step = 1
        pair = _HALF_KANA.match(text, at)
        if pair:
            piece, step = fold(unicodedata.normalize("NFKC", pair.group())), 2
        else:
            piece = _table[ord(text[at])]
        pieces.append(piece)
        starts += [at] * len(piece)
        at += step
    return Folded("".join(pieces), starts)


def undisguised(folded: Folded) -> Folded | None:
    """Return the text with spelt-out, spaced, look-alike and digit-for-letter tricks undone; None where there are none.

    >>> undisguised(fold_with_places("your r e v i e w")).text
    'your review'
    >>> undisguised(fold_with_places("5-星好 评")).text
    '5星好评'
    >>> undisguised(fold_with_places("nothing hidden")) is None
    True
    """
    text = folded.text
    dropped: set[int] = set()
    for match in _SPELT.finditer(text):
        dropped.update(range(match.start() + 1, match.end(), 2))
    for match in _CJK_GAP.finditer(text):
        dropped.update(range(match.start(), match.end()))
    changed = _MIXED.sub(lambda m: m.group().translate(_CYRILLIC_LOOKALIKES), text)
    changed = _LEET.sub(lambda m: m.group().translate(_LEET_LETTERS), changed)
    if not dropped and changed == text:
        return None
    kept = [n for n in range(len(text)) if n not in dropped]
    return Folded("".join(changed[n] for n in kept), [folded.starts[n] for n in kept])
