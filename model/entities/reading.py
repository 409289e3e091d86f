"""What the entity formats have in common: the entity, the text made ready for patterns, and long numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from model.languages import Language, load_languages

# Where digits of other scripts begin (Unicode, category Nd): Arabic, Persian, Devanagari, Bengali, Thai, full width.
DIGIT_BLOCKS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10)
DASHES = "‐‑‒–—―−－﹣"
# No-break, thin, ideographic and the other spaces, and the marks of writing direction.
SPACES = "\u00a0\u1680\u202f\u205f\u3000\u200e\u200f\u202a\u202c" + "".join(map(chr, range(0x2000, 0x200B)))
NEUTRAL = "en"


@dataclass(frozen=True, slots=True)
class Entity:
    """A fact read out of a message.

    Parameters
    ----------
    kind : str
        `order_id`, `tracking_number`, `amount`, `date`, `carrier` or `photo_attached`.
    text : str
        As it stands in the message.
    start, end : int
        Code points of the original text.
    value : str
        The fact in one normal form, described in the module of its kind.
    """

    kind: str
    text: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A message made ready for patterns; all three texts have the same length and positions.

    Parameters
    ----------
    text : str
        The original.
    folded : str
        Digits, dashes, spaces and full-width forms as ASCII.
    low : str
        `folded` in lower case.
    language : Language
        The record of the message's language; English's where the language is not one of the twenty.
    """

    text: str
    folded: str
    low: str
    language: Language

    def entity(self, kind: str, start: int, end: int, value: str) -> Entity:
        return Entity(kind, self.text[start:end], start, end, value)


@dataclass(frozen=True, slots=True)
class Number:
    """A run of letters and digits that could number something."""

    start: int
    end: int
    text: str
    spaced: bool

    @property
    def compact(self) -> str:
        return self.text.replace(" ", "").upper()


def read(text: str, tag: str) -> Reading:
    """Fold a message for the patterns.

    >>> read("注文番号：２５０ー1", "ja").folded
    '注文番号:250ー1'
    >>> read("İADE ١٢", "tr").low
    'iade 12'
    """
    folded = text if text.isascii() else text.translate(_folds())
    low = folded.lower()
    if len(low) != len(folded):  # 'İ' has two characters in lower case; positions must stay
        low = "".join(c.lower()[0] for c in folded)
    languages = _languages()
    return Reading(text, folded, low, languages.get(tag) or languages[NEUTRAL])


def numbers(folded: str) -> list[Number]:
    """Find what could be an order or tracking number: four digits and more, with letters, dashes, or in groups.

    >>> [n.text for n in numbers("order 112-7654321-1234567, RR 123 456 785 DE, 3 days")]
    ['112-7654321-1234567', 'RR 123 456 785 DE']
    """
    found = [Number(*m.span(), m[0], True) for m in _patterns()[0].finditer(folded)]
    taken = [(n.start, n.end) for n in reversed(found)]
    for m in _patterns()[1].finditer(folded):
        while taken and taken[-1][1] <= m.start():
            taken.pop()
        if sum(c.isdigit() for c in m[0]) >= 4 and not (taken and taken[-1][0] < m.end()):
            found.append(Number(*m.span(), m[0], False))
    return sorted(found, key=lambda n: n.start)


@lru_cache(maxsize=1)
def _languages() -> dict[str, Language]:
    return load_languages()  # which asks the disk each time where the data lies


@lru_cache(maxsize=1)
def _folds() -> dict[int, int]:
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table |= {start + n: ord("0") + n for start in DIGIT_BLOCKS for n in range(10)}
    table |= {ord(c): ord("-") for c in DASHES} | {ord(c): ord(" ") for c in SPACES}
    # Arabic decimal and thousands separators; the yen sign has a full-width form outside the block.
    return table | {
        0x066B: ord("."),
        0x066C: ord(","),
        0xFFE5: ord("¥"),
        0xFFE6: ord("₩"),
        0xFFE0: ord("¢"),
        0xFFE1: ord("£"),
    }


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    alone, closed = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
    spaced = (
        rf"{alone}(?:1Z ?[A-Z0-9]{{3}}(?: ?[A-Z0-9]{{2,4}}){{3,5}}"
        r"|[A-Z]{2} ?\d{2,4}(?: ?\d{1,4}){1,3} ?[A-Z]{2}"
        rf"|\d{{3}} \d{{7}} \d{{7}}|\d{{2,6}}(?: \d{{2,6}}){{2,8}}){closed}"
    )
    # 'ー' is a long vowel, but stands for a dash between digits.
    solid = rf"{alone}[A-Za-z0-9]+(?:(?:[-/_.]|(?<=\d)ー(?=\d))[A-Za-z0-9]+)*"
    return re.compile(spaced), re.compile(solid)
