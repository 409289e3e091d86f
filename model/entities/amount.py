"""Amounts of money: a number beside a currency.

The value is the ISO 4217 code, a space, and the number with a decimal point and as many decimals as were written:
'EUR 1234.50'. Signs that several currencies share ('$', '¥', 'kr') go by the currencies of the language's record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from model.entities.lexicon import SPACED_LETTERS, alternation, lexicon
from model.entities.reading import Entity, Reading
from model.languages import Language

# Longer runs of digits are ids, not money.
MAX_DIGITS = 15
# Characters looked at before a number for its currency; the longest sign or word is 'rupiahnya'.
BEFORE_CHARS = 12


@dataclass(frozen=True, slots=True)
class _Money:
    before: re.Pattern[str]
    behind: re.Pattern[str]
    times: re.Pattern[str]
    codes: dict[str, list[str]]
    stems: dict[str, list[str]]
    factors: dict[str, Decimal]
    chain: frozenset[str]
    alone: dict[str, frozenset[str]]
    dashes: dict[str, str]


def find(reading: Reading) -> Iterator[Entity]:
    """Yield the amounts of a message.

    >>> from model.entities.reading import read
    >>> [e.value for e in find(read("Statt 1.234,50 € nur € 12 bezahlt", "de"))]
    ['EUR 1234.50', 'EUR 12']
    >>> [e.value for e in find(read("1万5千円", "ja"))], [e.value for e in find(read("$50", "es"))]
    (['JPY 15000'], ['MXN 50'])
    """
    money, low, end = _money(), reading.low, 0
    for match in _number().finditer(low):
        if match.start() < end or sum(c.isdigit() for c in match[0]) > MAX_DIGITS:
            continue
        found = _read(match, reading, money)
        if found:
            yield found
            end = found.end


def is_valid(value: str) -> bool:
    """Tell whether a value has the normal form.

    >>> is_valid("EUR 1234.50"), is_valid("1.234,50 €")
    (True, False)
    """
    return re.fullmatch(r"[A-Z]{3} \d+(?:\.\d+)?", value) is not None


def compact(number: str, decimal: str = ".") -> Decimal:
    """Read a number by its shape; `decimal` is the language's separator, for the doubtful cases.

    >>> [str(compact(n)) for n in ("1.234,50", "1,49,999", "120 000", "39,90", "3,200", "1'299.00")]
    ['1234.50', '149999', '120000', '39.90', '3200', '1299.00']
    """
    number = number.replace(" ", "").replace("'", "").replace("’", "")
    point, comma = number.rfind("."), number.rfind(",")
    if point >= 0 and comma >= 0:
        thousands, mark = (".", ",") if comma > point else (",", ".")
        return Decimal(number.replace(thousands, "").replace(mark, "."))
    mark = "." if point >= 0 else ","
    head, *groups = number.split(mark)
    # One separator before three digits parts thousands ('3,200' and '3.200'), unless nothing stands before it.
    whole = len(groups) != 1 or (len(groups[0]) == 3 and head.lstrip("0") != "" and len(head) <= 3)
    return Decimal(head + "".join(groups)) if whole else Decimal(f"{head or 0}.{groups[0]}")


def _read(match: re.Match[str], reading: Reading, money: _Money) -> Entity | None:
    low, start, end = reading.low, match.start(), match.end()
    total, _factor, multiplied = _multiplied(match, low, money)
    end = multiplied[1] if multiplied else end
    code, begin, stop = "", start, end
    before = money.before.search(low[max(0, start - BEFORE_CHARS) : start])
    behind = money.behind.match(low, end)
    if not behind and multiplied and low[end : end + 1] == " ":
        behind = money.behind.match(low, end)
    # A sign on both sides ('$50 usd') goes with the one behind, which is the fuller one.
    if behind and not (before and behind[1] in _loose()):
        code, stop = _code(behind[1], reading.language, money), behind.end()
        cents = (
            re.compile(r"\d\d(?!\d)").match(low, stop) if behind[1] in "€£" and total == total.to_integral() else None
        )
        if cents:  # '12€50'
            total, stop = total + Decimal(f"0.{cents[0]}"), cents.end()
    if before and (not code or behind is None):
        code = _code(before[1], reading.language, money)
        begin = start - len(before[0])
    elif before and code and before[1] in money.codes:
        begin = start - len(before[0])
    if not code and multiplied and multiplied[0] in money.alone.get(reading.language.tag, frozenset()):
        code = reading.language.currencies[0]
    dash = _dash().match(low, match.end())
    if not code and dash and reading.language.tag in money.dashes:
        code, stop = money.dashes[reading.language.tag], dash.end()
    elif code and dash and begin < start:
        stop = max(stop, dash.end())
    if not code:
        return None
    return reading.entity("amount", begin, stop, f"{code} {_plain(total)}")


def _multiplied(match: re.Match[str], low: str, money: _Money) -> tuple[Decimal, Decimal, tuple[str, int] | None]:
    """Apply '万', 'rb', 'juta'; '1만 2천' adds up."""
    total, last, factor = Decimal(0), None, Decimal(1)
    number: re.Match[str] | None = match
    while number:
        times = money.times.match(low, number.end())
        if not times:
            if last is None:
                return compact(match[0]), factor, None
            total, last = total + compact(number[0]), (last[0], number.end())
            break
        factor = Decimal(1)
        # '3.2만' and '1,5 juta': before a multiplier the separator is a decimal one unless it parts three digits.
        end = times.end()
        while times:
            factor *= money.factors[times[1]]
            end, word = times.end(), times[1]
            times = money.times.match(low, end) if word in money.chain else None
        total += compact(number[0]) * factor
        last = (word, end)
        number = _chained().match(low, end) if word in money.chain else None
        if number and not (money.times.match(low, number.end()) or money.behind.match(low, number.end())):
            number = None
    return total, factor, last


def _code(sign: str, language: Language, money: _Money) -> str:
    codes = money.codes.get(sign)
    if codes is None:
        codes = next(c for stem, c in money.stems.items() if sign.startswith(stem))
    return next((c for c in language.currencies if c in codes), codes[0])


def _plain(number: Decimal) -> str:
    # '1.234,50' keeps its two decimals; '2,9 juta' is 2900000, not 2900000.0.
    text = f"{number:f}"
    return (
        text.split(".")[0] if "." in text and number == number.to_integral() and len(text.split(".")[1]) != 2 else text
    )


@lru_cache(maxsize=1)
def _loose() -> frozenset[str]:
    """Words behind a number that need not belong to it where a sign stands before it already."""
    return frozenset({"р", "pen", "try", "real", "k"})


@lru_cache(maxsize=1)
def _money() -> _Money:
    data = lexicon("currencies")
    codes = {sign.lower(): list(c) for sign, c in (data["signs"] | data["words"]).items() if not sign.endswith("*")}
    stems = {w[:-1].lower(): list(c) for w, c in data["words"].items() if w.endswith("*")}
    signs = sorted((s.lower() for s in data["signs"]), key=len, reverse=True)
    words = alternation(w.lower() for w in data["words"])
    behind_only = {w.lower() for w in data["side"]["behind"]}
    joined = "|".join(re.escape(w.lower()) for w in _longest(w for w in data["words"] if not w.endswith("*")))
    signs_before = "|".join(_sign(s) for s in signs if s not in behind_only)
    words_before = "|".join(rf"(?<![{SPACED_LETTERS}]){re.escape(w)}" for w in _longest(data["side"]["front"]))
    # A word needs no space behind a number ('50eur'), but no letter may follow it.
    behind = rf"{words}|(?<=\d)(?:{joined})(?![{SPACED_LETTERS}])|{'|'.join(_sign(s) for s in signs)}"
    times = "|".join(_times(w) for w in _longest(data["times"]))
    return _Money(
        before=re.compile(rf"({signs_before}|{words_before})\.?[ \t]?$"),
        behind=re.compile(rf"[ \t]?-?[ \t]?({behind})"),
        times=re.compile(rf"[ \t]?({times})"),
        codes=codes,
        stems=stems,
        factors={w: Decimal(n) for w, n in data["times"].items()},
        chain=frozenset(data["chain"]),
        alone={tag: frozenset(words) for tag, words in data["alone"].items()},
        dashes=dict(data["dashes"]),
    )


def _longest(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _sign(sign: str) -> str:
    return (r"(?<![a-z])" if sign[0].isascii() and sign[0].isalpha() else "") + re.escape(sign)


def _times(word: str) -> str:
    spaced = re.match(f"[{SPACED_LETTERS}]", word[0]) is not None
    return re.escape(word) + (rf"(?![{SPACED_LETTERS}])" if spaced and word[-1] != "." else "")


@lru_cache(maxsize=1)
def _number() -> re.Pattern[str]:
    # Groups of thousands (also India's 1,49,999), or digits with decimals; not within ids, versions or dates.
    grouped = r"\d{1,3}(?:(?:[.,]\d{2,3}|[ '’]\d{3})(?!\d))+(?:[.,]\d{1,2}(?!\d))?"
    return re.compile(rf"(?<![\d.,/:-])(?<![a-z]\d)(?:{grouped}|\d+(?:[.,]\d+)?)(?![\d/]|[.,:]\d|-\d)")


@lru_cache(maxsize=1)
def _chained() -> re.Pattern[str]:
    return re.compile(r"\s?(\d+)")


@lru_cache(maxsize=1)
def _dash() -> re.Pattern[str]:
    return re.compile(r"(?:,-|:-|,–)(?!\d)")
