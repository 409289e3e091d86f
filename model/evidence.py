"""Which words speak for a label: the score taken apart, exactly.

At one message the model is linear in its n-grams (the blend is piecewise linear), so each n-gram's share of the score is
known; it is spread evenly over the code points it covers, and code points are gathered into words (single characters
where words are not spaced). The shares of all spans sum to the score without its constant part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.folding import LETTER, UNSPACED, fold_table
from model.ngrams import Rows
from model.scorer import Floats, Scorer, beside

MAX_SPANS = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the text, in code points, and its share of an issue's score against the mean of all issues."""

    start: int
    end: int
    issue: str
    weight: float


def find_evidence(
    scorer: Scorer, text: str, rows: Rows, issue: str, *, limit: int = MAX_SPANS, vectors: Floats | None = None
) -> list[Evidence]:
    """Return the spans that speak most for an issue, in the order of the text.

    Parameters
    ----------
    scorer : Scorer
    text : str
    rows : Rows
        Of this one text, with spans.
    issue : str
    limit : int
        At most so many spans, the weightiest.
    vectors : float32 (1, n_dimensions), optional
        Of the encoder, where the model has one.
    """
    shares = character_shares(scorer, len(text), rows, issue, vectors)
    pieces = [(start, end, float(shares[start:end].sum())) for start, end in _words(text[: shares.size])]
    best = sorted((p for p in pieces if p[2] > 0), key=lambda p: (-p[2], p[0]))[:limit]
    merged: list[Evidence] = []
    for start, end, weight in sorted(best):
        if merged and merged[-1].end == start:
            merged[-1] = Evidence(merged[-1].start, end, issue, merged[-1].weight + weight)
        else:
            merged.append(Evidence(start, end, issue, weight))
    return [Evidence(e.start, e.end, e.issue, round(e.weight, 4)) for e in merged]


def character_shares(
    scorer: Scorer, length: int, rows: Rows, issue: str, vectors: Floats | None = None
) -> npt.NDArray[np.float64]:
    """Return the share of every code point in the score of an issue (against the mean of the issues), shape (length,)."""
    head = scorer.head("primary")
    column = head.classes.index(issue)
    met = rows.rows >= 0
    features, starts, ends = rows.rows[met], rows.starts[met], rows.ends[met]
    norm = np.sqrt((scorer.weights[features].astype(np.float64) ** 2).sum()) or 1.0
    direction = contrast(scorer, scorer.raw_scores(rows), column, vectors)[0]
    shares = scorer.table[features, scorer.inputs] @ (direction * scorer.scales[scorer.inputs]) / norm
    spread = shares / np.maximum(ends - starts, 1)
    steps = np.zeros(length + 1)
    np.add.at(steps, starts, spread)
    np.add.at(steps, np.minimum(ends, length), -spread)
    result: npt.NDArray[np.float64] = np.cumsum(steps)[:length]
    return result


def contrast(
    scorer: Scorer, raw: Floats, column: int, vectors: Floats | None = None
) -> tuple[npt.NDArray[np.float64], float]:
    """Return how the raw scores of one message make the score of an issue against the mean of the issues.

    Parameters
    ----------
    scorer : Scorer
    raw : float32 (1, n_columns)
    column : int
        Of the issue, among those of the head.
    vectors : float32 (1, n_dimensions), optional

    Returns
    -------
    direction : float64 (n_inputs,)
    constant : float
        Biases and what the encoder adds included: the contrast is `(raw - bias)[inputs] @ direction + constant`.
    """
    inputs = scorer.inputs
    blend = scorer.blends.get("primary")
    if blend:
        read = beside(raw[:, inputs], vectors)[0]
        weights, shift = blend.linearise(read)
        shift = shift + read[inputs.stop :] @ weights[inputs.stop :]
        weights = weights[: inputs.stop]
    else:
        weights = np.eye(inputs.stop, dtype=np.float32)[:, scorer.head("primary").columns]
        shift = np.zeros(weights.shape[1], np.float32)
    direction = weights[:, column].astype(np.float64) - weights.mean(axis=1)
    return direction, float(shift[column] - shift.mean() + scorer.bias[inputs] @ direction)


def _words(text: str) -> list[tuple[int, int]]:
    table = fold_table()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = np.where(codes < table.kinds.size, table.kinds[np.minimum(codes, table.kinds.size - 1)], UNSPACED)
    # Marks (vowel signs, accents) fold away or belong to the word they stand in.
    letters = (kinds == LETTER) | (
        (codes < table.bare.size) & (table.bare[np.minimum(codes, table.bare.size - 1)] == 0)
    )
    spans, start = [], -1
    for place, letter in enumerate(letters.tolist()):
        if letter and start < 0:
            start = place
        elif not letter:
            if start >= 0:
                spans.append((start, place))
                start = -1
            if kinds[place] != 0:
                spans.append((place, place + 1))
    if start >= 0:
        spans.append((start, len(text)))
    return spans
