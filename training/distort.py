"""Copies of messages as a thumb on a telephone would write them: letters swapped, lost or doubled, accents and case gone.

A model that has seen them is surer of words it knows in another guise. Distortion is of the text alone: what the buyer
wants stays as it is.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from training.corpus import Message

ACCENTS_SHARE, CASE_SHARE = 0.3, 0.15
CHARS_A_TYPO = 30
# Letters that Unicode does not take apart.
_PLAIN = dict(zip("đĐłŁøØıßæÆœŒ", ("d", "D", "l", "L", "o", "O", "i", "ss", "ae", "AE", "oe", "OE"), strict=True))


def distorted_copies(messages: Sequence[Message], *, seed: int = 0) -> list[Message]:
    """Return a distorted copy of each message; the same for the same seed.

    Capitals may be shouting, so copies whose case was changed teach nothing about sentiment.
    """
    return [_distorted(message, random.Random(f"{seed} {message.id}")) for message in messages]  # noqa: S311 no secret


def _distorted(message: Message, chance: random.Random) -> Message:
    kind, text, sentiment = chance.random(), message.text, message.sentiment
    if kind < ACCENTS_SHARE:
        text = without_accents(text)
    elif kind < ACCENTS_SHARE + CASE_SHARE:
        text, sentiment = text.upper() if chance.random() < 0.5 else text.lower(), None
    if text == message.text:  # a script without case or accents
        text, sentiment = with_typos(text, chance), message.sentiment
    return replace(message, text=text, sentiment=sentiment)


def without_accents(text: str) -> str:
    """Return a text with plain Latin letters for accented ones; marks of other scripts are no ornaments and stay.

    >>> without_accents("Où est đơn hàng? ผ้าขาด")
    'Ou est don hang? ผ้าขาด'
    """
    return "".join(_PLAIN.get(c) or _base(c) for c in unicodedata.normalize("NFC", text))


def _base(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


def with_typos(text: str, chance: random.Random) -> str:
    """Return a text with a letter swapped, lost or doubled about every thirty characters, one at least.

    >>> with_typos("Where is my parcel?", random.Random(1))
    'Wher is my parcel?'
    """
    letters = list(text)
    for _ in range(max(1, len(letters) // CHARS_A_TYPO) if letters else 0):
        place, kind = chance.randrange(len(letters)), chance.random()
        if kind < 0.4 and place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = "" if kind < 0.7 else letters[place] * 2
    return "".join(letters)
