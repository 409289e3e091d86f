"""The trainable classifier, with scikit-learn's protocol: lists of strings in, labels and probabilities out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from model import kernels
from model.ngrams import hash_ngrams
from model.scorer import Calibration, Floats, Head, Scorer, quantise

MAX_LANGUAGE_WEIGHT = 12.0
Progress = Any  # called with (epochs done, epochs in all)


class MessageClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Hashed n-grams and a joint linear model of issues, sentiment and language, trained by AdaGrad.

    Four heads share one pass over a message: `primary` (softmax over the issues), `members` (is this issue among the
    message's?), `sentiment` (softmax over the levels), `language` (softmax over the tags).

    Parameters
    ----------
    bits : int, default 22
        N-grams are hashed to 2**bits slots; only those that are met take a table row.
    epochs : int, default 10
    rate : float, default 0.7
        Learning rate, falling linearly to zero.
    min_count : int, default 3
        N-grams met in fewer training messages are left out.
    dropout : float, default 0.3
        Share of a message's n-grams left out at each step.
    smoothing : float, default 0.1
        Share of a target spread over all classes.
    seed : int, default 0

    Attributes
    ----------
    classes_ : ndarray of str (n_issues,)
    scorer_ : Scorer
    n_messages_ : int

    Examples
    --------
    >>> texts = ["it is broken", "broken on arrival", "where is it", "where is my parcel"]
    >>> model = MessageClassifier(bits=12, min_count=1).fit(texts, ["damaged", "damaged", "where", "where"])
    >>> model.predict(["my parcel, where"]).tolist()
    ['where']
    >>> model.predict_proba(["broken"]).shape
    (1, 2)
    """

    def __init__(
        self,
        *,
        bits: int = 22,
        epochs: int = 10,
        rate: float = 0.7,
        min_count: int = 3,
        dropout: float = 0.3,
        smoothing: float = 0.1,
        seed: int = 0,
    ) -> None:
        self.bits = bits
        self.epochs = epochs
        self.rate = rate
        self.min_count = min_count
        self.dropout = dropout
        self.smoothing = smoothing
        self.seed = seed

    def fit(
        self,
        X: Sequence[str],
        y: Sequence[str] | Sequence[Sequence[str]],
        *,
        sentiment: Sequence[str | None] | None = None,
        language: Sequence[str | None] | None = None,
        classes: Sequence[str] | None = None,
        sentiments: Sequence[str] | None = None,
        alone: Collection[str] = (),
        counted: int | None = None,
        progress: Progress = None,
    ) -> Self:
        """Train.

        Parameters
        ----------
        X : sequence of str (n_messages,)
        y : sequence
            The issue of each message, or its issues, the primary one first; an empty sequence leaves the message out
            of the issue heads (it may still teach the language).
        sentiment, language : sequence of str or None, optional
            Level and tag of each message; None leaves the message out of that head.
        classes, sentiments : sequence of str, optional
            Order of the outputs; sorted names by default.
        alone : collection of str, optional
            Issues that never stand beside another; they need no column in `members`.
        counted : int, optional
            Only n-grams of the first so many texts are counted for `min_count` and for the inverse document frequency;
            what follows (distorted copies) teaches, but brings no rows of its own. All by default.
        progress : callable, optional
            Called with (epochs done, epochs).

        Raises
        ------
        ValueError
            If lengths differ, a text is no string, fewer than two issues are present, or a label is not in `classes`.
        """
        texts = list(X)
        if any(not isinstance(t, str) for t in texts):
            raise ValueError(
                "X must hold strings; got " + next(type(t).__name__ for t in texts if not isinstance(t, str))
            )
        issues = [(i,) if isinstance(i, str) else tuple(i) for i in y]
        for what, given in (("y", issues), ("sentiment", sentiment), ("language", language)):
            if given is not None and len(given) != len(texts):
                raise ValueError(f"{what} has {len(given)} entries for {len(texts)} messages")
        names = _order("y", [i for many in issues for i in many], classes)
        if len(names) < 2:
            raise ValueError("at least two different issues are needed to train a classifier")
        heads: list[Head] = []
        columns = 0
        for name, order, exclusive in (
            ("primary", names, True),
            ("members", [name for name in names if name not in alone], False),
            ("sentiment", _order("sentiment", sentiment or (), sentiments), True),
            ("language", _order("language", language or (), None), True),
        ):
            if order:
                heads.append(Head(name, tuple(order), columns, exclusive))
                columns += len(order)
        present = np.zeros((len(texts), len(heads)), np.float32)
        targets = np.zeros((len(texts), -(-columns // 32) * 32), np.float32)
        for number, head in enumerate(heads):
            index = {label: head.first + i for i, label in enumerate(head.classes)}
            by_head: dict[str, list[tuple[str, ...]]] = {
                "primary": [many[:1] for many in issues],
                "members": [tuple(i for i in many if i not in alone) for many in issues],
                "sentiment": [(s,) if s else () for s in sentiment or ()],
                "language": [(t,) if t else () for t in language or ()],
            }
            values = by_head[head.name]
            for row, labels in enumerate(values):
                # A message whose issue stands alone is an example of having none of the others.
                present[row, number] = bool(labels) or (head.name == "members" and bool(issues[row]))
                for label in labels:
                    targets[row, index[label]] = 1
            if head.name == "language":
                present[:, number] *= _balance(language or ())
        self._train(texts, heads, targets, present, len(texts) if counted is None else counted, progress)
        self.classes_ = np.array(names)
        self.n_messages_ = len(texts)
        return self

    def _train(
        self, texts: list[str], heads: list[Head], targets: Floats, present: Floats, counted: int, progress: Progress
    ) -> None:
        batch = hash_ngrams(texts, bits=self.bits)
        counts = np.zeros(1 << self.bits, np.int32)
        kernels.count_rows(batch.rows[: batch.offsets[counted]], counts)
        met = np.flatnonzero(counts >= max(1, self.min_count))
        index = np.full(1 << self.bits, -1, np.int32)
        index[met] = np.arange(met.size, dtype=np.int32)
        features = index[batch.rows]
        offsets = np.concatenate(([0], np.cumsum(features >= 0)))[batch.offsets]
        features = features[features >= 0]
        # Smoothed inverse document frequency (scikit-learn's TfidfTransformer, smooth_idf=True).
        weights = (np.log((1 + counted) / (1 + counts[met])) + 1).astype(np.float32)
        columns = targets.shape[1]
        table = np.zeros((met.size, columns), np.float32)
        gains = np.zeros(met.size, np.float32)
        bias = np.zeros(columns, np.float32)
        blocks = np.array([*(h.first for h in heads), heads[-1].columns.stop], np.int64)
        kinds = np.array([0 if h.softmax else 1 for h in heads], np.int64)
        random = np.random.default_rng(self.seed)
        for epoch in range(self.epochs):
            kernels.train_pass(
                random.permutation(len(texts)), features, offsets, weights, table, gains, bias, targets, present,
                blocks, kinds, np.float32(self.rate * (1 - epoch / self.epochs)), self.dropout, np.float32(self.smoothing),
                self.seed * self.epochs + epoch,
            )  # fmt: skip
            if progress:
                progress(epoch + 1, self.epochs)
        quantised, scales = quantise(table, weights)
        self.scorer_ = Scorer(index, quantised, weights, scales, bias, tuple(heads), Calibration({}))

    def decision_function(self, X: Sequence[str]) -> Floats:
        """Return the raw scores of all heads, float32 (n_messages, n_columns)."""
        check_is_fitted(self, "scorer_")
        return self.scorer_.scores(self.scorer_.rows(list(X)))

    def predict_proba(self, X: Sequence[str]) -> Floats:
        """Return the probabilities of the primary issue, float32 (n_messages, n_issues), columns as `classes_`."""
        return self.scorer_.probabilities(self.decision_function(X), "primary")

    def predict(self, X: Sequence[str]) -> npt.NDArray[np.str_]:
        """Return the primary issue of each message, shape (n_messages,)."""
        chosen: npt.NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return chosen

    def predict_sentiment(self, X: Sequence[str]) -> npt.NDArray[np.str_]:
        """Return the level of each message; raises KeyError if trained without sentiment."""
        check_is_fitted(self, "scorer_")
        levels = np.array(self.scorer_.head("sentiment").classes)
        chosen: npt.NDArray[np.str_] = levels[
            self.scorer_.probabilities(self.decision_function(X), "sentiment").argmax(axis=1)
        ]
        return chosen


def _balance(labels: Sequence[str | None]) -> Floats:
    """Return a weight for each message, so that rare languages are learnt beside those with thousands of messages."""
    counts = Counter(label for label in labels if label)
    most = max(counts.values(), default=1)
    weights = [min(MAX_LANGUAGE_WEIGHT, most / counts[label]) if label else 0.0 for label in labels]
    return np.array(weights, np.float32)


def _order(what: str, values: Sequence[str | None], given: Sequence[str] | None) -> list[str]:
    present = sorted({v for v in values if v})
    if given is None or not present:
        return present
    unknown = [v for v in present if v not in given]
    if unknown:
        raise ValueError(f"{what}: '{unknown[0]}' is not among the {len(given)} allowed labels")
    return list(given)
