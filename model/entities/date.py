"""Calendar dates.

The value is ISO 8601: '2024-06-12', or '--06-12' where no year is written. Where day and month could be exchanged
('03/04/2024') the language's order is taken and a '?' follows the value. No clock is read: 'yesterday' is no date here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from model.entities.lexicon import SPACED_LETTERS, alternation, lexicon
from model.entities.reading import NEUTRAL, Entity, Reading

FIRST_YEAR, LAST_YEAR = 1990, 2099
# The Buddhist era is 543 years ahead; two digits from 50 on are Buddhist in Thai ('67' is 2567, 2024).
BUDDHIST_YEARS = 543
BUDDHIST_TAG = "th"
BUDDHIST_FROM = 2400
THAI_SHORT_FROM = 50
# 29 February is a date where no year is written.
LEAP_YEAR = 2000
BEFORE_CHARS = 14


@dataclass(frozen=True, slots=True)
class _Habits:
    day_first: re.Pattern[str]
    name_before: re.Pattern[str]
    day_after: re.Pattern[str]
    months: dict[str, int]
    month_first: bool
    before: re.Pattern[str]
    thai: bool


def find(reading: Reading) -> Iterator[Entity]:
    """Yield the dates of a message.

    >>> from model.entities.reading import read
    >>> [e.value for e in find(read("am 12. Juni 2024, dann 13.06.2024 und 3/4/24", "de"))]
    ['2024-06-12', '2024-06-13', '2024-04-03?']
    >>> [e.value for e in find(read("วันที่ ๑๒ มิ.ย. ๒๕๖๗", "th"))], [e.value for e in find(read("6月12日", "ja"))]
    (['2024-06-12'], ['--06-12'])
    """
    habits, end = _habits(reading.language.tag), 0
    for start, stop, value in sorted(_candidates(reading, habits), key=lambda c: (c[0], -c[1])):
        if start >= end:
            yield reading.entity("date", start, stop, value)
            end = stop


def is_valid(value: str) -> bool:
    """Tell whether a value has the normal form and names a day of the calendar.

    >>> is_valid("2024-02-29"), is_valid("--02-30"), is_valid("2024-04-03?")
    (True, False, True)
    """
    match = re.fullmatch(r"(\d{4}|-)-(\d\d)-(\d\d)\??", value)
    return (
        match is not None and _day(None if match[1] == "-" else int(match[1]), int(match[2]), int(match[3])) is not None
    )


def compact(year: int | None, month: int, day: int, *, doubtful: bool = False) -> str:
    """Return a date in its normal form.

    >>> compact(2024, 6, 12), compact(None, 6, 12), compact(2024, 4, 3, doubtful=True)
    ('2024-06-12', '--06-12', '2024-04-03?')
    """
    head = f"{year:04d}" if year else "-"
    return f"{head}-{month:02d}-{day:02d}" + ("?" if doubtful else "")


def _candidates(reading: Reading, habits: _Habits) -> Iterator[tuple[int, int, str]]:
    for match in _cjk().finditer(reading.folded):
        year = _year(match["year"], habits)
        if year and match["era"]:
            year = int(match["year"]) + int(lexicon("dates")["eras"][match["era"]])
        yield from _checked(match, year, int(match["month"]), int(match["day"]))
    for match in _year_first().finditer(reading.folded):
        yield from _checked(match, _year(match[1], habits), int(match[3]), int(match[4]))
    for match in _numeric().finditer(reading.folded):
        yield from _numeric_date(match, reading, habits)
    yield from _named(reading.low, habits)


def _named(low: str, habits: _Habits) -> Iterator[tuple[int, int, str]]:
    """Yield dates with a month's name, from number to number (searching at every letter takes ten times as long)."""
    # The point of an abbreviation cannot be told from the sentence's; Thai ones ('มิ.ย.') end no sentence.
    strip = " " if habits.thai else " ."
    for number in _short_number().finditer(low):
        match = habits.day_first.match(low, number.start())
        if match:
            month = habits.months[" ".join(match["name"].split())]
            yield from _checked(match, _year(match["year"], habits), month, int(match["day"]), strip=strip)
            continue
        begin = max(0, number.start() - BEFORE_CHARS)
        before = habits.name_before.search(low[begin : number.start()])
        match = habits.day_after.match(low, number.start()) if before else None
        if before and match:
            month = habits.months[before["name"]]
            for _, end, value in _checked(match, _year(match["year"], habits), month, int(match["day"]), strip=strip):
                yield begin + before.start(), end, value


def _numeric_date(match: re.Match[str], reading: Reading, habits: _Habits) -> Iterator[tuple[int, int, str]]:
    one, mark, two = int(match[1]), match[2], int(match[3])
    if match[5] is None:
        begin = max(0, match.start() - BEFORE_CHARS)
        # '3.5' and '1/2' are numbers: without a year a word must say that it is a date.
        if mark == "-" or not habits.before.search(reading.low[begin : match.start()]):
            return
        if mark == "." and not (
            len(match[1] + match[3]) == 4 or reading.folded[match.end(3) : match.end(3) + 1] == "."
        ):
            return
    year = _year(match[5], habits)
    if match[5] is not None and year is None:
        return
    month_first = habits.month_first
    first, second = (one, two) if month_first else (two, one)
    exchanged = first > 12 >= second
    month, day = (second, first) if exchanged else (first, second)
    # A point parts day and month in no language that puts the month first, except when English is written by others.
    doubtful = not exchanged and max(one, two) <= 12 and one != two and (mark != "." or month_first)
    yield from _checked(match, year, month, day, doubtful=doubtful, strip=" " if mark == "." and year is None else " .")


def _checked(
    match: re.Match[str], year: int | None, month: int, day: int, *, doubtful: bool = False, strip: str = " "
) -> Iterator[tuple[int, int, str]]:
    if _day(year, month, day):
        end = match.end() - (len(match[0]) - len(match[0].rstrip(strip)))
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        yield start, end, compact(year, month, day, doubtful=doubtful)


def _day(year: int | None, month: int, day: int) -> datetime.date | None:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year or LEAP_YEAR, month, day)
    except ValueError:
        return None


def _year(text: str | None, habits: _Habits) -> int | None:
    if not text:
        return None
    year = int(text)
    if year < 100:
        return year + (2500 - BUDDHIST_YEARS if habits.thai and year >= THAI_SHORT_FROM else 2000)
    return year - BUDDHIST_YEARS if year >= BUDDHIST_FROM else year


@lru_cache(maxsize=32)
def _habits(tag: str) -> _Habits:
    records = lexicon("dates")["languages"]
    record, english = records[tag], records[NEUTRAL]
    months = {
        name.lower(): n for source in (english, record) for n, names in enumerate(source["months"], 1) for name in names
    }
    own = {name.lower() for names in record["months"] for name in names}
    # 'mar' is March in English, and Tuesday or 'sea' elsewhere: short English names count in English alone.
    foreign = {n.lower() for names in english["months"] for n in names if len(n) > 4 or record.get("english") == "yes"}
    names = alternation(own | foreign)
    if record.get("suffixes"):
        inflected = rf"(?=[{SPACED_LETTERS}]{{0,{record['suffixes']}}}(?![{SPACED_LETTERS}]))"
        names = names.replace(rf"(?![{SPACED_LETTERS}])", inflected)
    endings = "|".join(re.escape(e) for e in sorted(record.get("endings", []), key=len, reverse=True)) or r"(?!)"
    joiner = "|".join(re.escape(w) for w in dict.fromkeys([*record.get("of", []), "of"]))
    pause = r"[\s.,'’\-/]{0,3}"
    # Two digits are a year in Thai only ('12 มิ.ย. 67'), and behind an apostrophe.
    short = r"|\d\d(?!\d|\s?(?:บาท|:|\.\d))" if tag == BUDDHIST_TAG else r"|(?<=['’])\d\d(?!\d)"
    year = rf"(?:{pause}(?:(?:{joiner})\s*)?(?P<year>(?:19|20|25)\d\d(?!\d){short}))?"
    before = alternation(w.lower() for w in record["before"])
    return _Habits(
        day_first=re.compile(
            rf"(?P<day>\d{{1,2}})(?:{endings})?\.?{pause}(?:(?:{joiner})\s*)?(?P<name>{names})\.?{year}"
        ),
        name_before=re.compile(rf"(?P<name>{alternation(foreign)})\.?\s{{0,2}}$"),
        day_after=re.compile(rf"(?P<day>\d{{1,2}})(?!\d|[.,:]\d|\s?[%€$])(?:st|nd|rd|th)?(?![{SPACED_LETTERS}]){year}"),
        months=months,
        month_first=record["short"] == "md",
        before=re.compile(rf"(?:{before})\s*[:(]?\s*$"),
        thai=tag == BUDDHIST_TAG,
    )


@lru_cache(maxsize=1)
def _short_number() -> re.Pattern[str]:
    return re.compile(r"(?<![\d.,:])\d{1,2}(?!\d)")


@lru_cache(maxsize=1)
def _cjk() -> re.Pattern[str]:
    eras = alternation(lexicon("dates")["eras"])
    return re.compile(
        rf"(?:(?P<era>{eras})?\s?(?P<year>\d{{1,4}})\s?[年년]\s?)?(?<!\d)(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日号號일]?(?!\d)"
        r"(?<=[日号號일\d])(?![個个份])"
    )


@lru_cache(maxsize=1)
def _year_first() -> re.Pattern[str]:
    return re.compile(r"(?<![\d.,/-])((?:19|20|25)\d\d)([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d/-])")


@lru_cache(maxsize=1)
def _numeric() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\d.,/:-])(\d{1,2})([-/.])\s?(\d{1,2})(?:(\2)\s?((?:19|20|25)\d\d|\d\d)(?![\d]))?\.?(?![\d/:%-]|[.,]\d)"
    )
