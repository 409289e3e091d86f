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
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from model import artifact
from model.blend import Blend
from model.classifier import MessageClassifier
from model.encoder import describe_encoder, open_encoder
from model.files import data_dir
from model.labels import Labels, load_labels
from model.language_id import scripts_decide
from model.scorer import Floats, Head, Scorer, beside
from model.text import matter
from training.calibrate import calibrate, calibrated_loss, out_of_fold_error
from training.corpus import Message, corpus_digest, read_messages, read_others
from training.distort import distorted_copies
from training.split import voice_folds
from training.stack import NETWORKS, cross_fitted, fit_blend, out_of_fold

N_FOLDS = 4
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
    encoder: Path | None = None,
) -> dict[str, Any]:
    """Train on labelled messages, blend and calibrate on voices held out, and save.

    The linear model that is saved is trained on all messages. Its blend is fitted on scores that each voice got from a
    model which did not see it (`training.stack`), its calibration on blended scores that are out of fold likewise.

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
    encoder : Path, optional
        A sentence encoder whose vectors the blend reads beside the scores; see `model.encoder.open_encoder`.

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
    # Opened first: a wrong path must not be said after minutes of training.
    encode, known = (open_encoder(encoder).encode, describe_encoder(encoder)) if encoder else (None, None)
    labels_file = labels_file or data_dir() / "labels.yaml"
    labels = load_labels(labels_file)
    messages = read_messages(corpora, labels)
    others = read_others()
    template = classifier or MessageClassifier()
    folds = voice_folds(messages, n_folds=N_FOLDS)
    steps = [0]

    def step(_done: int, _all: int) -> None:
        steps[0] += 1
        if progress:
            progress("training", steps[0], (1 + N_FOLDS) * template.epochs)

    def fit(part: Sequence[Message]) -> Scorer:
        return fit_messages(template, [*part, *others], labels, progress=step)

    # The matrices are small: threads of the linear algebra library would only wait for each other.
    with threadpool_limits(1), ThreadPoolExecutor(max_workers=2 if (os.cpu_count() or 1) > 1 else 1) as pool:
        whole = pool.submit(fit, messages)
        raw = out_of_fold(messages, folds, fit, pool.map)
        final = whole.result()
        vectors = None
        if encode:
            if progress:
                progress("encoding", 0, 0)
            vectors = encode([matter(m.text)[0] for m in messages])
        if progress:
            progress("fitting the blend", 0, 0)
        inputs = beside(raw[:, final.inputs], vectors)
        scores = raw.copy()
        blends: dict[str, Blend] = {}
        for head, blend, crossed in pool.map(
            lambda head: _blend(head, inputs, messages, folds, seed=template.seed),
            [head for head in final.heads if head.name in NETWORKS],
        ):
            if blend is not None and crossed is not None:
                blends[head.name] = blend
                scores[:, head.columns] = crossed
    calibration = calibrate(final, scores, messages)
    head = final.head("primary")
    guesses = scores[:, head.columns].argmax(axis=1)
    taught = [n for n, m in enumerate(messages) if m.issues]
    accuracy = float(np.mean([head.classes[guesses[n]] == messages[n].issues[0] for n in taught]))
    measured = {
        "messages": len(messages),
        "messages_in_other_languages": len(others),
        "held_out_accuracy": round(accuracy, 4),
        "calibration_error": out_of_fold_error(final, scores, messages, folds % 2 == 0) if blends else {},
    }
    artifact.save(
        output,
        replace(final, calibration=calibration, blends=blends),
        labels_file=labels_file,
        data_digest=corpus_digest([*messages, *others]),
        scores=measured,
        note=note,
        encoder=known if blends else None,  # vectors that nothing reads need not be made
    )
    return {**measured, "seconds": round(time.monotonic() - started, 1)}


def _blend(
    head: Head, inputs: Floats, messages: Sequence[Message], folds: npt.NDArray[np.int64], *, seed: int
) -> tuple[Head, Blend | None, Floats | None]:
    """Fit a head's layer, and its scores out of fold; none where the raw scores do as well (small corpora)."""
    crossed = cross_fitted(head, inputs, messages, folds % 2 == 0, seed=seed)
    if crossed is None or calibrated_loss(head, crossed, messages) >= calibrated_loss(
        head, inputs[:, head.columns], messages
    ):
        return head, None, None
    return head, fit_blend(head, inputs, messages, seed=seed), crossed


def fit_messages(
    template: MessageClassifier, messages: Sequence[Message], labels: Labels, *, progress: Any = None
) -> Scorer:
    """Fit a fresh copy of `template` on labelled messages and return its numbers, uncalibrated.

    Every message is shown a second time as a telephone might have had it (`training.distort`); its n-grams are those of
    the messages as they came, or the table would be twice as large.
    """
    by_script = scripts_decide()
    counted = len(messages)
    messages = [*messages, *distorted_copies(messages, seed=template.seed)]
    fitted = MessageClassifier(**template.get_params()).fit(
        [matter(m.text)[0] for m in messages],
        [m.issues for m in messages],
        sentiment=[m.sentiment for m in messages],
        language=[None if m.lang in by_script else m.lang for m in messages],
        classes=labels.issues,
        sentiments=labels.sentiments,
        alone=labels.alone,
        counted=counted,
        progress=progress,
    )
    scorer: Scorer = fitted.scorer_
    return scorer
