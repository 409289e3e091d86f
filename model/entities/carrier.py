"""Carriers by name and nickname; the value is the canonical name of `data/entities/carriers.yaml`.

No tokenizer: the names are looked up among the message's own words first, and only the few that could be there are
tried as patterns. (spaCy's PhraseMatcher finds no name inside unspaced text and takes 0.1 ms a message to cut it.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from model.entities.lexicon import alternation, is_spaced, lexicon
from model.entities.reading import Entity, Reading


@dataclass(frozen=True, slots=True)
class _Alias:
    pattern: re.Pattern[str]
    name: str
    exact: bool
    weak: bool
    length: int


@dataclass(frozen=True, slots=True)
class _Names:
    by_word: dict[str, list[_Alias]]
    first_words: frozenset[str]
    unspaced: re.Pattern[str]
    aliases: dict[str, _Alias]
    delivery: re.Pattern[str]
    never: re.Pattern[str]


def find(reading: Reading, words: set[str]) -> list[Entity]:
    """Return the carriers named in a message.

    Parameters
    ----------
    reading : Reading
        The message.
    words : set of str
        Its words in lower case, as `words_of` gives them.

    Examples
    --------
    >>> from model.entities.reading import read
    >>> reading = read("顺丰还是UPS? Not the ups and downs.", "en")
    >>> [e.value for e in find(reading, words_of(reading))]
    ['SF Express', 'UPS']
    """
    names = _names()
    found: list[tuple[int, int, str]] = []
    candidates = [a for w in names.first_words & words for a in names.by_word[w]]
    if not reading.text.isascii():
        candidates += [names.aliases[m] for m in dict.fromkeys(names.unspaced.findall(reading.low))]
    for alias in candidates:
        text = reading.folded if alias.exact else reading.low
        for match in alias.pattern.finditer(text):
            if not alias.weak or names.delivery.search(reading.low):
                found.append((match.start(), match.end(), alias.name))
    if not found:
        return []
    others = [m.span() for m in names.never.finditer(reading.low)]
    result: list[Entity] = []
    end = 0
    for start, stop, name in sorted(found, key=lambda f: (f[0], -f[1])):
        if start >= end and not any(a <= start and stop <= b for a, b in others):
            result.append(reading.entity("carrier", start, stop, name))
            end = stop
    return result


def words_of(reading: Reading) -> set[str]:
    """Return the runs of letters in lower case, cut where ASCII letters meet others ('DHLで' is 'dhl' and 'で')."""
    return set(runs(reading.low))


def is_valid(value: str) -> bool:
    """Tell whether a value is the canonical name of a carrier.

    >>> is_valid("DHL"), is_valid("dhl")
    (True, False)
    """
    return any(value == record["name"] for record in lexicon("carriers")["carriers"])


def runs(low: str) -> list[str]:
    """Return the runs of letters and digits of a lower-case text.

    >>> runs("dhlで送った")
    ['dhl', 'で送った']
    """
    return _runs().findall(low)


@lru_cache(maxsize=1)
def _runs() -> re.Pattern[str]:
    return re.compile(r"[a-z0-9]+|[^\W\da-z_]+")


@lru_cache(maxsize=1)
def _names() -> _Names:
    data = lexicon("carriers")
    by_word: dict[str, list[_Alias]] = {}
    unspaced: dict[str, _Alias] = {}
    for record in data["carriers"]:
        for field in ("aliases", "exact", "weak"):
            for word in record.get(field, []):
                exact = field == "exact"
                pattern = re.compile(alternation([word if exact else word.lower()]))
                alias = _Alias(pattern, record["name"], exact, field == "weak", len(word))
                if is_spaced(word[0]):
                    first = _runs().findall(word.lower().rstrip("*"))[0]
                    by_word.setdefault(first, []).append(alias)
                    for ending in _endings(word, first):
                        by_word.setdefault(ending, []).append(alias)
                else:
                    unspaced[word.lower()] = alias
    patterns = "|".join(re.escape(w) for w in sorted(unspaced, key=len, reverse=True))
    delivery = re.compile(alternation(w.lower() for w in data["delivery"]))
    never = re.compile(alternation(w.lower() for w in data["never"]))
    return _Names(by_word, frozenset(by_word), re.compile(patterns), unspaced, delivery, never)


def _endings(word: str, first: str) -> list[str]:
    """Inflected first words must be in the table too; only one-word names with a '*' need it (Slavic cases)."""
    if not word.endswith("*") or word.lower().rstrip("*") != first:
        return []
    return [first + e for e in ("ом", "а", "у", "е", "ы", "em", "u", "ie", "a", "n", "s", "in", "innen")]
