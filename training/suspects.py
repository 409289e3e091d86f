"""Messages whose label may be wrong, found by scores of models that had not seen their voice.

Confident learning (Northcutt, Jiang, Chuang 2021, 'Confident Learning: Estimating Uncertainty in Dataset Labels'): a
message is suspect where another class reaches the mean confidence that its own members have, and beats the given one.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.classifier import MessageClassifier
from model.labels import load_labels
from model.scorer import Floats, softmax
from training.calibrate import scaled
from training.corpus import Message, read_messages, read_others
from training.split import voice_folds
from training.stack import cross_fitted, out_of_fold
from training.train import N_FOLDS, fit_messages, shipped_corpus


@dataclass(frozen=True)
class Suspect:
    """A message, the class that its scores speak for, and by how much (difference of probabilities)."""

    message: Message
    instead: str
    margin: float


def find_suspects(messages: Sequence[Message], probabilities: Floats, classes: Sequence[str]) -> list[Suspect]:
    """Find messages whose first issue is doubtful, the most doubtful first.

    Parameters
    ----------
    messages : sequence of Message
    probabilities : float32 (n_messages, n_classes)
        Of the primary issue, out of fold.
    classes : sequence of str

    Examples
    --------
    >>> sure = [Message(str(n), "en", "", ("ab"[n % 2],), None) for n in range(6)]
    >>> odd = Message("odd", "en", "", ("b",), None)
    >>> table = np.array([[0.9, 0.1], [0.1, 0.9]] * 3 + [[0.95, 0.05]])
    >>> [(s.message.id, s.instead, round(s.margin, 2)) for s in find_suspects([*sure, odd], table, ["a", "b"])]
    [('odd', 'a', 0.9)]
    """
    given = np.array([classes.index(m.issues[0]) for m in messages])
    rows = np.arange(given.size)
    own = probabilities[rows, given]
    usual = np.array([own[given == c].mean() if (given == c).any() else np.inf for c in range(len(classes))])
    reached = np.where(probabilities >= usual, probabilities, 0.0)
    reached[rows, given] = 0.0
    best = reached.argmax(axis=1)
    margin = probabilities[rows, best] - own
    suspects = np.flatnonzero((reached[rows, best] > 0) & (margin > 0))
    order = suspects[np.argsort(-margin[suspects], kind="stable")]
    return [Suspect(messages[n], classes[best[n]], float(margin[n])) for n in order.tolist()]


def main(output: Path) -> None:
    """Score the shipped corpus out of fold and write the suspects as CSV."""
    labels = load_labels()
    messages = read_messages(shipped_corpus(), labels)
    others = read_others()
    folds = voice_folds(messages, n_folds=N_FOLDS)
    example = fit_messages(MessageClassifier(epochs=1), messages[:: len(messages) // 500], labels)
    raw = out_of_fold(messages, folds, lambda part: fit_messages(MessageClassifier(), [*part, *others], labels))
    head = example.head("primary")
    blended = cross_fitted(head, raw[:, example.inputs], messages, folds % 2 == 0)
    logits = raw[:, head.columns] if blended is None else blended
    probabilities = softmax(scaled(logits, [head.classes.index(m.issues[0]) for m in messages]))
    found = find_suspects(messages, probabilities, head.classes)
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "lang", "margin", "issues", "instead", "text"])
        for s in found:
            m = s.message
            writer.writerow([m.id, m.lang, f"{s.margin:.3f}", "|".join(m.issues), s.instead, m.text])
    print(f"{len(found):,} suspects of {len(messages):,} messages in {output}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "suspects.csv"))
