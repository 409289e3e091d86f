"""What a message says by its own words, beside its issue (`data/said.yaml`): nothing is asked that was said (P58)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.labels import load_labels
from model.languages import load_languages
from serve.compliance.folding import fold
from serve.compliance.rules import compile_terms
from serve.vocabulary import vocabulary

_JOINED = frozenset({"hi", "th", "ja", "ko", "zh-Hans", "zh-Hant"})  # no word boundaries that a pattern could ask for


@dataclass(frozen=True)
class Said:
    """Facts by issue, issues that rule a fact out, values in the order asked, patterns by language, fact, value; of events."""

    values: Mapping[str, tuple[str, ...]]
    by_issue: Mapping[str, tuple[str, ...]]
    unless: Mapping[str, frozenset[str]]
    patterns: Mapping[tuple[str, str, str], re.Pattern[str]]
    signs: Mapping[tuple[str, str], re.Pattern[str]]
    events: Mapping[str, re.Pattern[str]]

    def read(self, text: str, tag: str, issues: Collection[str]) -> dict[str, str]:
        """Return the facts that a message states, for the issues it is about.

        >>> load_said().read("Mein Finger ist verbrannt!", "de", ["safety"])
        {'harm': 'yes'}
        """
        facts: dict[str, str] = {}
        wanted = [
            fact for issue in issues for fact in self.by_issue.get(issue, ()) if self.unless[fact].isdisjoint(issues)
        ]
        folded = fold(text) if wanted else ""
        for fact in dict.fromkeys(wanted):
            for value in self.values[fact]:
                words, signs = self.patterns.get((tag, fact, value)), self.signs.get((fact, value))
                if (words and words.search(folded)) or (signs and signs.search(folded)):
                    facts[fact] = value
                    break
        return facts

    def read_event(self, event: str) -> dict[str, str]:
        """Return what the carrier's last event says; carriers write it in the language of any country.

        >>> load_said().read_event("Paket verloren gegangen")
        {'tracking': 'lost'}
        """
        folded = fold(event)
        return next(({"tracking": value} for value, words in self.events.items() if words.search(folded)), {})


@lru_cache(maxsize=4)
def load_said(path: Path | None = None) -> Said:
    """Read `said.yaml`; raises DataError with every fault: unknown issues, facts, values, languages, bad patterns."""
    path = path or data_dir() / "said.yaml"
    data = read_yaml(path)
    faults: list[Fault] = []

    def fault(node: object, said: str) -> None:
        faults.append(Fault(str(path), getattr(node, "line", 0), said))

    issues = load_labels().issues
    values: dict[str, tuple[str, ...]] = {}
    by_issue: dict[str, list[str]] = {}
    unless: dict[str, frozenset[str]] = {}
    for fact, record in data["facts"].items():
        values[fact] = tuple(record["values"])
        unless[fact] = frozenset(record.get("unless", ()))
        for issue in (*record["issues"], *unless[fact]):
            if issue not in issues:
                fault(record, f"{fact}: unknown issue '{issue}'{nearest(issue, issues)}")
        for issue in record["issues"]:
            by_issue.setdefault(issue, []).append(fact)

    def compiled(node: object, where: str, terms: Sequence[str]) -> re.Pattern[str]:
        try:
            return re.compile("|".join(fold(term) for term in terms))
        except re.error as error:
            fault(node, f"{where}: not a pattern: {error}")
            return re.compile(r"(?!)")

    signs = {}
    for name, terms in data["signs"].items():
        fact, _, value = name.partition(".")
        if value not in values.get(fact, ()):
            fault(data["signs"], f"signs: there is no '{name}'{nearest(name, list(values))}")
        signs[fact, value] = compiled(data["signs"], f"signs: {name}", terms)
    known = vocabulary(load_labels(), ())["tracking"].values
    events = {}
    for value, terms in data["events"].items():
        if value not in known:
            fault(data["events"], f"events: there is no '{value}'{nearest(value, known)}")
        events[value] = compiled(data["events"], f"events: {value}", terms)
    patterns: dict[tuple[str, str, str], re.Pattern[str]] = {}
    for tag, facts in data["words"].items():
        if tag not in load_languages():
            fault(facts, f"words: unknown language '{tag}'{nearest(tag, list(load_languages()))}")
        for fact, named in facts.items():
            for value, terms in named.items():
                if value not in values.get(fact, ()):
                    fault(facts, f"words: {tag}: there is no '{fact}.{value}'{nearest(fact, list(values))}")
                try:
                    patterns[tag, fact, value] = compile_terms(terms, joined=tag in _JOINED)
                except re.error as error:
                    fault(facts, f"words: {tag}.{fact}.{value}: {error}")
    if faults:
        raise DataError(faults)
    return Said(values, {issue: tuple(facts) for issue, facts in by_issue.items()}, unless, patterns, signs, events)
