"""Cutting text into words: spaCy's rules, jieba, or single characters, as the language's record says.

Heavy and slow beside the kernel (measured: no tokenizer belongs on the hot path), so everything is imported at first
use, and only by those who need words: the `photo_attached` entity and analysis for training.
"""

from __future__ import annotations

import logging
import re
import tempfile
import threading
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.files import user_dir
from model.languages import load_languages

FALLBACK_PIPELINE = "xx"
HAN = (0x3400, 0x9FFF)
# One lock a process: a spaCy vocabulary frees what a message added to it (`memory_zone`) and is not made for threads.
SPACY_LOCK = threading.RLock()


def tokenize(text: str, tag: str) -> list[tuple[int, int]]:
    """Return the words of a text as spans of code points, white space left out.

    Parameters
    ----------
    text : str
        The original text.
    tag : str
        Its language; one that is not known is cut by spaCy's language-neutral rules.

    Returns
    -------
    list of (int, int)
        Start and end of every token, ascending, without overlap.

    Examples
    --------
    >>> [ "kaputt!"[a:b] for a, b in tokenize("kaputt!", "de") ]
    ['kaputt', '!']
    >>> characters("壊れたDVD 2枚")
    [(0, 1), (1, 2), (2, 3), (3, 6), (7, 8), (8, 9)]
    """
    language = load_languages().get(tag)
    kind = language.tokens if language else "spacy"
    if kind == "jieba":
        return _jieba_words(text)
    if kind == "characters":
        return characters(text)
    return _spacy_words(text, language.spacy if language else FALLBACK_PIPELINE)


def characters(text: str) -> list[tuple[int, int]]:
    """Cut at every character; runs of ASCII letters and digits stay together ('DVD' is no three words)."""
    return [match.span() for match in _character_pattern().finditer(text)]


@lru_cache(maxsize=1)
def slim_vocabulary() -> Any:
    """Return a spaCy vocabulary that knows of a word its lower case only: five times quicker than a full one."""
    from spacy.attrs import LOWER, NORM
    from spacy.vocab import Vocab

    return Vocab(lex_attr_getters={LOWER: str.lower, NORM: str.lower})


@lru_cache(maxsize=1)
def _character_pattern() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9]+|\S")


@lru_cache(maxsize=32)
def _tokenizer(name: str) -> Any:
    import spacy
    from spacy.tokenizer import Tokenizer

    rules = spacy.blank(name).tokenizer
    return Tokenizer(
        slim_vocabulary(),
        rules=rules.rules,
        prefix_search=rules.prefix_search,
        suffix_search=rules.suffix_search,
        infix_finditer=rules.infix_finditer,
        token_match=rules.token_match,
        url_match=rules.url_match,
    )


def _spacy_words(text: str, name: str) -> list[tuple[int, int]]:
    with SPACY_LOCK:
        tokenizer = _tokenizer(name)
        # Without the zone every new word of every message would stay in the vocabulary of a server for ever.
        with slim_vocabulary().memory_zone():
            document = tokenizer(text)
            return [(t.idx, t.idx + len(t)) for t in document if not t.is_space]


def _jieba_words(text: str) -> list[tuple[int, int]]:
    # jieba's dictionary is simplified: traditional text is cut on a simplified copy with the same positions.
    copy = text.translate(_to_simplified())
    return [(start, end) for word, start, end in _jieba().tokenize(copy) if not word.isspace()]


@lru_cache(maxsize=1)
def _to_simplified() -> dict[int, int]:
    from model.folding import fold_table

    simple = fold_table().bare
    return {code: int(simple[code]) for code in range(HAN[0], HAN[1] + 1) if simple[code] != code and simple[code]}


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 still asks for pkg_resources and uses old escapes
        import jieba
    jieba.setLogLevel(logging.ERROR)
    # jieba keeps its dictionary in the shared temporary folder under a fixed name, where another user may lay a file of
    # his own (it is unmarshalled): a private folder instead.
    cutter = jieba.Tokenizer()
    cutter.tmp_dir = str(_private_folder())
    cutter.initialize()
    return cutter


def _private_folder() -> Path:
    folder = user_dir() / "jieba"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="replydesk-jieba-"))
