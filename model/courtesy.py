"""Courtesies around a matter, set aside before it is read: they tell nothing, and would thin out what does.

The units come from `data/courtesies.yaml`; several in a row are taken off one after the other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from model.entities.lexicon import is_spaced
from model.errors import DataError, Fault
from model.files import data_dir, read_yaml

FIELDS = ("openers", "closers", "sign_offs")
KEY_CHARS = 2  # by which units are found
MAX_UNITS = 12  # taken off at either end
MAX_GREETING_CHARS = 200
# Behind a sign-off stands a name and nothing else.
NAME_CHARS = 40
SIGN_OFF_LINES = 4
_GAPS = frozenset(" \t\r\n,.:;!?~-–—…，。：；！？、·।؟،\"'()（）*")


@dataclass(frozen=True)
class Courtesies:
    """Units by their first or last characters, the longest first, in lower case; and the languages of the openers."""

    openers: dict[str, tuple[str, ...]]
    closers: dict[str, tuple[str, ...]]
    sign_offs: dict[str, tuple[str, ...]]
    languages: dict[str, list[str]]


def matter_span(text: str) -> tuple[int, int]:
    """Return where the matter of a message begins and ends, in code points.

    The whole text where it consists of courtesies alone, or has none.

    Examples
    --------
    >>> def matter(text): start, end = matter_span(text); return text[start:end]
    >>> matter("Hello, please, I would like to know: where is my parcel?")
    'where is my parcel?'
    >>> matter("Hallo!"), matter("请问，包裹在哪？"), matter("It broke.\\n\\nKind regards,\\nAnn")
    ('Hallo!', '包裹在哪？', 'It broke.')
    """
    units = courtesies()
    low = _lowered(text)
    end = _before_sign_off(low, units)
    for _ in range(MAX_UNITS):
        closed = _strip_end(low, end)
        unit = next(
            (u for u in units.closers.get(low[max(0, closed - KEY_CHARS) : closed], ()) if _closes(low, u, closed)), ""
        )
        if not unit:
            break
        end = closed - len(unit)
    start = 0
    for _ in range(MAX_UNITS):
        begin = _strip_start(low, start, end)
        unit = _opener(low, begin, units)
        if not unit:
            break
        start = _strip_start(low, begin + len(unit), end)
    if (start, end) != (0, len(text)):
        end = len(text[:end].rstrip())
    said = low[start:end]
    if start < end and (sum(c.isalpha() for c in said[:40]) > 1 or any(c.isdigit() for c in said)):
        return start, end
    return 0, len(text)


def greeting_language(text: str) -> str | None:
    """Return the tag of the language of a message that consists of courtesies and nothing else, else None.

    Of several languages that share the words the first of `data/languages.yaml` is taken.

    >>> greeting_language("Hello, good morning!"), greeting_language("Bonjour"), greeting_language("Hello, broken")
    ('en', 'fr', None)
    """
    if len(text) > MAX_GREETING_CHARS or not any(c.isalpha() for c in text):
        return None
    low = _lowered(text)
    units = courtesies()
    start = 0
    found: Counter[str] = Counter()
    for _ in range(MAX_UNITS):
        start = _strip_start(low, start, len(low))
        unit = _opener(low, start, units)
        if not unit:
            break
        found.update(units.languages[unit])
        start += len(unit)
    if not found or any(c.isalnum() for c in low[start:]):
        return None
    return max(found, key=lambda tag: found[tag])  # the first of the most frequent


@lru_cache(maxsize=1)
def courtesies() -> Courtesies:
    """Return the units of all languages; read at first use.

    Raises
    ------
    DataError
        If the file is not one list of words for each field of each language.
    """
    path = data_dir() / "courtesies.yaml"
    records = read_yaml(path)["languages"]
    for tag, record in records.items():
        if set(record) != set(FIELDS) or not all(
            isinstance(u, str) and u.strip() == u != "" for f in FIELDS for u in record[f]
        ):
            raise DataError(
                [Fault(str(path), getattr(record, "line", 1), f"{tag}: needs lists of words for {', '.join(FIELDS)}")]
            )
    every = {field: {_lowered(u) for record in records.values() for u in record[field]} for field in FIELDS}

    def keyed(field: str, *, at_end: bool = False) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for unit in sorted(every[field], key=lambda u: (-len(u), u)):
            found.setdefault(unit[-KEY_CHARS:] if at_end else unit[:KEY_CHARS], []).append(unit)
        return {key: tuple(units) for key, units in found.items()}

    languages: dict[str, list[str]] = {}
    for tag, record in records.items():
        for unit in record["openers"]:
            languages.setdefault(_lowered(unit), []).append(tag)
    return Courtesies(keyed("openers"), keyed("closers", at_end=True), keyed("sign_offs"), languages)


def _lowered(text: str) -> str:
    low = text.lower().replace("’", "'")
    if len(low) != len(text):  # 'İ' has two characters in lower case; positions must stay
        low = "".join(c.lower()[0] for c in text).replace("’", "'")
    return low


def _opener(low: str, at: int, units: Courtesies) -> str:
    return next((u for u in units.openers.get(low[at : at + KEY_CHARS], ()) if _opens(low, u, at)), "")


def _opens(low: str, unit: str, at: int) -> bool:
    after = at + len(unit)
    return low.startswith(unit, at) and not (is_spaced(unit[-1]) and after < len(low) and is_spaced(low[after]))


def _closes(low: str, unit: str, end: int) -> bool:
    before = end - len(unit)
    return low.endswith(unit, 0, end) and not (is_spaced(unit[0]) and before > 0 and is_spaced(low[before - 1]))


def _before_sign_off(low: str, units: Courtesies) -> int:
    """Return where a sign-off with its name begins, else the end."""
    end = place = len(low)
    for _ in range(SIGN_OFF_LINES):
        line = low.rfind("\n", 0, place)
        begin = _strip_start(low, line + 1, end)
        if line < 0 or end - begin > NAME_CHARS + 60:
            break
        for unit in units.sign_offs.get(low[begin : begin + KEY_CHARS], ()):
            if _opens(low, unit, begin) and end - begin - len(unit) <= NAME_CHARS:
                return begin
        place = line
    return end


def _strip_start(low: str, start: int, end: int) -> int:
    while start < end and low[start] in _GAPS:
        start += 1
    return start


def _strip_end(low: str, end: int) -> int:
    while end > 0 and low[end - 1] in _GAPS:
        end -= 1
    return end
