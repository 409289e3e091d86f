"""From labelled messages to a saved model: one seed, same data, same model."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from model import artifact
from model.classifier import MessageClassifier
from model.files import data_dir
from model.labels import Labels, load_labels
from model.language_id import scripts_decide
from model.scorer import Calibration, Scorer
from training.calibrate import calibrate
from training.corpus import Message, corpus_digest, read_messages, read_others
from training.split import held_out_voices

Progress = Callable[[str, int, int], None]  # (what is done, steps done, steps in all)


def shipped_corpus() -> list[Path]:
    """Return the folder of the shipped training messages."""
    return [data_dir() / "corpora" / "train"]


def train(
    corpora: Sequence[Path],
    output: Path,
    *,
    labels_file: Path | None = None,
    classifier: MessageClassifier | None = None,
    progress: Progress | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Train on labelled messages, calibrate on voices held out, and save.

    The model that is saved is trained on all messages; its calibration comes from a second one that did not see the
    held-out voices. Both are trained at once, on two processors.

    Parameters
    ----------
    corpora : sequence of Path
        Files or folders of JSON Lines.
    output : Path
        Model folder; replaced when the new model is whole.
    labels_file : Path, optional
        A label set of one's own.
    classifier : MessageClassifier, optional
        Unfitted, with the settings to use.

    Returns
    -------
    dict
        What was measured: message counts, seconds, accuracy on the held-out voices.

    Raises
    ------
    DataError
        If a corpus or the label file is faulty.
    """
    started = time.monotonic()
    labels_file = labels_file or data_dir() / "labels.yaml"
    labels = load_labels(labels_file)
    messages = read_messages(corpora, labels)
    others = read_others()
    template = classifier or MessageClassifier()
    held = held_out_voices(messages)
    if not held.any() or held.all():
        # All by one hand: a random tenth is the best that can be had.
        held = np.random.default_rng(template.seed).random(len(messages)) < 0.1
    seen = [m for m, out in zip(messages, held, strict=True) if not out]
    unseen = [m for m, out in zip(messages, held, strict=True) if out]
    steps = [0]

    def step(_done: int, _all: int) -> None:
        steps[0] += 1
        if progress:
            progress("training", steps[0], 2 * template.epochs)

    def fit(part: Sequence[Message]) -> Scorer:
        return fit_messages(template, [*part, *others], labels, progress=step)

    with ThreadPoolExecutor(max_workers=2 if (os.cpu_count() or 1) > 1 else 1) as pool:
        final, trial = pool.map(fit, (messages, seen))
    scores = trial.scores(trial.rows([m.text for m in unseen]))
    calibration = calibrate(trial, scores, unseen) if unseen else Calibration({})
    head = trial.head("primary")
    guesses = scores[:, head.columns].argmax(axis=1)
    accuracy = (
        float(np.mean([head.classes[g] == m.issues[0] for g, m in zip(guesses, unseen, strict=True)]))
        if unseen
        else 0.0
    )
    measured = {
        "messages": len(messages),
        "messages_in_other_languages": len(others),
        "held_out_messages": len(unseen),
        "held_out_accuracy": round(accuracy, 4),
    }
    artifact.save(
        output,
        replace(final, calibration=calibration),
        labels_file=labels_file,
        data_digest=corpus_digest([*messages, *others]),
        scores=measured,
        note=note,
    )
    return {**measured, "seconds": round(time.monotonic() - started, 1)}


def fit_messages(
    template: MessageClassifier, messages: Sequence[Message], labels: Labels, *, progress: Any = None
) -> Scorer:
    """Fit a fresh copy of `template` on labelled messages and return its numbers, uncalibrated."""
    by_script = scripts_decide()
    fitted = MessageClassifier(**template.get_params()).fit(
        [m.text for m in messages],
        [m.issues for m in messages],
        sentiment=[m.sentiment for m in messages],
        language=[None if m.lang in by_script else m.lang for m in messages],
        classes=labels.issues,
        sentiments=labels.sentiments,
        alone=labels.alone,
        progress=progress,
    )
    scorer: Scorer = fitted.scorer_
    return scorer
