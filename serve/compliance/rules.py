"""The rules and the words of each language, from `data/compliance/`, checked and compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.languages import load_languages
from serve.compliance.folding import fold
from serve.schemas import Platform

FINDERS = ("link", "mail_address", "phone_number", "emoji")
SEVERITIES = ("error", "warning")
ANY = "any"  # the file of words that are the same everywhere
_RULE_FIELDS = (
    "id", "severity", "platforms", "except", "shapes", "finder", "unless", "unless_not", "unless_sentence", "explanation",
    "source", "date",
)  # fmt: skip
_SHAPE_FIELDS = ("chain", "reach", "with", "stop")
_WORD_FIELDS = ("languages", "joined", "order", "words")
_ORDERS = ("any", "forward")


@dataclass(frozen=True)
class Shape:
    """Concepts near each other in one sentence with no `stop` between, and others anywhere in it."""

    chain: tuple[str, ...]
    reach: int
    beside: tuple[str, ...]
    stop: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One rule; `platforms` where it applies. See the top of `data/compliance/rules.yaml`."""

    id: str
    severity: str
    platforms: frozenset[str]
    shapes: tuple[Shape, ...]
    finder: str | None
    unless: tuple[str, ...]
    unless_not: tuple[str, ...]
    unless_sentence: tuple[str, ...]
    explanation: str
    source: str


@dataclass(frozen=True)
class Words:
    """A language's words for the concepts, compiled.

    Parameters
    ----------
    joined : bool
        Words carry no boundaries that could be asked for.
    spaced : bool
        Words are spaced: distances count words, otherwise characters.
    forward : bool
        Verb before object is the usual order: the other way round, a chain reaches half as far.
    """

    joined: bool
    spaced: bool
    forward: bool
    patterns: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class Rules:
    """All rules by id, words by language tag (with `any`), and the meaning of each concept."""

    rules: Mapping[str, Rule]
    words: Mapping[str, Words]
    concepts: Mapping[str, str]


@lru_cache(maxsize=4)
def load_rules(folder: Path | None = None) -> Rules:
    """Read and check `data/compliance/`.

    Raises
    ------
    DataError
        With every fault found: unknown concepts, rules without finder or shapes, languages without words, bad patterns.
    """
    folder = folder or data_dir() / "compliance"
    path = folder / "rules.yaml"
    data = read_yaml(path)
    concepts: Mapping[str, str] = data["concepts"]
    faults: list[Fault] = []
    rules: dict[str, Rule] = {}
    for record in data["rules"]:
        said = [
            Fault(str(path), record.line, f"rule {record.get('id', '?')}: {p}") for p in _problems(record, concepts)
        ]
        faults += said
        if not said:
            rules[record["id"]] = _rule(record)
    words: dict[str, Words] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file != path:
            _read_words(file, concepts, words, faults)
    for tag in (ANY, *load_languages()):
        if tag not in words:
            faults.append(Fault(str(folder), 0, f"no words for '{tag}'"))
    if faults:
        raise DataError(faults)
    return Rules(rules, words, concepts)


def _problems(record: Mapping[str, Any], concepts: Mapping[str, str]) -> list[str]:
    found = [f"unknown field '{key}'{nearest(key, _RULE_FIELDS)}" for key in record if key not in _RULE_FIELDS]
    found += [f"'{key}' is missing" for key in ("id", "explanation", "source", "date") if not record.get(key)]
    if record.get("severity") not in SEVERITIES:
        found.append(f"severity is one of {', '.join(SEVERITIES)}")
    if ("shapes" in record) == ("finder" in record):
        found.append("needs either 'shapes' or 'finder'")
    if "finder" in record and record["finder"] not in FINDERS:
        found.append(f"unknown finder '{record['finder']}'{nearest(record['finder'], FINDERS)}")
    names = [*record.get("unless", []), *record.get("unless_not", []), *record.get("unless_sentence", [])]
    for shape in record.get("shapes", []):
        found += [
            f"shape: unknown field '{key}'{nearest(key, _SHAPE_FIELDS)}" for key in shape if key not in _SHAPE_FIELDS
        ]
        if not shape.get("chain") or not str(shape.get("reach", "")).isdigit():
            found.append("shape: needs 'chain' and 'reach', a number of words")
        names += [*shape.get("chain", []), *shape.get("with", []), *shape.get("stop", [])]
    found += [f"unknown concept '{name}'{nearest(name, list(concepts))}" for name in names if name not in concepts]
    for key in ("platforms", "except"):
        for name in record.get(key, []):
            if name not in get_args(Platform):
                found.append(f"{key}: unknown platform '{name}'{nearest(name, get_args(Platform))}")
    return found


def _rule(record: Mapping[str, Any]) -> Rule:
    platforms = frozenset(record.get("platforms", get_args(Platform))) - frozenset(record.get("except", ()))
    shapes = tuple(
        Shape(tuple(shape["chain"]), int(shape["reach"]), tuple(shape.get("with", ())), tuple(shape.get("stop", ())))
        for shape in record.get("shapes", ())
    )
    return Rule(
        id=record["id"],
        severity=record["severity"],
        platforms=platforms,
        shapes=shapes,
        finder=record.get("finder"),
        unless=tuple(record.get("unless", ())),
        unless_not=tuple(record.get("unless_not", ())),
        unless_sentence=tuple(record.get("unless_sentence", ())),
        explanation=record["explanation"],
        source=record["source"],
    )


def _read_words(path: Path, concepts: Mapping[str, str], words: dict[str, Words], faults: list[Fault]) -> None:
    try:
        data = read_yaml(path)
    except DataError as error:
        faults += error.faults
        return
    known = (ANY, *load_languages())
    for key in data:
        if key not in _WORD_FIELDS:
            faults.append(Fault(str(path), data.line, f"unknown field '{key}'{nearest(key, _WORD_FIELDS)}"))
    if data.get("order", "any") not in _ORDERS:
        faults.append(Fault(str(path), data.line, f"order is one of {', '.join(_ORDERS)}"))
    joined = data.get("joined", "no") == "yes"
    patterns = {}
    for concept, terms in data.get("words", {}).items():
        if concept not in concepts:
            said = f"unknown concept '{concept}'{nearest(concept, list(concepts))}"
            faults.append(Fault(str(path), data["words"].line, said))
            continue
        try:
            patterns[concept] = compile_terms(terms, joined=joined)
        except re.error as error:
            faults.append(Fault(str(path), data["words"].line, f"{concept}: {error.pattern!r}: {error}"))
    for tag in data.get("languages", []):
        if tag not in known:
            faults.append(Fault(str(path), data.line, f"unknown language '{tag}'{nearest(tag, known)}"))
        if tag != ANY:
            for concept in ("review", "alter", "ask", "claim", "close", "reward", "condition", "coupon"):
                if concept not in patterns:
                    faults.append(Fault(str(path), data.line, f"{tag}: no words for '{concept}'"))
        spaced = tag == ANY or (tag in known and load_languages()[tag].spaced)
        words[tag] = Words(joined, spaced, data.get("order", "any") == "forward", patterns)


def compile_terms(terms: Sequence[str], *, joined: bool) -> re.Pattern[str]:
    """Compile the words of one concept: folded; a space is any run of blanks, '*' any ending or beginning of a word.

    >>> bool(compile_terms(["bewertung*"], joined=False).search(fold("Ihre BEWERTUNGEN")))
    True
    """
    parts = [
        fold(term).replace("*", r"\w{0,20}").replace(" ?", r"\s{0,3}").replace("[ -]", r"[\s-]").replace(" ", r"\s+")
        for term in terms
    ]
    body = "|".join(sorted(parts, key=len, reverse=True))
    return re.compile(f"(?:{body})" if joined else rf"(?<!\w)(?:{body})(?!\w)")
