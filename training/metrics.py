"""Measures of classification: pure functions over arrays, each with its source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score, precision_recall_fscore_support

Names = Sequence[str] | npt.NDArray[np.str_]


def macro_f1(truth: Names, guessed: Names, labels: Sequence[str]) -> float:
    """Return the mean F1 over the labels that occur in the truth (a label nobody could find says nothing).

    >>> macro_f1(["a", "a", "b"], ["a", "b", "b"], ["a", "b", "c"])
    0.6666666666666666
    """
    present = [label for label in labels if label in set(truth)]
    return float(f1_score(truth, guessed, labels=present, average="macro", zero_division=0.0))


def per_label(truth: Names, guessed: Names, labels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and support of every label."""
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, guessed, labels=list(labels), zero_division=0.0
    )
    columns = zip(labels, precision, recall, f1, support, strict=True)
    return {
        n: {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(s)} for n, p, r, f, s in columns
    }


def expected_calibration_error(
    confidence: npt.NDArray[np.floating], right: npt.NDArray[np.bool_], *, bins: int = 10
) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins, weighted by their size.

    Naeini, Cooper, Hauskrecht 2015, 'Obtaining well calibrated probabilities using Bayesian binning'.

    >>> float(expected_calibration_error(np.array([1.0, 0.0]), np.array([True, True])))
    0.5
    """
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            error += inside.mean() * abs(float(confidence[inside].mean()) - float(right[inside].mean()))
    return error


def second_issue_scores(truth: Sequence[Sequence[str]], guessed: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Return precision and recall of the issues beside the primary one, pooled over messages.

    An issue counts as found wherever it stands in the guess; a guessed one as right wherever it stands in the truth.

    >>> second_issue_scores([["a", "b"], ["a"]], [["a", "b"], ["a", "c"]])
    (0.5, 1.0)
    """
    right = sum(issue in true for true, many in zip(truth, guessed, strict=True) for issue in many[1:])
    claimed = sum(len(many) - 1 for many in guessed)
    found = sum(issue in many for true, many in zip(truth, guessed, strict=True) for issue in true[1:])
    wanted = sum(len(true) - 1 for true in truth)
    return right / claimed if claimed else 1.0, found / wanted if wanted else 1.0


def mean_absolute_error(truth: Sequence[float], guessed: Sequence[float]) -> float:
    """Return the mean absolute difference."""
    return float(np.mean(np.abs(np.asarray(truth) - np.asarray(guessed))))
