"""The trained numbers and how a text is scored with them; free of scikit-learn, so that it loads in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from model import kernels
from model.blend import Blend
from model.ngrams import Rows, hash_ngrams

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """A block of output columns that answer one question.

    Parameters
    ----------
    name : str
    classes : tuple of str
        One for each column.
    first : int
        Column of the first class.
    softmax : bool
        The classes exclude each other; otherwise each stands for itself.
    """

    name: str
    classes: tuple[str, ...]
    first: int
    softmax: bool

    @property
    def columns(self) -> slice:
        return slice(self.first, self.first + len(self.classes))


@dataclass(frozen=True)
class Calibration:
    """How raw scores become probabilities, and where the lines are drawn; fitted on messages by other hands.

    Parameters
    ----------
    temperatures : dict of str to float
        Divides the logits of a softmax head (Guo et al. 2017, 'On calibration of modern neural networks').
    offsets : dict of str to list of float
        Added to the divided logits of a softmax head, one for each class (vector scaling, same source).
    slope, intercept : float
        Logistic map from the logit of the primary's probability to that of its being right (Platt 1999).
    languages : dict of str to float
        Added to that logit for messages in a language: in some the model is better than it thinks, in others worse.
    membership_slope, membership_intercept : float
        The same for the scores of second issues.
    sure : float
        Confidence from which a primary is right in the promised share of cases.
    second : float
        Confidence from which a second issue is shown.
    """

    temperatures: dict[str, float]
    offsets: dict[str, list[float]] = field(default_factory=dict)
    slope: float = 1.0
    intercept: float = 0.0
    membership_slope: float = 1.0
    membership_intercept: float = 0.0
    sure: float = 0.7
    second: float = 0.5
    languages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Scorer:
    """All that is needed to score texts.

    Parameters
    ----------
    index : int32 (2**bits,)
        Table row of each hashed n-gram; -1 where training did not meet it often enough. Hashing wide and storing only
        what was met keeps collisions rare and the table small.
    table : int8 (n_features, n_columns)
        Quantised weights, the rows' own weights folded in.
    weights : float32 (n_features,)
        Inverse document frequency of each row.
    scales, bias : float32 (n_columns,)
    heads : tuple of Head
    calibration : Calibration
    blends : dict of str to Blend
        For some heads, the layer that makes their scores from the raw ones of all the heads that are blended.
    """

    index: npt.NDArray[np.int32]
    table: npt.NDArray[np.int8]
    weights: Floats
    scales: Floats
    bias: Floats
    heads: tuple[Head, ...]
    calibration: Calibration
    blends: dict[str, Blend] = field(default_factory=dict)

    @property
    def bits(self) -> int:
        return int(self.index.size).bit_length() - 1

    def head(self, name: str) -> Head:
        """Return a head by name; raises KeyError where the model has none of that name."""
        for head in self.heads:
            if head.name == name:
                return head
        raise KeyError(name)

    def rows(self, texts: Sequence[str], *, spans: bool = False) -> Rows:
        """Return the table rows of every text's n-grams, -1 for those never met; see `model.ngrams.hash_ngrams`."""
        hashed = hash_ngrams(texts, bits=self.bits, spans=spans)
        return replace(hashed, rows=self.index[hashed.rows])

    def scores(self, rows: Rows, vectors: Floats | None = None) -> Floats:
        """Return scores (logits), float32 of shape (n_messages, n_columns), blended where the model has a blend.

        `vectors`, (n_messages, n_dimensions), are those of the encoder that the model was trained with, if any.
        """
        return self.blended(self.raw_scores(rows), vectors)

    def blended(self, raw: Floats, vectors: Floats | None = None) -> Floats:
        """Return what the blends make of raw scores, same shape."""
        if not self.blends:
            return raw
        out = raw.copy()
        inputs = beside(raw[:, self.inputs], vectors)
        for name, blend in self.blends.items():
            out[:, self.head(name).columns] = blend.apply(inputs)
        return out

    @property
    def inputs(self) -> slice:
        """The columns that a blend reads: all but those of the language, which come last."""
        return slice(
            0, next((head.first for head in self.heads if head.name == "language"), self.heads[-1].columns.stop)
        )

    def raw_scores(self, rows: Rows) -> Floats:
        """Return the linear scores, float32 of shape (n_messages, n_columns)."""
        out = np.empty((rows.offsets.size - 1, self.table.shape[1]), np.float32)
        kernels.score_int8(rows.rows, rows.offsets, self.table, self.weights, self.scales, self.bias, out)
        return out

    def probabilities(self, scores: Floats, head: str) -> Floats:
        """Return the probabilities of one head, shape (n_messages, n_classes), temperature applied."""
        block = self.head(head)
        logits = scores[:, block.columns]
        if not block.softmax:
            c = self.calibration
            return sigmoid(c.membership_slope * logits + c.membership_intercept)
        offsets = np.array(self.calibration.offsets.get(head, 0.0), np.float32)
        return softmax(logits / np.float32(self.calibration.temperatures.get(head, 1.0)) + offsets)

    def confidence(self, primary: Floats, tags: Sequence[str]) -> Floats:
        """Return the chance that the primary issue is right, float32 (n_messages,).

        Parameters
        ----------
        primary : float32 (n_messages,)
            Its probability.
        tags : sequence of str
            Language of each message.
        """
        c = self.calibration
        clipped = np.clip(primary, 1e-6, 1 - 1e-6)
        shifts = np.array([c.languages.get(tag, 0.0) for tag in tags], np.float32)
        return sigmoid(np.float32(c.slope) * np.log(clipped / (1 - clipped)) + np.float32(c.intercept) + shifts)

    def known_share(self, rows: Rows) -> Floats:
        """Return for each message the share of its n-grams that training met, shape (n_messages,)."""
        met = np.concatenate(([0], np.cumsum(rows.rows >= 0)))
        counts = np.diff(rows.offsets)
        return ((met[rows.offsets[1:]] - met[rows.offsets[:-1]]) / np.maximum(counts, 1)).astype(np.float32)

    def state(self) -> dict[str, Any]:
        """Return plain arrays, numbers and strings: what is stored."""
        heads = [{f.name: getattr(h, f.name) for f in fields(Head)} for h in self.heads]
        calibration = {f.name: getattr(self.calibration, f.name) for f in fields(Calibration)}
        arrays = {
            "index": self.index,
            "table": self.table,
            "weights": self.weights,
            "scales": self.scales,
            "bias": self.bias,
        }
        blends = {name: blend.state() for name, blend in self.blends.items()}
        return {**arrays, "heads": heads, "calibration": calibration, "blends": blends}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Scorer:
        """Rebuild from `state()`; raises KeyError or TypeError where it is not such a state."""
        heads = tuple(Head(**{**h, "classes": tuple(h["classes"])}) for h in state["heads"])
        arrays = {name: state[name].view(np.ndarray) for name in ("index", "table", "weights", "scales", "bias")}
        blends = {name: Blend.from_state(blend) for name, blend in state["blends"].items()}
        return cls(heads=heads, calibration=Calibration(**state["calibration"]), blends=blends, **arrays)


def beside(raw: Floats, vectors: Floats | None) -> Floats:
    """Return what a blend reads: raw scores, and the encoder's vectors where there is one."""
    return raw if vectors is None else np.hstack([raw, vectors])


def softmax(logits: Floats) -> Floats:
    """Return row-wise softmax, same shape."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return cast("Floats", powers / powers.sum(axis=1, keepdims=True))


def sigmoid(logits: Floats) -> Floats:
    """Return the logistic function, elementwise."""
    return cast("Floats", 1 / (1 + np.exp(-logits)))


def quantise(table: Floats, weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Fold the row weights into a float table and store it in eight bits.

    The step of each column is set by the 99.99th percentile of its values (a handful of outliers would cost all others
    their precision); what lies beyond is cut.

    Returns
    -------
    table : int8, same shape
    scales : float32 (n_columns,)
    """
    folded = table * weights[:, None]
    # A sample is enough for a percentile, and spares the sorting of a hundred million numbers.
    sample = np.abs(folded[:: max(1, folded.shape[0] // 50_000)])
    top = np.maximum(np.quantile(sample, 0.9999, axis=0), 1e-9)
    scales = (top / 127).astype(np.float32)
    np.divide(folded, scales, out=folded)
    np.rint(folded, out=folded)
    np.clip(folded, -127, 127, out=folded)
    return folded.astype(np.int8), scales
