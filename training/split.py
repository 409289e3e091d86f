"""Splits without leaks: what one hand wrote stays on one side."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.corpus import Message


def held_out_voices(messages: Sequence[Message], *, share: float = 0.15, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Choose messages to hold out so that no voice stands on both sides.

    For each language one voice or more, in an order drawn from `seed`, until `share` of its messages is reached; another
    voice for each language, so that no kind of message is missing on either side. A language whose messages all come
    from one voice keeps it for training.

    Returns
    -------
    ndarray of bool (n_messages,)
        True where held out.
    """
    by_language: dict[str, dict[str, list[int]]] = {}
    for row, message in enumerate(messages):
        by_language.setdefault(message.lang, {}).setdefault(message.voice, []).append(row)
    held = np.zeros(len(messages), bool)
    for voices in by_language.values():
        order = sorted(voices, key=lambda voice: hashlib.sha256(f"{seed}:{voice}".encode()).digest())
        wanted = share * sum(map(len, voices.values()))
        taken = 0
        for voice in order[:-1]:
            if taken >= wanted:
                break
            held[voices[voice]] = True
            taken += len(voices[voice])
    return held


def voice_folds(messages: Sequence[Message], *, n_folds: int = 4, seed: int = 0) -> npt.NDArray[np.int64]:
    """Deal messages into folds so that no voice stands in two.

    For each language its voices, in an order drawn from `seed`, go to the fold that has the fewest of its messages so
    far. A language of fewer voices than two is dealt message by message, so that every fold leaves some of it for training.

    Returns
    -------
    ndarray of int64 (n_messages,)
        In [0, n_folds).
    """
    by_language: dict[str, dict[str, list[int]]] = {}
    for row, message in enumerate(messages):
        by_language.setdefault(message.lang, {}).setdefault(message.voice, []).append(row)
    folds = np.zeros(len(messages), np.int64)
    for tag, voices in by_language.items():
        if len(voices) == 1:
            rows = next(iter(voices.values()))
            voices = {f"{tag}:{messages[row].id}": [row] for row in rows}
        order = sorted(voices, key=lambda voice: hashlib.sha256(f"{seed}:{voice}".encode()).digest())
        filled = [0] * n_folds
        for voice in order:
            fold = filled.index(min(filled))
            folds[voices[voice]] = fold
            filled[fold] += len(voices[voice])
    return folds
