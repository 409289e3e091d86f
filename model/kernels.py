"""Table rows to scores, scores to blended scores, and one pass of training: the loops over the table.

Compiled by numba at first use and cached beside the package (or in `NUMBA_CACHE_DIR`).
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from model.extraction import MAX_FEATURES_A_CHAR, MAX_READ_CHARS


@nb.njit(cache=True, nogil=True)
def count_rows(rows, counts):
    """Add 1 to `counts[row]` for every row of `rows`: document frequencies, since a message's rows are distinct."""
    for j in range(rows.size):
        counts[rows[j]] += 1


@nb.njit(cache=True, nogil=True, fastmath=True)
def score_int8(features, offsets, table, weights, scales, bias, scores):
    """Write `scores[m] = bias + scales * sum(table[features]) / norm`, where norm is the length of the weight vector.

    Parameters
    ----------
    features : int32 (n_total,)
        Table row of each n-gram, message after message; negative where training never met it.
    offsets : int64 (n_messages + 1,)
    table : int8 (n_features, n_columns), weights folded in
    weights : float32 (n_features,): the weight of each row, for the norm
    scales, bias : float32 (n_columns,)
    scores : float32 (n_messages, n_columns), written
    """
    n_columns = table.shape[1]
    total = np.empty(n_columns, np.int32)
    for m in range(offsets.size - 1):
        total[:] = 0
        squares = np.float32(0)
        for j in range(offsets[m], offsets[m + 1]):
            row = features[j]
            if row < 0:
                continue
            w = weights[row]
            squares += w * w
            for k in range(n_columns):
                total[k] += table[row, k]
        norm = np.float32(1 / math.sqrt(squares)) if squares > 0 else np.float32(0)
        for k in range(n_columns):
            scores[m, k] = bias[k] + scales[k] * norm * total[k]


@nb.njit(cache=True, nogil=True, fastmath=True)
def train_pass(
    order,
    features,
    offsets,
    weights,
    table,
    gains,
    bias,
    targets,
    present,
    blocks,
    kinds,
    rate,
    dropout,
    smoothing,
    seed,
):
    """One pass of stochastic gradient descent over all heads; return the mean loss of the softmax heads.

    AdaGrad with one accumulator a row (Duchi, Hazan, Singer 2011), so that rare n-grams learn fast. Dropout of n-grams
    (Srivastava et al. 2014) teaches the model not to lean on a single one; label smoothing (Szegedy et al. 2016) keeps it
    from claiming certainty about what one hand wrote.

    Parameters
    ----------
    order : int64 (n_messages,): the order of this pass
    features, offsets, weights : as in `score_int8`, all features known
    table : float32 (n_features, n_columns), changed
    gains : float32 (n_features,), changed: accumulated squared gradients
    bias : float32 (n_columns,), changed
    targets : float32 (n_messages, n_columns): each softmax block sums to 1, each logistic one holds 0 or 1
    present : float32 (n_messages, n_blocks): weight of the message in each block; 0 leaves it out
    blocks : int64 (n_blocks + 1,): first column of each block
    kinds : int64 (n_blocks,): 0 softmax, 1 independent logistic columns
    rate : learning rate
    dropout : share of a message's n-grams left out this time
    smoothing : share of the target spread over all classes of a softmax block
    seed : of the dropout
    """
    n_columns = table.shape[1]
    logits = np.empty(n_columns, np.float32)
    gradient = np.empty(n_columns, np.float32)
    kept = np.empty(MAX_READ_CHARS * MAX_FEATURES_A_CHAR, np.int32)
    # xorshift64 (Marsaglia 2003): numbers that differ by seed and never by machine.
    state = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x2545F4914F6CDD1D)
    limit = np.uint64(dropout * 4294967296.0)
    loss = 0.0
    for position in range(order.size):
        m = order[position]
        squares = np.float32(0)
        logits[:] = 0
        n_kept = 0
        for j in range(offsets[m], offsets[m + 1]):
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            if (state >> np.uint64(32)) < limit:
                continue
            row = features[j]
            kept[n_kept] = row
            n_kept += 1
            w = weights[row]
            squares += w * w
            for k in range(n_columns):
                logits[k] += w * table[row, k]
        if squares == 0:
            continue
        norm = np.float32(1 / math.sqrt(squares))
        for k in range(n_columns):
            logits[k] = logits[k] * norm + bias[k]
            gradient[k] = 0
        for b in range(kinds.size):
            share = present[m, b]
            if share == 0:
                continue
            lo, hi = blocks[b], blocks[b + 1]
            if kinds[b] == 0:
                top = logits[lo]
                for k in range(lo, hi):
                    top = max(top, logits[k])
                total = np.float32(0)
                for k in range(lo, hi):
                    total += math.exp(logits[k] - top)
                spread = np.float32(smoothing / (hi - lo))
                for k in range(lo, hi):
                    p = np.float32(math.exp(logits[k] - top)) / total
                    gradient[k] = share * (p - ((1 - smoothing) * targets[m, k] + spread))
                    if targets[m, k] > 0:
                        loss -= share * targets[m, k] * math.log(max(p, np.float32(1e-9)))
            else:
                for k in range(lo, hi):
                    p = np.float32(1 / (1 + math.exp(-logits[k])))
                    gradient[k] = share * (p - targets[m, k])
        size = np.float32(0)
        for k in range(n_columns):
            size += gradient[k] * gradient[k]
            bias[k] -= rate * np.float32(0.01) * gradient[k]
        if size < 1e-10:
            continue
        for j in range(n_kept):
            row = kept[j]
            x = weights[row] * norm
            gains[row] += x * x * size
            step = rate / math.sqrt(gains[row] + np.float32(1e-8))
            for k in range(n_columns):
                table[row, k] -= step * x * gradient[k]
    return loss / max(1, order.size)


@nb.njit(cache=True, nogil=True, fastmath=True)
def blend(scores, enter, enter_bias, leave, leave_bias, out):
    """Write `out[m] = max(scores[m] @ enter + enter_bias, 0) @ leave + leave_bias`.

    One message at a time, so that a message gets the same bits whatever it is batched with.

    Parameters
    ----------
    scores : float32 (n_messages, n_inputs)
    enter : float32 (n_inputs, n_hidden)
    enter_bias : float32 (n_hidden,)
    leave : float32 (n_hidden, n_outputs)
    leave_bias : float32 (n_outputs,)
    out : float32 (n_messages, n_outputs), written
    """
    n_inputs, n_hidden = enter.shape
    n_outputs = leave.shape[1]
    hidden = np.empty(n_hidden, np.float32)
    total = np.empty(n_outputs, np.float32)
    for m in range(scores.shape[0]):
        for j in range(n_hidden):
            hidden[j] = enter_bias[j]
        for i in range(n_inputs):
            s = scores[m, i]
            for j in range(n_hidden):
                hidden[j] += s * enter[i, j]
        for k in range(n_outputs):
            total[k] = leave_bias[k]
        for j in range(n_hidden):
            h = hidden[j]
            if h > 0:
                for k in range(n_outputs):
                    total[k] += h * leave[j, k]
        for k in range(n_outputs):
            out[m, k] = total[k]
