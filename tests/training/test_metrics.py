"""Metrics against figures computed by hand."""

import numpy as np
import pytest

from training.calibrate import _shift, threshold_for
from training.metrics import (
    expected_calibration_error,
    macro_f1,
    mean_absolute_error,
    per_label,
    second_issue_scores,
)


def test_macro_f1_by_hand():
    # a: precision 2/3, recall 1, F1 0.8; b: precision 1, recall 1/2, F1 2/3; c never occurs.
    assert macro_f1(["a", "a", "b", "b"], ["a", "a", "a", "b"], ["a", "b", "c"]) == pytest.approx((0.8 + 2 / 3) / 2)
    table = per_label(["a", "a", "b", "b"], ["a", "a", "a", "b"], ["a", "b", "c"])
    assert table["a"] == {"precision": pytest.approx(2 / 3), "recall": 1.0, "f1": pytest.approx(0.8), "support": 2}


def test_calibration_error_by_hand():
    # bin [0.9, 1.0]: two cases, mean confidence 0.95, half right: gap 0.45; bin [0.5, 0.6): one, right: gap 0.5.
    confidence = np.array([0.9, 1.0, 0.5])
    right = np.array([True, False, True])
    assert expected_calibration_error(confidence, right) == pytest.approx((2 * 0.45 + 0.5) / 3)


def test_second_issues_by_hand():
    truth = [["a", "b"], ["a"], ["c", "d"]]
    guessed = [["b", "a"], ["a", "x"], ["c"]]
    precision, recall = second_issue_scores(truth, guessed)
    assert precision == pytest.approx(1 / 2)  # of 'a' and 'x', 'a' is true
    assert recall == pytest.approx(1 / 2)  # of 'b' and 'd', 'b' is found


def test_thresholds_and_mean_error():
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    assert threshold_for(confidence, np.array([True, True, True, False]), 0.95) == 0.7
    assert threshold_for(confidence, np.array([False] * 4), 0.95) == 1.0
    assert mean_absolute_error([0, 1], [0.5, 1]) == 0.25


def test_a_language_s_shift_is_towards_what_is_right():
    logits = np.zeros(400, np.float32)
    assert _shift(logits, np.arange(400) % 4 > 0) == pytest.approx(np.log(3), abs=0.3)
    assert _shift(logits, np.arange(400) % 2 == 0) == pytest.approx(0, abs=1e-3)
    assert abs(_shift(logits[:2], np.array([True, True]))) < 0.1  # two messages are no evidence
