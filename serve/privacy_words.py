"""Greetings, titles, sign-offs and street words by language, from `privacy.yaml`, as patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.languages import load_languages

NAME, ADDRESS = "name", "address"
FIELDS = (
    "greetings", "titles", "introductions", "sign_offs", "honorifics", "streets_before", "units",
    "streets_after", "streets_glued", "areas",
)  # fmt: skip
ALWAYS = "en"  # many write its greetings among words of another language
# A letter or a mark upon one: Python's \w knows no vowel signs of Hindi, Thai and Arabic.
LETTER = r"[\w'’\-\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
_UNSPACED = r"[\u0e00-\u0e7f\u3000-\u9fff\uac00-\ud7a3\uff1a:]"
_EAST_ASIAN = r"[\u3005\u3040-\u30ff\u3400-\u9fff]"
_NAME_CHARS = r"[\u3005\u3400-\u9fff\u30a0-\u30ff\uac00-\ud7a3]"


@dataclass(frozen=True)
class Words:
    """Patterns of one language.

    Parameters
    ----------
    greeting, naming : pattern
        A name may follow; a name follows.
    after_names : tuple of patterns
        A name stands before, in the group `name`.
    sign_off, sign_off_inline : pattern
        At the beginning of a line; within one, behind the end of a sentence.
    addresses : tuple of patterns
        Whole addresses.
    no_names : collection of str
        Words that are no names though they stand where names do.
    """

    greeting: re.Pattern[str]
    naming: re.Pattern[str]
    after_names: tuple[re.Pattern[str], ...]
    sign_off: re.Pattern[str]
    sign_off_inline: re.Pattern[str]
    addresses: tuple[re.Pattern[str], ...]
    no_names: Collection[str]


@lru_cache(maxsize=4)
def load_words(path: Path | None = None) -> dict[str, dict[str, list[str]]]:
    """Read `privacy.yaml`; raises DataError with every fault found."""
    path = path or data_dir() / "privacy.yaml"
    data, tags = read_yaml(path)["languages"], tuple(load_languages())
    faults: list[Fault] = []
    for tag, record in data.items():
        if tag not in tags:
            faults.append(Fault(str(path), record.line, f"unknown language '{tag}'{nearest(tag, tags)}"))
        faults += [
            Fault(str(path), record.line, f"{tag}: unknown field '{name}'{nearest(name, FIELDS)}")
            for name in record
            if name not in FIELDS
        ]
        if not all(isinstance(words, list) and words for words in record.values()):
            faults.append(Fault(str(path), record.line, f"{tag}: every field is a list of words"))
    faults += [Fault(str(path), 0, f"language '{tag}' is missing") for tag in tags if tag not in data]
    if faults:
        raise DataError(faults)
    return {tag: dict(record) for tag, record in data.items()}


def load_nobody() -> list[str]:
    """Return who is greeted and nobody in particular, in small letters."""
    found: list[str] = read_yaml(data_dir() / "privacy.yaml")["nobody"]
    return found


@lru_cache(maxsize=64)
def words_of(tag: str) -> Words:
    """Return the patterns of a language and of English; of all languages where it is not one of ours."""
    data = load_words()
    records = [data[name] for name in dict.fromkeys((tag, ALWAYS))] if tag in data else list(data.values())

    def of(*fields: str) -> list[str]:
        return [word for record in records for name in fields for word in record.get(name, ())]

    signs = of("sign_offs")
    return Words(
        _before(of("greetings")),
        _before(of("titles", "introductions")),
        tuple(_after(of("honorifics"))),
        re.compile(rf"[ \t\-–—,]*(?:{_any(signs)})(?!{LETTER})[ \t,.!:]*", re.IGNORECASE),
        re.compile(rf"(?:(?<=[.!?;,\n])|(?<=[.!?;,\n] ))(?:{_any(signs)})(?!{LETTER})", re.IGNORECASE),
        tuple(_addresses(of)),
        frozenset(load_nobody())
        | {part.casefold() for said in of("greetings", "introductions", "titles") for part in said.split()},
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def _before(words: list[str]) -> re.Pattern[str]:
    # Whole words ('am' is no title in 'I am'); in scripts without spaces the name follows at once.
    return re.compile(rf"(?<!{LETTER})(?:{_any(words)})(?:(?!{LETTER})|(?<={_UNSPACED}))\.?", re.IGNORECASE)


def _after(words: list[str]) -> Iterable[re.Pattern[str]]:
    if words:
        yield re.compile(rf"(?<!{_NAME_CHARS})(?P<name>{_NAME_CHARS}{{1,6}}?)\s?(?:{_any(words)})(?!{_NAME_CHARS})")


def _addresses(record: Callable[..., list[str]]) -> Iterable[re.Pattern[str]]:
    # A name has a capital, or is of a script that has none; the words between two may not ('rue de la Paix').
    name, particle = (
        rf"(?-i:[^\W\d_a-zß-öø-ÿ]){LETTER}*",
        r"(?:d[aeiou]s?|du|des|del|della|dell|la|le|los|las|lo|e|y|van|ten|der|den)",
    )
    names = rf"(?:(?:{particle}[ \t]+|[dl]['’]){{0,2}}{name}\.?(?:[ \t]+(?:{particle}[ \t]+){{0,2}}{name}){{0,3}})"
    number = r"(?:(?:no|nr|n|д|дом|№|num|số|เลขที่)[.:°º]?[ \t]?)?(?<!\d)\d{1,4}(?:[ \t]?[/-][ \t]?\d{1,4})?(?:[ \t]?[A-Za-z]\b)?"
    city = rf"[ \t,]*(?:\d{{4,6}}|\d{{2,5}}-\d{{3,4}})[ \t]+{name}(?:-{name})?"
    before, units, after = record("streets_before"), record("units"), record("streets_after")
    glued, areas = record("streets_glued"), record("areas")
    if before:
        lead = r"(?:(?<![\d-])\d{1,4}(?:[ \t]?(?:bis|ter))?,?[ \t])"
        street = rf"(?<!{LETTER})(?:{_any(before)})(?:(?!{LETTER})|(?<={_UNSPACED}))\.?[ \t]*{names}"
        yield re.compile(
            rf"{lead}{street}(?:{city})?|{street},?[ \t]*(?:(?:{city})|{number}(?:{city})?)", re.IGNORECASE
        )
    if units:
        yield re.compile(rf"(?<!{LETTER})(?:{_any(units)})[.:]?[ \t]*{number}", re.IGNORECASE)
    if after:
        yield re.compile(
            rf"\b\d{{1,5}}[A-Za-z]?[ \t](?:{name}[ \t]){{1,3}}(?:{_any(after)})(?!{LETTER})\.?", re.IGNORECASE
        )
        yield re.compile(rf"(?:{name}[ \t]){{1,3}}(?:{_any(after)})(?!{LETTER})\.?[ \t,]*{number}", re.IGNORECASE)
    if glued:
        wider = r"(?:[가-힣]{1,6}(?:시|도|군|구|읍|면)[ \t]){0,3}"
        yield re.compile(rf"{wider}{LETTER}+(?:{_any(glued)})\.?[ \t]{{1,2}}{number}(?:{city})?", re.IGNORECASE)
    yield re.compile(r"〒\s?\d{3}-?\d{4}\s*[^\s、。，,]{0,30}")
    if areas:
        run = rf"{_EAST_ASIAN}{{1,8}}?(?:{_any(areas)})"
        house = r"[0-9０-９一二三四五六七八九十百]{1,5}[\-ー－之]?"
        yield re.compile(
            rf"{run}(?:{run}|{house}(?:{_any(areas)})?)*{_EAST_ASIAN}{{0,6}}(?:{house}(?:{_any(areas)})?)+"
        )
