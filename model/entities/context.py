"""What the words around a long number say that it numbers: an order, a parcel, or something else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.entities.lexicon import alternation, of_all_languages
from model.entities.reading import Entity, Number, Reading

# How far words count, in characters: a clause before the number, a few words behind it.
BEFORE_CHARS = 48
BEHIND_CHARS = 24

ORDER, TRACKING, OTHER, NONE = "order", "tracking", "other", ""


@dataclass(frozen=True, slots=True)
class Context:
    """The nearest words that say what a number is.

    Parameters
    ----------
    says : str
        `order`, `tracking`, `other` (telephone, invoice, article …) or '' where nothing says anything.
    marked : bool
        The words stand directly before the number and speak of a number: 'order no.', 'Bestellnummer:', '#'.
    adjacent : bool
        Nothing but punctuation and fillers stands between the words and the number.
    """

    says: str
    marked: bool
    adjacent: bool


def context_of(number: Number, reading: Reading, carriers: Sequence[Entity] = ()) -> Context:
    """Read the words around a number; a carrier's name nearby says 'tracking'.

    >>> from model.entities.reading import numbers, read
    >>> reading = read("Bestellnummer lautet 4471208", "de")
    >>> context_of(numbers(reading.folded)[0], reading)
    Context(says='order', marked=True, adjacent=True)
    """
    begin = max(0, number.start - BEFORE_CHARS)
    window = reading.low[begin : number.start]
    last = next(reversed(list(_context_words().finditer(window))), None)
    at, says = (last.end(), _category(last)) if last else (-1, NONE)
    # Only the carriers around the number, of a list by start.
    first = bisect_left(carriers, begin, key=lambda c: c.start)
    near = carriers[first : bisect_left(carriers, number.end + BEHIND_CHARS + 1, key=lambda c: c.start)]
    for carrier in near:
        if begin <= carrier.start and carrier.end <= number.start and carrier.end - begin > at:
            last, at, says = None, carrier.end - begin, TRACKING
    if at >= 0:
        gap = window[at:]
        filled = _fillers().fullmatch(gap) is not None
        numbering = (last is not None and last.lastgroup == "n") or "#" in gap or _number_word().search(gap) is not None
        return Context(says, filled and numbering, filled)
    if window.endswith("#"):
        return Context(NONE, True, False)
    behind = _search_behind(reading.low, number.end)
    if behind:
        return Context(behind, False, False)
    if any(number.end <= c.start <= number.end + BEHIND_CHARS for c in near):
        return Context(TRACKING, False, False)
    return Context(NONE, False, False)


def _search_behind(low: str, end: int) -> str:
    # Words behind a number count only up to the end of the clause: the next number has its own words.
    window = _clause_end().split(low[end : end + BEHIND_CHARS], maxsplit=1)[0]
    match = _context_words().search(window)
    return _category(match) if match else NONE


def _category(match: re.Match[str]) -> str:
    return {"n": ORDER, "o": ORDER, "t": TRACKING, "x": OTHER}[match.lastgroup or "x"]


@lru_cache(maxsize=1)
def _context_words() -> re.Pattern[str]:
    def group(name: str, field: str) -> str:
        return f"(?P<{name}>{alternation(w.lower() for w in of_all_languages('numbers', field))})"

    return re.compile(
        "|".join((group("n", "order_number"), group("t", "tracking"), group("x", "other"), group("o", "order")))
    )


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    words = alternation(w.lower() for w in of_all_languages("numbers", "number"))
    return re.compile(rf"(?:[\s:#.,()\[\]'\"=»«„“”「」（）№*+-]|{words}){{0,12}}")


@lru_cache(maxsize=1)
def _number_word() -> re.Pattern[str]:
    return re.compile(
        r"(?:№|#|(?<![a-z])(?:n[ro]?\.?|n[°º]|num(?:ber|mer|ero)?|número|numéro|numer|nomor|id|código|kodu?|code)(?![a-z])"
        r"|номер|رقم|नंबर|संख्या|번호|番号|[號号]|mã|số|เลข)"
    )


@lru_cache(maxsize=1)
def _clause_end() -> re.Pattern[str]:
    return re.compile(r"[.;!?\n。！？،,、，\d]")
