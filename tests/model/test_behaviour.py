"""Behaviour in the manner of CheckList (Ribeiro et al. 2020): what must not change a label, in all twenty languages.

Messages are those of the test set of which the model is sure; each change keeps their meaning. A rate is asked for, not
every single case: the model is statistical, and a collapse is what these tests are there to find.
"""

import re
import unicodedata

import pytest

from model.courtesy import courtesies
from model.files import data_dir, read_yaml
from model.text import own_words
from training.corpus import read_messages

SAME_AT_LEAST = 0.95
CLOSE_AT_LEAST = 0.9  # share of messages whose confidence moves by less than 0.05
UNITS = read_yaml(data_dir() / "courtesies.yaml")["languages"]


def _unit(message, field, number=0):
    units = UNITS[message.lang][field]
    return units[(len(message.text) + number) % len(units)]


def _without_marks(text):
    bare = (c for c in unicodedata.normalize("NFD", text) if not 0x300 <= ord(c) <= 0x36F)
    return unicodedata.normalize("NFC", "".join(bare))


CHANGES = {
    "upper case": lambda m: m.text.upper(),
    "lower case": lambda m: m.text.lower(),
    "no diacritics": lambda m: _without_marks(m.text),
    "another number": lambda m: re.sub(r"[0-9]", lambda d: str(9 - int(d[0])), m.text),
    "a smile": lambda m: f"{m.text} 🙂",
    "spaces": lambda m: f"  {m.text}\n\n",
    "a greeting": lambda m: f"{_unit(m, 'openers')}, {m.text}",
    "two greetings": lambda m: f"{_unit(m, 'openers')}, {_unit(m, 'openers', 7)}: {m.text}",
    "a closing": lambda m: f"{m.text} {_unit(m, 'closers')}.",
    "a signature": lambda m: f"{m.text}\n\n{_unit(m, 'sign_offs')}\nKim R.",
    "a quoted mail": lambda m: f"{m.text}\n\n> Refund, invoice, broken, review, customs.\n> Where is it?",
    "sent from": lambda m: f"{m.text}\n\nSent from my iPhone",
}


@pytest.fixture(scope="module")
def sure(reader, labels):
    messages = read_messages([data_dir() / "corpora" / "test"], labels)
    plain = [m for m in messages if m.issues[0] not in ("thanks", "spam", "other") and "\n" not in m.text]
    return [(m, r) for m, r in zip(plain, reader.read([m.text for m in plain]), strict=True) if not r.doubts]


@pytest.mark.parametrize("name", CHANGES)
def test_what_says_nothing_changes_nothing(name, reader, sure):
    changed = reader.read([CHANGES[name](m) for m, _ in sure])
    same = [r.issues[0][0] == c.issues[0][0] for (_, r), c in zip(sure, changed, strict=True)]
    assert sum(same) / len(same) >= SAME_AT_LEAST
    if name not in ("no diacritics", "a smile"):
        close = [abs(r.issues[0][1] - c.issues[0][1]) < 0.05 for (_, r), c in zip(sure, changed, strict=True)]
        assert sum(close) / len(close) >= CLOSE_AT_LEAST


def test_every_language_has_messages_here(sure):
    assert {m.lang for m, _ in sure} == set(UNITS)


def test_units_are_whole_words_and_do_not_swallow_a_matter():
    for unit in ("return", "refund", "where", "cancel", "bitte stornieren", "退款", "返品", "환불"):
        assert all(unit not in units for units in courtesies().openers.values())
    assert own_words("please") == [(0, 6)]
