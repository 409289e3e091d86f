"""Word lists of `data/entities/`: read strictly, checked, and compiled when first asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.languages import load_languages

# Scripts that put spaces between words: a listed word must stand alone there ('ups' is not in 'pushups'). Elsewhere
# (Han, kana, Hangul with its particles, Thai, Arabic with its prefixes) it is found inside longer runs.
SPACED_LETTERS = "0-9A-Za-z\u00c0-\u024f\u0300-\u036f\u0370-\u03ff\u0400-\u04ff\u0900-\u0963\u0971-\u097f\u1e00-\u1eff"


@lru_cache(maxsize=16)
def lexicon(name: str) -> dict[str, Any]:
    """Return the content of `data/entities/<name>.yaml`.

    Raises
    ------
    DataError
        If the file cannot be read, or its `languages:` are not exactly the twenty, or differ in shape.
    """
    path = data_dir() / "entities" / f"{name}.yaml"
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise DataError([Fault(str(path), 1, "a word list is a mapping")])
    if "languages" in data:
        faults = list(_language_faults(path, data["languages"]))
        if faults:
            raise DataError(faults)
    return data


def _language_faults(path: Path, records: Any) -> Iterable[Fault]:
    known = list(load_languages())
    if not isinstance(records, dict):
        yield Fault(str(path), 1, "'languages:' holds one mapping a language")
        return
    line = getattr(records, "line", 0)
    for tag, record in records.items():
        if tag not in known:
            yield Fault(str(path), getattr(record, "line", line), f"unknown language '{tag}'{nearest(tag, known)}")
        if not isinstance(record, dict):
            yield Fault(str(path), line, f"{tag}: must be a mapping of fields to words")
            continue
        for field, words in record.items():
            if not isinstance(words, str | list) or (isinstance(words, list) and not _all_words(words)):
                yield Fault(
                    str(path), getattr(record, "line", line), f"{tag}: {field} must be a word or a list of words"
                )
    for tag in known:
        if tag not in records:
            yield Fault(str(path), line, f"the language '{tag}' is missing")


def _all_words(words: list[Any]) -> bool:
    return all(isinstance(w, str) and w for entry in words for w in (entry if isinstance(entry, list) else [entry]))


def of_all_languages(name: str, field: str) -> list[str]:
    """Return a field's words of all languages together, each once."""
    return list(dict.fromkeys(w for record in lexicon(name)["languages"].values() for w in record.get(field, [])))


def is_spaced(char: str) -> bool:
    """Tell whether a character belongs to a script that puts spaces between words."""
    return _spaced_letter().match(char) is not None


@lru_cache(maxsize=1)
def _spaced_letter() -> re.Pattern[str]:
    return re.compile(f"[{SPACED_LETTERS}]")


def alternation(words: Iterable[str]) -> str:
    """Return a pattern of words, the longest first; word boundaries where the script has them; '*' allows any ending.

    >>> import re
    >>> pattern = re.compile(alternation(["ups", "livr*", "顺丰"]), re.IGNORECASE)
    >>> [pattern.search(t) is not None for t in ("pushups", "UPS!", "livraison", "用顺丰发的")]
    [False, True, True, True]
    """
    # Grouped by first character, so that a search tries a handful of words at a place and not a thousand.
    groups: dict[str, list[str]] = {}
    for word in sorted(set(words), key=len, reverse=True):
        groups.setdefault(word[0], []).append(_rest(word))
    return "|".join(_first(char) + "(?:" + "|".join(rest) + ")" for char, rest in groups.items()) or r"(?!)"


def _first(char: str) -> str:
    # The look behind stands after the character: a pattern that begins with plain characters is searched faster.
    return re.escape(char) + (rf"(?<![{SPACED_LETTERS}]{re.escape(char)})" if is_spaced(char) else "")


def _rest(word: str) -> str:
    stem = word.removesuffix("*")
    # White space in a word list is any white space in a message, line breaks included.
    body = r"\s+".join(re.escape(part) for part in stem[1:].split(" "))
    if word.endswith("*"):
        return rf"{body}[{SPACED_LETTERS}]*"
    return body + (rf"(?![{SPACED_LETTERS}])" if is_spaced(stem[-1]) else "")
