"""Characters to hashed n-grams and counts of scripts: the loops over text.

Compiled by numba at first use and cached beside the package (or in `NUMBA_CACHE_DIR`). Everything here works on flat
arrays: code points of all messages joined, and offsets of shape (n_messages + 1,).

N-grams are hashed (Weinberger et al. 2009, 'Feature hashing for large scale multitask learning'), with the mixing step
of MurmurHash3's finaliser.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba as nb
import numpy as np

MAX_READ_CHARS = 6000  # of one message; what comes after has never changed a label
MAX_FEATURES_A_CHAR = 12
_SLOTS = 16384  # of the set that drops repeated n-grams of a message

_BREAK, _LETTER, _UNSPACED, _SYMBOL = 0, 1, 2, 3


class _Sink(NamedTuple):
    """Where n-grams go: the arrays that are written, and the set of those that the message has had already."""

    rows: Any
    starts: Any
    ends: Any
    slot_row: Any
    slot_message: Any
    mask: Any
    spans: Any


@nb.njit(inline="always")
def _mix(state: np.uint64, value: np.uint64) -> np.uint64:
    state = (state ^ value) * np.uint64(0xFF51AFD7ED558CCD)
    return state ^ (state >> np.uint64(32))


@nb.njit(cache=True, nogil=True)
def extract(codes, offsets, bare, accented, kinds, bits, rows, starts, ends, row_offsets, spans):
    """Write the table rows of every message's distinct n-grams; return how many in all.

    Letters: n-grams of 3 to 6 within a word and its two edges, whole words, runs of 2 and 3 words, and pairs with one
    word between. Unspaced scripts: n-grams of 1 to 4 characters. Symbols: single ones and pairs with their neighbour.

    Parameters
    ----------
    codes : uint32 (n_chars,)
    offsets : int64 (n_messages + 1,)
    bare, accented, kinds : the fold table
    bits : int
        The table has 2**bits rows.
    rows : int32 (capacity,), written
    starts, ends : int32 (capacity,), written where `spans`: code points within the message
    row_offsets : int64 (n_messages + 1,), written
    spans : bool
    """
    size = bare.size
    folded = np.empty(MAX_READ_CHARS + 3, np.uint32)
    exact = np.empty(MAX_READ_CHARS + 3, np.uint32)
    kind = np.empty(MAX_READ_CHARS + 3, np.uint8)
    place = np.empty(MAX_READ_CHARS + 3, np.int32)
    words = np.empty(MAX_READ_CHARS + 3, np.uint64)
    word_start = np.empty(MAX_READ_CHARS + 3, np.int32)
    word_end = np.empty(MAX_READ_CHARS + 3, np.int32)
    sink = _Sink(
        rows, starts, ends, np.empty(_SLOTS, np.int32), np.full(_SLOTS, -1, np.int64), np.uint64((1 << bits) - 1), spans
    )
    count = 0
    row_offsets[0] = 0
    for message in range(offsets.size - 1):
        begin = offsets[message]
        stop = min(offsets[message + 1], begin + MAX_READ_CHARS)
        # Fold; runs of spaces become one, runs of one character at most three.
        folded[0] = 32
        exact[0] = 32
        kind[0] = _BREAK
        place[0] = 0
        n = 1
        last = np.uint32(32)
        run = 1
        for j in range(begin, stop):
            c = codes[j]
            if c < size:
                f = bare[c]
                k = kinds[c]
                x = accented[c]
            else:
                f = c
                x = c
                k = np.uint8(_UNSPACED) if c < 0x40000 else np.uint8(_SYMBOL)
            if f == 0:
                continue
            if f == last:
                run += 1
                if k == _BREAK or run > 3:
                    continue
            else:
                run = 1
            last = f
            folded[n] = f
            exact[n] = x
            kind[n] = k
            place[n] = j - begin
            n += 1
        if kind[n - 1] != _BREAK:
            folded[n] = 32
            exact[n] = 32
            kind[n] = _BREAK
            place[n] = stop - begin
            n += 1
        # A set no larger than the message needs stays in the nearest cache.
        slots = 256
        while slots < n * MAX_FEATURES_A_CHAR and slots < _SLOTS:
            slots *= 2
        slots -= 1
        n_words = 0
        i = 0
        while i < n:
            k = kind[i]
            if k == _BREAK:
                i += 1
                continue
            e = i + 1
            if k == _SYMBOL:
                h = _mix(np.uint64(3), np.uint64(folded[i]))
                count = _emit(sink, count, h, message, slots, place[i], place[i] + 1)
                if kind[e] == _SYMBOL:
                    h = _mix(h, np.uint64(folded[e]))
                    count = _emit(sink, count, h, message, slots, place[i], place[e] + 1)
                i = e
                continue
            while e < n and kind[e] == k:
                e += 1
            if k == _LETTER:
                h = np.uint64(5)
                for j in range(i, e):
                    h = _mix(h, np.uint64(exact[j]))
                words[n_words] = h
                word_start[n_words] = place[i]
                word_end[n_words] = place[e - 1] + 1
                n_words += 1
                for s in range(i - 1, e):
                    h = np.uint64(7)
                    for t in range(s, min(e + 1, s + 6)):
                        h = _mix(h, np.uint64(folded[t]) if (t >= i and t < e) else np.uint64(32))
                        if t - s >= 2:
                            count = _emit(sink, count, h, message, slots, place[max(s, i)], place[min(t, e - 1)] + 1)
            else:
                for s in range(i, e):
                    h = np.uint64(11)
                    for t in range(s, min(e, s + 4)):
                        h = _mix(h, np.uint64(folded[t]))
                        count = _emit(sink, count, h, message, slots, place[s], place[t] + 1)
            i = e
        for a in range(n_words):
            h = np.uint64(13)
            for b in range(a, min(n_words, a + 3)):
                h = _mix(h, words[b])
                count = _emit(sink, count, h, message, slots, word_start[a], word_end[b])
            if a + 2 < n_words:
                h = _mix(_mix(np.uint64(17), words[a]), words[a + 2])
                count = _emit(sink, count, h, message, slots, word_start[a], word_end[a + 2])
        row_offsets[message + 1] = count
    return count


@nb.njit(inline="always")
def _emit(sink, count, h, message, slots, start, end):
    row = np.int32((h ^ (h >> np.uint64(29))) & sink.mask)
    slot = np.int64(row) & slots
    for _ in range(8):
        if sink.slot_message[slot] != message:
            sink.slot_message[slot] = message
            sink.slot_row[slot] = row
            break
        if sink.slot_row[slot] == row:
            return count
        slot = (slot + 1) & slots
    if count < sink.rows.size:
        sink.rows[count] = row
        if sink.spans:
            sink.starts[count] = start
            sink.ends[count] = end
        count += 1
    return count


@nb.njit(cache=True, nogil=True)
def count_scripts(codes, offsets, scripts, sides, telling, most, letters, side, told):
    """Count each message's letters by script, its Han characters by side, and those of `telling`.

    Parameters
    ----------
    codes : uint32 (n_chars,)
    offsets : int64 (n_messages + 1,)
    scripts : uint8 (65536,): script of each code point, beyond the columns of `letters` where it is no letter
    sides : int8 (65536,)
    telling : bool (65536,)
    most : characters read of each message
    letters : int32 (n_messages, n_scripts), written
    side, told : int32 (n_messages,), written
    """
    for m in range(offsets.size - 1):
        for j in range(offsets[m], min(offsets[m + 1], offsets[m] + most)):
            c = codes[j]
            if c < scripts.size:
                if scripts[c] < letters.shape[1]:
                    letters[m, scripts[c]] += 1
                side[m] += sides[c]
                told[m] += telling[c]
