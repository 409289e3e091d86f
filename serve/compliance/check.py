"""Finds what a text may not say: concepts near each other in a sentence, and signs that give themselves away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from serve.compliance.folding import Folded, fold, fold_with_places, undisguised
from serve.compliance.rules import ANY, Rule, Rules, Shape, Words, load_rules
from serve.compliance.signs import find_signs

_SENTENCE_END = re.compile(r"[!?。।؟؛\n…]+|\.(?!\S)|;")
_CLAUSE_END = re.compile(r"[,:،、()\u2013\u2014]| - ")
_WORD = re.compile(r"\S+")
# What may be the beginning of a link, an address, a phone number, an emoji: what it is, the finders say.
_SIGN = re.compile(
    "[@\U0001f000-\U0001faff\u2600-\u27bf]|\\w\\.[a-z]|//|\\d(?:[ ()./-]{0,2}\\d){6}|[:;]-?[)(dp]|[\\[(]"
)
CHARS_A_WORD = 3  # where words are not spaced


@dataclass(frozen=True)
class Finding:
    """One breach; `start` and `end` are code points of the checked text."""

    rule: str
    start: int
    end: int
    text: str
    severity: str
    explanation: str
    source: str


Hit = tuple[int, int]


class Checker:
    """Checks texts against the rules.

    Parameters
    ----------
    rules : Rules
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._patterns = {tag: _with_any(words, rules.words[ANY]) for tag, words in rules.words.items()}
        self._keys: dict[str, re.Pattern[str]] = {}
        self._spoken = tuple(rule for rule in rules.rules.values() if rule.shapes)
        self._signs = tuple(rule for rule in rules.rules.values() if rule.finder)

    def check(self, text: str, *, languages: Iterable[str], platform: str | None = None) -> list[Finding]:
        """Return what a text may not say, in order of place.

        Parameters
        ----------
        text : str
        languages : iterable of str
            Tags whose words are looked for; the words of `any` always are.
        platform : str or None
            Only the rules of this platform; all where unknown.
        """
        folded = fold_with_places(text)
        bare = undisguised(folded)
        found: dict[tuple[str, int, int], Finding] = {}
        for variant in (folded, bare):
            if variant is None or not variant.text.strip():
                continue
            for rule, start, end in self._find(variant, text, tuple(languages), platform):
                first, last = variant.span(start, end)
                if not any(f.rule == rule.id and f.start < last and first < f.end for f in found.values()):
                    found[rule.id, first, last] = _finding(rule, text, first, last)
        return sorted(found.values(), key=lambda f: (f.start, f.end, f.rule))

    def _find(
        self, folded: Folded, text: str, languages: Sequence[str], platform: str | None
    ) -> Iterator[tuple[Rule, int, int]]:
        yield from self._find_signs(folded, text, languages, platform)
        spoken = [rule for rule in self._spoken if platform is None or platform in rule.platforms]
        for tag in dict.fromkeys(languages):
            yield from _Sentences(folded.text, self.rules.words[tag], self._patterns[tag]).search(spoken)

    def check_filled(
        self, texts: Sequence[str], values: Iterable[str], *, language: str, platform: str | None
    ) -> list[Finding]:
        """Check filled replies whose templates were checked when they were loaded.

        Only what fills the slots can break a rule then: where it holds no key word of a rule (the last of a chain), signs
        alone are looked for, and where it holds no sign either, nothing.
        """
        filled = fold(" | ".join(values))
        if language not in self._keys:
            named = {shape.chain[-1] for rule in self._spoken for shape in rule.shapes}
            patterns = [p.pattern for concept, p in self._patterns[language].items() if concept in named]
            self._keys[language] = re.compile("|".join(patterns))
        if self._keys[language].search(filled):
            return [f for text in texts for f in self.check(text, languages=[language], platform=platform)]
        if not _SIGN.search(filled):
            return []
        found = []
        for text in texts:
            folded = fold_with_places(text)
            for rule, start, end in self._find_signs(folded, text, (language,), platform):
                found.append(_finding(rule, text, *folded.span(start, end)))
        return found

    def _find_signs(
        self, folded: Folded, text: str, languages: Sequence[str], platform: str | None
    ) -> Iterator[tuple[Rule, int, int]]:
        phone_words = [p for p in (self._patterns[tag].get("phone") for tag in languages) if p]
        for rule in self._signs:
            if platform is None or platform in rule.platforms:
                for start, end in find_signs(str(rule.finder), folded, text, platform, phone_words):
                    yield rule, start, end


class _Sentences:
    """The concepts of one text in one language, sentence by sentence."""

    def __init__(self, text: str, words: Words, patterns: Mapping[str, re.Pattern[str]]) -> None:
        self.text, self.words, self._patterns = text, words, patterns
        self._hits: dict[str, list[Hit]] = {}

    def hits(self, concept: str) -> list[Hit]:
        if concept not in self._hits:
            pattern = self._patterns.get(concept)
            self._hits[concept] = [m.span() for m in pattern.finditer(self.text)] if pattern else []
        return self._hits[concept]

    def search(self, rules: Sequence[Rule]) -> Iterator[tuple[Rule, int, int]]:
        sentences: list[Hit] | None = None
        for rule in rules:
            for shape in rule.shapes:
                if not all(self.hits(concept) for concept in (*reversed(shape.chain), *shape.beside)):
                    continue
                if sentences is None:
                    sentences = _split(_SENTENCE_END, self.text, 0, len(self.text))
                for sentence in sentences:
                    yield from ((rule, start, end) for start, end in self._in_sentence(rule, shape, sentence))

    def _in_sentence(self, rule: Rule, shape: Shape, sentence: Hit) -> Iterator[Hit]:
        if not all(self._within(concept, *sentence) for concept in shape.beside):
            return
        if any(self._within(concept, *sentence) for concept in rule.unless_sentence):
            return
        chains = self._chains(shape, sentence)
        for start, end in chains:
            if rule.unless and not any(self._within(concept, *sentence) for concept in rule.unless_not):
                clauses = _split(_CLAUSE_END, self.text, *sentence)
                touched = [(a, b) for a, b in clauses if a < end and start < b]
                if any(self._within(concept, a, b) for concept in rule.unless for a, b in touched):
                    continue
            yield start, end

    def _within(self, concept: str, start: int, end: int) -> list[Hit]:
        return [(a, b) for a, b in self.hits(concept) if start <= a and b <= end]

    def _chains(self, shape: Shape, sentence: Hit) -> list[Hit]:
        chains = self._within(shape.chain[0], *sentence)
        for concept in shape.chain[1:]:
            longer = []
            for a in chains:
                for b in self._within(concept, *sentence):
                    if self._near(a, b, shape):
                        longer.append((min(a[0], b[0]), max(a[1], b[1])))
                        break
            chains = longer
        return chains

    def _near(self, first: Hit, second: Hit, shape: Shape) -> bool:
        if first[0] < second[1] and second[0] < first[1]:
            return True
        backward = second[1] <= first[0]
        gap = (second[1], first[0]) if backward else (first[1], second[0])
        reach = (shape.reach + 1) // 2 if backward and self.words.forward else shape.reach
        between = self.text[slice(*gap)]
        if not self.words.spaced:
            distance = (len(between.strip()) + CHARS_A_WORD - 1) // CHARS_A_WORD
        else:
            distance = len(_WORD.findall(between))
        if distance > reach:
            return False
        return not any(self._within(concept, *gap) for concept in shape.stop)


def _finding(rule: Rule, text: str, start: int, end: int) -> Finding:
    return Finding(rule.id, start, end, text[start:end], rule.severity, rule.explanation, rule.source)


def _with_any(words: Words, everywhere: Words) -> dict[str, re.Pattern[str]]:
    patterns = dict(words.patterns)
    for concept, pattern in everywhere.patterns.items():
        own = patterns.get(concept)
        patterns[concept] = re.compile(f"{own.pattern}|{pattern.pattern}") if own else pattern
    return patterns


def _split(ends: re.Pattern[str], text: str, start: int, end: int) -> list[Hit]:
    pieces, at = [], start
    for match in ends.finditer(text, start, end):
        pieces.append((at, match.start()))
        at = match.end()
    pieces.append((at, end))
    return [(a, b) for a, b in pieces if text[a:b].strip()]


@lru_cache(maxsize=4)
def load_checker(folder: Path | None = None) -> Checker:
    """Return the checker of a folder of rules; the shipped one by default."""
    return Checker(load_rules(folder))
