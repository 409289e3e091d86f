"""Calibration: probabilities that mean what they say, fitted on messages by hands that training did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from model.scorer import Calibration, Floats, Head, Scorer, softmax
from training.corpus import Message
from training.metrics import expected_calibration_error

PROMISED_PRECISION = 0.95  # of what is answered without a person
SECOND_PRECISION = 0.8  # of second issues that are shown
SHIFT_PENALTY = 20.0  # on half the square of a language's shift, in units of one message's log likelihood
NEWTON_STEPS = 8
OFFSET_PENALTY = 5.0  # on the square of an offset, in units of one message's log likelihood


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
    temperatures: dict[str, float] = {}
    offsets: dict[str, list[float]] = {}
    for head in scorer.heads:
        if head.softmax:
            truth = _truth(messages, head.name)
            rows = np.array([i for i, label in enumerate(truth) if label in head.classes], int)
            if rows.size:
                labels = np.array([head.classes.index(truth[i] or "") for i in rows])
                temperature, shifts = _scaling(scores[rows][:, head.columns], labels)
                temperatures[head.name] = temperature
                if head.name != "language":  # its classes are told apart by script as well: left as they are
                    offsets[head.name] = shifts
    primary = scorer.head("primary")
    rows = np.array([i for i, m in enumerate(messages) if m.issues], int)
    moved = np.array(offsets.get("primary", 0.0), np.float32)
    probabilities = softmax(scores[rows][:, primary.columns] / np.float32(temperatures.get("primary", 1.0)) + moved)
    right = np.array(
        [primary.classes[c] == messages[i].issues[0] for i, c in zip(rows, probabilities.argmax(1), strict=True)]
    )
    slope, intercept = _platt(_logit(probabilities.max(axis=1)), right)
    logit = slope * _logit(probabilities.max(axis=1)) + intercept
    tags = np.array([messages[i].lang for i in rows])
    languages = {tag: _shift(logit[tags == tag], right[tags == tag]) for tag in sorted(set(tags.tolist()))}
    confidence = 1 / (1 + np.exp(-(logit + np.array([languages[tag] for tag in tags.tolist()]))))
    members = scorer.head("members")
    logits = scores[rows][:, members.columns]
    belongs = np.array([[name in messages[i].issues for name in members.classes] for i in rows])
    # The primary is shown anyway, and what stands alone has no company: neither is asked about.
    top = [primary.classes[c] for c in probabilities.argmax(axis=1)]
    second = np.array([[name != shown and shown in members.classes for name in members.classes] for shown in top])
    m_slope, m_intercept = _platt(logits[second], belongs[second])
    chance = 1 / (1 + np.exp(-(m_slope * logits[second] + m_intercept)))
    return Calibration(
        temperatures=temperatures,
        offsets=offsets,
        slope=slope,
        intercept=intercept,
        languages=languages,
        membership_slope=m_slope,
        membership_intercept=m_intercept,
        sure=threshold_for(confidence, right, PROMISED_PRECISION),
        second=threshold_for(chance, belongs[second], SECOND_PRECISION),
    )


def out_of_fold_error(
    scorer: Scorer, scores: Floats, messages: Sequence[Message], half: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """Return the calibration error of the confidence, all in all ('all') and by language, out of fold.

    Each half of the voices is given its confidence by a calibration that was fitted on the other.

    Parameters
    ----------
    scorer : Scorer
    scores : float32 (n_messages, n_columns)
        Out of fold.
    messages : sequence of Message
    half : bool (n_messages,)
    """
    head = scorer.head("primary")
    confidence, right = np.zeros(len(messages), np.float32), np.zeros(len(messages), bool)
    for side in (half, ~half):
        others = [m for m, here in zip(messages, side, strict=True) if not here]
        fitted = replace(scorer, calibration=calibrate(scorer, scores[~side], others))
        probabilities = fitted.probabilities(scores[side], "primary")
        guessed = [head.classes[n] for n in probabilities.argmax(axis=1)]
        mine = [m for m, here in zip(messages, side, strict=True) if here]
        confidence[side] = fitted.confidence(probabilities.max(axis=1), [m.lang for m in mine])
        right[side] = [guess in m.issues[:1] for m, guess in zip(mine, guessed, strict=True)]
    taught = np.array([bool(m.issues) for m in messages])
    tags = np.array([m.lang for m in messages])
    groups = {"all": taught} | {tag: taught & (tags == tag) for tag in sorted(set(tags[taught].tolist()))}
    return {name: round(expected_calibration_error(confidence[rows], right[rows]), 4) for name, rows in groups.items()}


def calibrated_loss(head: Head, logits: Floats, messages: Sequence[Message]) -> float:
    """Return the mean negative log likelihood of a head's labels after calibration; what the blend must better.

    Parameters
    ----------
    head : Head
    logits : float32 (n_messages, n_classes)
    messages : sequence of Message
    """
    if not head.softmax:
        rows = [n for n, m in enumerate(messages) if m.issues]
        belongs = np.array([[name in messages[n].issues for name in head.classes] for n in rows]).ravel()
        slope, intercept = _platt(logits[rows].ravel(), belongs)
        return float(np.logaddexp(0, np.where(belongs, -1, 1) * (slope * logits[rows].ravel() + intercept)).mean())
    truth = _truth(messages, head.name)
    rows = [n for n, label in enumerate(truth) if label in head.classes]
    labels = np.array([head.classes.index(truth[n] or "") for n in rows])
    temperature, shifts = _scaling(logits[rows], labels)
    probabilities = softmax(logits[rows] / np.float32(temperature) + np.array(shifts, np.float32))
    return float(-np.log(np.maximum(probabilities[np.arange(labels.size), labels], 1e-12)).mean())


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


def scaled(logits: Floats, labels: Sequence[int]) -> Floats:
    """Return logits (n_messages, n_classes) divided by a temperature and shifted by class, both fitted to labels."""
    temperature, shifts = _scaling(logits, np.array(labels))
    moved: Floats = logits / np.float32(temperature) + np.array(shifts, np.float32)
    return moved


def _scaling(logits: Floats, labels: npt.NDArray[np.int64]) -> tuple[float, list[float]]:
    """Fit one temperature and an offset for each class by likelihood, the offsets held near zero."""
    n_classes = logits.shape[1]

    def loss(values: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        inverse, shifts = np.exp(values[0]), values[1:]
        probabilities = softmax(logits.astype(np.float64) * inverse + shifts)
        rows = np.arange(labels.size)
        error = probabilities.copy()
        error[rows, labels] -= 1
        gradient = np.concatenate(([(error * logits).sum() * inverse], error.sum(axis=0)))
        gradient[1:] += 2 * OFFSET_PENALTY * shifts
        likelihood = np.log(np.maximum(probabilities[rows, labels], 1e-12)).sum()
        return -likelihood + OFFSET_PENALTY * (shifts**2).sum(), gradient

    start = np.zeros(n_classes + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-2.5, 2.5), *[(-2, 2)] * n_classes]).x
    return float(np.exp(-found[0])), [float(shift) for shift in found[1:]]


def _logit(probability: Floats) -> Floats:
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    result: Floats = np.log(clipped / (1 - clipped))
    return result


def _shift(logits: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return what added to the logits makes their mean chance that of being right, held near zero (Newton's method)."""
    shift = 0.0
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-(logits + shift)))
        slope = float((chance * (1 - chance)).sum()) + SHIFT_PENALTY
        shift += (float((right - chance).sum()) - SHIFT_PENALTY * shift) / slope
    return round(shift, 4)


def _platt(logits: Floats, right: npt.NDArray[np.bool_]) -> tuple[float, float]:
    if right.all() or not right.any():
        return 1.0, 0.0  # nothing to fit: one outcome only
    fitted = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
