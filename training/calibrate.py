"""Calibration: probabilities that mean what they say, fitted on messages by hands that training did not see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from model.scorer import Calibration, Floats, Scorer, softmax
from training.corpus import Message

PROMISED_PRECISION = 0.95  # of what is answered without a person
SECOND_PRECISION = 0.8  # of second issues that are shown


def calibrate(scorer: Scorer, scores: Floats, messages: Sequence[Message]) -> Calibration:
    """Fit temperatures, confidence and thresholds.

    Parameters
    ----------
    scorer : Scorer
        Uncalibrated; trained without these messages.
    scores : float32 (n_messages, n_columns)
        Its raw scores for them.
    messages : sequence of Message
    """
    temperatures = {}
    for head in scorer.heads:
        if head.softmax:
            truth = _truth(messages, head.name)
            rows = np.array([i for i, label in enumerate(truth) if label in head.classes], int)
            if rows.size:
                labels = np.array([head.classes.index(truth[i] or "") for i in rows])
                temperatures[head.name] = _temperature(scores[rows][:, head.columns], labels)
    primary = scorer.head("primary")
    rows = np.array([i for i, m in enumerate(messages) if m.issues], int)
    probabilities = softmax(scores[rows][:, primary.columns] / np.float32(temperatures.get("primary", 1.0)))
    right = np.array([primary.classes[c] == messages[i].issues[0] for i, c in zip(rows, probabilities.argmax(1), strict=True)])
    slope, intercept = _platt(_logit(probabilities.max(axis=1)), right)
    confidence = 1 / (1 + np.exp(-(slope * _logit(probabilities.max(axis=1)) + intercept)))
    members = scorer.head("members")
    logits = scores[rows][:, members.columns]
    belongs = np.array([[name in messages[i].issues for name in members.classes] for i in rows])
    second = np.ones_like(belongs)
    second[np.arange(rows.size), probabilities.argmax(axis=1)] = False  # the primary is shown anyway
    m_slope, m_intercept = _platt(logits[second], belongs[second])
    chance = 1 / (1 + np.exp(-(m_slope * logits[second] + m_intercept)))
    return Calibration(
        temperatures=temperatures,
        slope=slope,
        intercept=intercept,
        membership_slope=m_slope,
        membership_intercept=m_intercept,
        sure=threshold_for(confidence, right, PROMISED_PRECISION),
        second=threshold_for(chance, belongs[second], SECOND_PRECISION),
    )


def threshold_for(confidence: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], precision: float) -> float:
    """Return the lowest confidence above which at least `precision` of the cases are right.

    1.0 where no threshold reaches it.

    >>> threshold_for(np.array([.9, .8, .3]), np.array([True, True, False]), .95)
    0.8
    """
    order = np.argsort(-confidence, kind="stable")
    reached = np.cumsum(right[order]) / np.arange(1, right.size + 1)
    good = np.flatnonzero(reached >= precision)
    return float(confidence[order[good[-1]]]) if good.size else 1.0


def _truth(messages: Sequence[Message], head: str) -> list[str | None]:
    if head == "primary":
        return [m.issues[0] if m.issues else None for m in messages]
    return [m.sentiment if head == "sentiment" else m.lang for m in messages]


def _temperature(logits: Floats, labels: npt.NDArray[np.int64]) -> float:
    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits / np.float32(np.exp(log_temperature)))
        return -float(np.mean(np.log(np.maximum(probabilities[np.arange(labels.size), labels], 1e-9))))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded").x))


def _logit(probability: Floats) -> Floats:
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    result: Floats = np.log(clipped / (1 - clipped))
    return result


def _platt(logits: Floats, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    if right.all() or not right.any():
        return 1.0, 0.0  # nothing to fit: one outcome only
    fitted = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
