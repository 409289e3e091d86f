"""Masks what tells who wrote a message: names, addresses, mail, telephone and order numbers, before others see it.

Heuristics that would rather mask too much: what is left is for reading examples, not for answering them. They are no
proof that nothing personal remains, and whatever shows masked text says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from model.entities import find_entities
from serve.privacy_words import ADDRESS, LETTER, NAME, Words, words_of

MAIL, LINK, PHONE, NUMBER = "mail", "link", "phone", "number"
KINDS = {"order_id": "order number", "tracking_number": "tracking number"}
KEPT = ("date", "amount")  # entities whose digits tell nobody's name
MAX_NAME_WORDS = 3
MAX_SIGNATURE_WORDS = 4
MAX_SIGNATURE_CHARS = 40
MAX_INITIAL_CHARS = 3  # 'J.', 'Th.': what is longer and has a point ends a sentence
MAX_UNSPACED_CHARS, MAX_UNSPACED_NAME_CHARS = 6, 4
MIN_DIGITS = 5  # of what is no date and no amount: postcodes, customer numbers
PHONE_DIGITS = (8, 15)  # the longest by ITU-T E.164
Span = tuple[int, int, str]

_MAIL = re.compile(r"[\w.+%'-]{1,64}\s?(?:@|＠|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\))\s?[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@[A-Za-z]\w{2,}")
_DIGITS = re.compile(r"\+?\(?\d(?:[\s()./ー－–-]{0,2}\d){4,}")
_CODED = re.compile(r"(?<![^\W_])(?=[\d-]*[A-Za-z])(?=(?:[A-Za-z-]*\d){4})[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![^\W_])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_UK_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_WORD = re.compile(rf"[^\W\d_]{LETTER}*\.?")
_LAST = re.compile(
    rf"(?<=[.!?…)])\s+(?P<name>(?!I\b)[^\W\d_a-zß-öø-ÿ]{LETTER}*\.?(?: [^\W\d_a-zß-öø-ÿ]{LETTER}*)?)\s*$"
)
_EAST_ASIAN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def mask(text: str, tag: str) -> str:
    """Return a message with what tells who wrote it replaced by its kind in brackets.

    Parameters
    ----------
    text : str
    tag : str
        Its language: which greetings, titles and street names are looked for beside the English ones; with one that is
        not known, those of all languages.

    Examples
    --------
    >>> mask("Hi Anna, order 112-7654321-1234567 is torn. Call +49 151 2345 6789.\\nKind regards\\nTom Weber", "en")
    'Hi [name], order [order number] is torn. Call [phone].\\nKind regards\\n[name]'
    >>> mask("Mi chiamo Giulia Conti, via Roma 12, giulia@posta.example", "it")
    'Mi chiamo [name], [address], [mail]'
    """
    words = words_of(tag)
    spans = [*_numbers(text, tag), *_names(text, words)]
    spans += [(m.start(), m.end(), ADDRESS) for pattern in words.addresses for m in pattern.finditer(text)]
    return _replaced(text, spans)


def _numbers(text: str, tag: str) -> Iterator[Span]:
    for pattern, kind in ((_MAIL, MAIL), (_LINK, LINK), (_IBAN, NUMBER), (_UK_POSTCODE, ADDRESS)):
        yield from ((m.start(), m.end(), kind) for m in pattern.finditer(text))
    kept: list[tuple[int, int]] = []
    for entity in find_entities(text, tag):
        if entity.kind in KINDS:
            yield entity.start, entity.end, KINDS[entity.kind]
        if entity.kind in (*KINDS, *KEPT):
            kept.append((entity.start, entity.end))
    for match in _DIGITS.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in kept):
            continue
        digits = sum(c.isdigit() for c in match[0])
        phone = PHONE_DIGITS[0] <= digits <= PHONE_DIGITS[1]
        if digits >= MIN_DIGITS:
            yield match.start(), match.end(), PHONE if phone else NUMBER
    for match in _CODED.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in kept):
            yield match.start(), match.end(), NUMBER


def _names(text: str, words: Words) -> Iterator[Span]:
    for match in words.greeting.finditer(text):
        yield from _name_at(text, match.end(), words, gap=" \t")  # behind a comma stands the first word of a sentence
    for match in words.naming.finditer(text):
        yield from _name_at(text, match.end(), words, gap=" \t,:")
    for pattern in words.after_names:
        for match in pattern.finditer(text):
            yield match.start("name"), match.end("name"), NAME
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    lines = [(start, end) for start, end in lines if text[start:end].strip()]
    for n, (start, end) in enumerate(lines):
        signed = words.sign_off.match(text, start, end)
        if signed and n > 0:
            yield from _signature(text, signed.end(), end)
            for place in lines[n + 1 : n + 3]:
                yield from _signature(text, *place)
    for match in words.sign_off_inline.finditer(text):
        yield from _name_at(text, match.end(), words, gap=" \t,:-–—")
        closing = list(_name_at(text, match.end(), words, gap=" \t.!~"))
        yield from (span for span in closing if not text[span[1] :].strip(" \t\n.!~"))
    last = _LAST.search(text)  # '… What would you suggest? Rob'
    if last and last["name"].istitle():
        yield last.start("name"), last.end("name"), NAME
    if len(lines) > 1 and _is_bare_name(text[slice(*lines[-1])]):
        yield from _signature(text, *lines[-1])


def _name_at(text: str, place: int, words: Words, *, gap: str) -> Iterator[Span]:
    """Up to three words with capitals; in scripts that have none, up to two words, or four characters where none is spaced."""
    while place < len(text) and text[place] in gap:
        place += 1
    start = end = place
    for _ in range(MAX_NAME_WORDS):
        word = _WORD.match(text, place)
        if not word or word[0].rstrip(".").casefold() in words.no_names:
            break
        cased = word[0][0].lower() != word[0][0].upper()
        if cased and not word[0][0].isupper():
            break
        if _EAST_ASIAN.match(word[0]):
            end = place + (len(word[0]) if len(word[0]) <= MAX_UNSPACED_CHARS else MAX_UNSPACED_NAME_CHARS)
            break
        if not cased and (len(word[0]) > MAX_SIGNATURE_CHARS // 2 or text.count(" ", start, place) > 1):
            break
        ends = word[0].endswith(".") and len(word[0]) > MAX_INITIAL_CHARS
        end = word.end() - word[0].endswith(".")
        if ends or text[word.end() : word.end() + 1] != " ":
            break
        place = word.end() + 1
    if end > start:
        yield start, end, NAME


def _signature(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(" \t,.:;!-–—~*"))
    piece = text[start:end].rstrip()
    short = len(piece) <= MAX_SIGNATURE_CHARS and len(piece.split()) <= MAX_SIGNATURE_WORDS
    if piece and short and piece[-1] not in "?？":
        yield start, start + len(piece), NAME


def _is_bare_name(line: str) -> bool:
    """Tell whether a last line looks like a name alone: 'Inken Thomsen', '- Anna', 'T. Weber'."""
    found = line.strip(" \t-–—~*,").split()
    return 0 < len(found) <= MAX_NAME_WORDS and all(
        word[0].isupper() and not word[-1].isdigit() and word[-1] not in "!?:" for word in found
    )


def _replaced(text: str, spans: list[Span]) -> str:
    """Put the kinds in the place of the spans; of those that overlap, the first and longest names what is hidden."""
    parts: list[str] = []
    place = 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= place:
            parts += [text[place:start], f"[{kind}]"]
        place = max(place, end)
    parts.append(text[place:])
    return "".join(parts)
