"""Whether the buyer says that a photo or video is attached or was sent; the value is 'photo' or 'video'.

'See attached photo' is one; 'shall I send a photo?', 'I cannot attach a photo' and 'the photos on your page' are none:
within one clause a word for the photo and a word for attaching must stand near each other, with no word of question,
refusal, future or somebody else's picture. The words are found by spaCy's Matcher on the language's tokens.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from model.entities.carrier import runs
from model.entities.lexicon import lexicon
from model.entities.reading import Entity, Reading
from model.tokens import SPACY_LOCK, characters, slim_vocabulary, tokenize

KINDS = ("photo", "video", "attached", "block", "allow", "whole")
# A sentence ends here; a clause ends at a comma too, and words of refusal count within the clause only.
SENTENCE_ENDS = frozenset(".!?;\n。！？；…।؟")
CLAUSE_ENDS = frozenset(",:，、：،—–-()")
# Longer messages are read up to here: who writes more has said by then whether a photo is there.
MAX_CHARS = 8_000
# Tokens in the longest saying ('送ってください' in characters), and how many mentions of a photo are weighed.
MAX_PHRASE = 12
MAX_MENTIONS = 20


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int


def find(reading: Reading, words: set[str]) -> list[Entity]:
    """Return what says so in the message, at most one phrase, and the bare word for the photo as a shorter choice.

    >>> from model.entities.carrier import words_of
    >>> from model.entities.reading import read
    >>> for text in ("It broke, see attached photo.", "Should I send a photo?"):
    ...     reading = read(text, "en")
    ...     print([e.text for e in find(reading, words_of(reading))])
    ['see attached photo', 'photo']
    []
    """
    if not _gate(reading, words):
        return []
    text, tag = reading.text[:MAX_CHARS], reading.language.tag
    if not _said(tag).search(reading.low):
        return []  # 'not as in the photo': nothing that would be worth cutting into words
    record = lexicon("photo")["languages"][tag]
    by_characters = record["cut"] == "characters"
    spans = characters(text) if by_characters else tokenize(text, tag)
    hits = _match([reading.folded[a:b] for a, b in spans], tag)
    near, behind = int(record["near"]), int(record.get("behind", MAX_CHARS))
    cut = [text[a:b] for a, b in spans]
    for first, end in _sentences(spans, text):
        found = _decide(hits, first, end, near, behind, cut)
        if found:
            phrase, shown, value = found
            return [
                reading.entity("photo_attached", spans[hit.start][0], spans[hit.end - 1][1], value)
                for hit in (phrase, shown)
            ]
    return []


def is_valid(value: str) -> bool:
    """Tell whether a value is one of the two.

    >>> is_valid("photo"), is_valid("sound")
    (True, False)
    """
    return value in ("photo", "video")


def _gate(reading: Reading, words: set[str]) -> bool:
    spaced, unspaced = _gates()
    return not spaced.isdisjoint(words) or (not reading.text.isascii() and unspaced.search(reading.low) is not None)


def _decide(
    hits: dict[str, list[_Hit]], first: int, end: int, near: int, behind: int, words: list[str]
) -> tuple[_Hit, _Hit, str] | None:
    def between(kind: str, low: int, high: int) -> list[_Hit]:
        found = hits[kind]
        return found[bisect_left(found, low, key=_start) : bisect_left(found, high, key=_start)]

    pairs = []
    for kind in ("photo", "video"):
        for shown in between(kind, first, end)[:MAX_MENTIONS]:
            low, high = max(first, shown.start - near - MAX_PHRASE), min(end, shown.end + near + 1)
            for whole, said in [(w == "whole", h) for w in ("whole", "attached") for h in between(w, low, high)]:
                gap = max(shown.start - said.end, said.start - shown.end)
                if gap <= (0 if whole else near) and (whole or gap >= 0):
                    phrase = _Hit(min(shown.start, said.start), max(shown.end, said.end))
                    # The nearest pair, and of two words at the same place the longer ('截图', not '图').
                    pairs.append((not whole, max(gap, 0), shown.start - shown.end, phrase, shown, kind))
    for *_, phrase, shown, kind in sorted(pairs, key=lambda p: p[:3])[:MAX_MENTIONS]:
        left, right = phrase.start, phrase.end
        while left > first and words[left - 1] not in CLAUSE_ENDS:
            left -= 1
        while right < min(end, phrase.end + behind) and words[right] not in CLAUSE_ENDS:
            right += 1
        # A blocking word within a saying that suffices or is allowed ('as you can see') blocks nothing.
        fine = [*between("allow", left, right), *between("whole", left, right)]
        if not any(not any(f.start <= b.start and b.end <= f.end for f in fine) for b in between("block", left, right)):
            return phrase, shown, kind
    # A saying without a word for the photo in it ('see attachment') is left to the archive's attachment column.
    return None


def _start(hit: _Hit) -> int:
    return hit.start


def _sentences(spans: list[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    first = 0
    for number, (this, following) in enumerate(pairwise(spans)):
        if text[this[1] - 1] in SENTENCE_ENDS or "\n" in text[this[1] : following[0]]:
            yield first, number + 1
            first = number + 1
    yield first, len(spans)


def _match(words: list[str], tag: str) -> dict[str, list[_Hit]]:
    from spacy.tokens import Doc

    hits: dict[str, list[_Hit]] = {kind: [] for kind in KINDS}
    with SPACY_LOCK:
        matcher = _matcher(tag)
        with slim_vocabulary().memory_zone():
            found = [
                (matcher.vocab.strings[key], start, end) for key, start, end in matcher(Doc(matcher.vocab, words=words))
            ]
    for kind, start, end in sorted(found, key=lambda f: f[1:]):
        hits[kind].append(_Hit(start, end))
    return hits


def warm_up(tags: Iterable[str]) -> None:
    """Build the matchers of these languages now (a few seconds for all twenty), so that no message has to wait for one."""
    for tag in tags:
        # Under the lock: words that were added while another thread reads a message would be freed with that message's.
        with SPACY_LOCK:
            _matcher(tag)


@lru_cache(maxsize=32)
def _matcher(tag: str) -> Any:
    from spacy.matcher import Matcher

    record = lexicon("photo")["languages"][tag]
    matcher = Matcher(slim_vocabulary())
    for kind in KINDS:
        patterns = [_pattern(phrase.lower(), tag, record["cut"]) for phrase in record[kind]]
        if patterns:
            matcher.add(kind, patterns)
    return matcher


def _pattern(phrase: str, tag: str, cut: str) -> list[dict[str, Any]]:
    bare = phrase.removesuffix("*")
    spans = characters(bare) if cut == "characters" else tokenize(bare, tag)
    pattern: list[dict[str, Any]] = [{"LOWER": bare[a:b]} for a, b in spans]
    if phrase.endswith("*"):
        pattern[-1] = {"LOWER": {"REGEX": "^" + re.escape(pattern[-1]["LOWER"])}}
    return pattern


@lru_cache(maxsize=32)
def _said(tag: str) -> re.Pattern[str]:
    record = lexicon("photo")["languages"][tag]
    sayings = {w.lower().rstrip("*") for w in (*record["attached"], *record["whole"])}
    return re.compile("|".join(r"\s+".join(map(re.escape, w.split())) for w in sorted(sayings)))


@lru_cache(maxsize=1)
def _gates() -> tuple[frozenset[str], re.Pattern[str]]:
    spaced: set[str] = set()
    unspaced: set[str] = set()
    for record in lexicon("photo")["languages"].values():
        for word in (w.lower() for w in (*record["photo"], *record["video"])):
            first = runs(word)[0]
            # 'फोटो' is no single run: vowel signs are no letters to a regular expression. Nor is 'vidéo'.
            whole = word[: len(first)] == first and not word[len(first) : len(first) + 1].isalpha() and len(first) > 1
            if record["cut"] == "characters" or not whole:
                unspaced.add(word)
            else:
                spaced.add(first)
    return frozenset(spaced), re.compile("|".join(re.escape(w) for w in sorted(unspaced)))
