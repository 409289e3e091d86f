"""Stacking: scores of messages by hands that the model had not seen, and the small networks fitted on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from model.blend import Blend
from model.scorer import Floats, Head, Scorer
from model.text import matter
from training.corpus import Message

# Compared on held-out voices, see docs/model.md: more units, layers or passes gained nothing, averaging did.
NETWORKS = {"primary": (128, 4), "members": (96, 2), "sentiment": (64, 2)}  # hidden units, networks averaged
PENALTY = 0.1
PASSES = 8
BATCH = 1_024
RATE = 4e-3
SEEN = 400_000  # messages shown at least, so that small corpora are passed over more often


def fit_blend(head: Head, inputs: Floats, messages: Sequence[Message], *, seed: int = 0) -> Blend | None:
    """Fit the layer that makes one head's scores of the raw scores.

    Parameters
    ----------
    head : Head
    inputs : float32 (n_messages, n_inputs)
        Raw scores of a model that did not see these messages.
    messages : sequence of Message
    seed : int

    Returns
    -------
    Blend or None
        None where fewer than two of the head's classes occur.
    """
    rows, targets = _targets(head, messages)
    if not rows.size or np.unique(targets, axis=0).shape[0] < 2:
        return None
    part = inputs[rows]
    mean, deviation = part.mean(axis=0), part.std(axis=0) + 1e-6
    part = ((part - mean) / deviation).astype(np.float32)
    units, networks = NETWORKS[head.name]
    passes = min(200, max(PASSES, SEEN // len(part)))
    layers = [_network(part, targets, len(head.classes), units, passes, seed + n) for n in range(networks)]
    enter = np.hstack([layer[0] for layer in layers]) / deviation[:, None]
    enter_bias = np.hstack([layer[1] for layer in layers]) - mean @ enter
    leave = np.vstack([layer[2] for layer in layers]) / networks
    leave_bias = np.mean([layer[3] for layer in layers], axis=0)
    return Blend(*(array.astype(np.float32) for array in (enter, enter_bias, leave, leave_bias)))


def cross_fitted(
    head: Head, inputs: Floats, messages: Sequence[Message], half: npt.NDArray[np.bool_], *, seed: int = 0
) -> Floats | None:
    """Return blended scores, (n_messages, n_classes), each from a layer fitted on the other half of the voices."""
    out = np.zeros((len(messages), len(head.classes)), np.float32)
    for side in (half, ~half):
        blend = fit_blend(
            head, inputs[~side], [m for m, here in zip(messages, side, strict=True) if not here], seed=seed
        )
        if blend is None:
            return None
        out[side] = blend.apply(inputs[side])
    return out


def out_of_fold(
    messages: Sequence[Message],
    folds: npt.NDArray[np.int64],
    fit: Callable[[Sequence[Message]], Scorer],
    run: Callable[..., Iterable[Any]] = map,
) -> Floats:
    """Return the raw scores of each message by a model that did not see its fold, (n_messages, n_columns).

    Parameters
    ----------
    messages : sequence of Message
    folds : int64 (n_messages,)
    fit : callable
        Trains a model on messages.
    run : callable
        Like `map`; a pool's runs folds at once.
    """

    def score(fold: int) -> tuple[npt.NDArray[np.int64], Floats]:
        scorer = fit([m for m, f in zip(messages, folds, strict=True) if f != fold])
        rows = np.flatnonzero(folds == fold)
        return rows, scorer.raw_scores(scorer.rows([matter(messages[row].text)[0] for row in rows.tolist()]))

    parts = list(run(score, np.unique(folds).tolist()))
    out = np.zeros((len(messages), parts[0][1].shape[1]), np.float32)
    for rows, scores in parts:
        out[rows] = scores
    return out


def _targets(head: Head, messages: Sequence[Message]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return which messages teach a head, and what: class numbers, or a 0/1 matrix for independent classes."""
    if head.softmax:
        labels = [(m.issues[0] if m.issues else None) if head.name == "primary" else m.sentiment for m in messages]
        rows = np.array([n for n, label in enumerate(labels) if label in head.classes], np.int64)
        return rows, np.array([head.classes.index(labels[n] or "") for n in rows], np.int64)
    rows = np.array([n for n, m in enumerate(messages) if m.issues], np.int64)
    return rows, np.array([[name in messages[n].issues for name in head.classes] for n in rows], np.int64)


def _network(
    part: Floats, targets: npt.NDArray[np.int64], n_classes: int, units: int, passes: int, seed: int
) -> tuple[Floats, Floats, Floats, Floats]:
    network = MLPClassifier(
        (units,), alpha=PENALTY, batch_size=min(BATCH, len(part)), learning_rate_init=RATE, random_state=seed
    )
    exclusive = targets.ndim == 1
    if not exclusive and targets.shape[1] == 1:
        targets = targets[:, 0]
    classes = np.arange(n_classes) if exclusive else np.unique(targets) if targets.ndim == 1 else np.arange(n_classes)
    for _ in range(passes):
        network.partial_fit(part, targets, classes=classes)
    (enter, leave), (enter_bias, leave_bias) = network.coefs_, network.intercepts_
    if exclusive and n_classes == 2:  # one logistic unit: as two that differ by its score
        leave, leave_bias = np.hstack([-leave / 2, leave / 2]), np.hstack([-leave_bias / 2, leave_bias / 2])
    return enter, enter_bias, leave, leave_bias
