"""Measures a saved model on labelled messages, by language and by issue, and writes tables and plots."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.errors import ReplydeskError
from model.reader import Reader, Reading
from training.corpus import Message, read_messages
from training.metrics import (
    expected_calibration_error,
    macro_f1,
    mean_absolute_error,
    per_label,
    second_issue_scores,
)

THREE_LEVELS = {"very_negative": "negative", "very_positive": "positive"}


@dataclass(frozen=True)
class Evaluation:
    """What was measured.

    Parameters
    ----------
    model_version : str
    overall : dict
        Figures over all messages; macro-F1 is the mean over languages.
    languages : dict
        The same by tag.
    issues : dict
        Precision, recall, F1, support by issue.
    truth, guessed : list of str
        Primary issue of each message, for a confusion matrix.
    """

    model_version: str
    overall: dict[str, float]
    languages: dict[str, dict[str, float]]
    issues: dict[str, dict[str, float]]
    truth: list[str]
    guessed: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures, without the single messages."""
        return {
            "model_version": self.model_version,
            "overall": self.overall,
            "languages": self.languages,
            "issues": self.issues,
        }


def evaluate_file(path: Path, model: Path | None = None) -> Evaluation:
    """Measure a model folder on a file or folder of labelled messages; raises as `Reader.open` and `read_messages` do."""
    reader = Reader.open(model)
    return evaluate(reader, read_messages([path], reader.labels))


def evaluate(reader: Reader, messages: Sequence[Message]) -> Evaluation:
    """Measure a reader on labelled messages."""
    if not messages:
        raise ReplydeskError("there are no messages to measure on")
    readings = reader.read([m.text for m in messages])
    truth = [m.issues[0] for m in messages]
    guessed = [r.issues[0][0] for r in readings]
    languages = {}
    for tag in dict.fromkeys(m.lang for m in messages):
        rows = [n for n, m in enumerate(messages) if m.lang == tag]
        languages[tag] = _figures([messages[n] for n in rows], [readings[n] for n in rows], reader)
    overall = _figures(messages, readings, reader)
    for name in ("macro_f1", "sentiment_f1"):
        overall[name] = float(np.mean([figures[name] for figures in languages.values()]))
    return Evaluation(
        reader.version, overall, languages, per_label(truth, guessed, reader.labels.issues), truth, guessed
    )


def _figures(messages: Sequence[Message], readings: Sequence[Reading], reader: Reader) -> dict[str, float]:
    labels = reader.labels
    truth = [m.issues[0] for m in messages]
    guessed = [r.issues[0][0] for r in readings]
    right = np.array([t == g for t, g in zip(truth, guessed, strict=True)])
    confidence = np.array([r.issues[0][1] for r in readings])
    answered = np.array([not r.doubts for r in readings])
    precision, recall = second_issue_scores([m.issues for m in messages], [[i for i, _ in r.issues] for r in readings])
    figures = {
        "messages": float(len(messages)),
        "macro_f1": macro_f1(truth, guessed, labels.issues),
        "accuracy": float(right.mean()),
        "calibration_error": expected_calibration_error(confidence, right),
        "answered": float(answered.mean()),
        "answered_right": float(right[answered].mean()) if answered.any() else 1.0,
        "second_precision": precision,
        "second_recall": recall,
        "language_accuracy": float(np.mean([m.lang == r.tag for m, r in zip(messages, readings, strict=True)])),
    }
    felt = [(m.sentiment, r) for m, r in zip(messages, readings, strict=True) if m.sentiment]
    if felt:
        scores = dict(zip(labels.sentiments, labels.sentiment_scores, strict=True))
        coarse = [THREE_LEVELS.get(s, s) for s, _ in felt]
        figures["sentiment_f1"] = macro_f1(
            coarse, [THREE_LEVELS.get(r.sentiment, r.sentiment) for _, r in felt], ["negative", "neutral", "positive"]
        )
        figures["sentiment_mae"] = mean_absolute_error(
            [scores[s] for s, _ in felt], [r.sentiment_score for _, r in felt]
        )
    else:
        figures["sentiment_f1"] = figures["sentiment_mae"] = float("nan")
    return figures


_COLUMNS = {
    "messages": "messages", "macro_f1": "issue F1", "accuracy": "accuracy", "calibration_error": "calib. error",
    "answered": "answered", "answered_right": "right if answered", "second_precision": "2nd prec.",
    "second_recall": "2nd recall", "sentiment_f1": "sentiment F1", "sentiment_mae": "sentiment MAE",
    "language_accuracy": "language",
}  # fmt: skip


def render(result: Evaluation) -> str:
    """Return the figures as a plain table, a language a line."""
    rows = [*result.languages.items(), ("all", result.overall)]
    lines = [f"{'':8}" + " ".join(f"{title:>{max(len(title), 6)}}" for title in _COLUMNS.values())]
    for tag, figures in rows:
        cells = []
        for key, title in _COLUMNS.items():
            value = f"{figures[key]:.0f}" if key == "messages" else f"{figures[key]:.3f}"
            cells.append(f"{value:>{max(len(title), 6)}}")
        lines.append(f"{tag:8}" + " ".join(cells))
    worst = sorted((v["f1"], k) for k, v in result.issues.items() if v["support"])[:5]
    lines.append("weakest issues: " + ", ".join(f"{name} {f1:.2f}" for f1, name in worst))
    return "\n".join(lines)


def write_report(result: Evaluation, folder: Path) -> None:
    """Write `languages.csv`, `issues.csv`, `confusion.csv` and, where matplotlib is installed, `confusion.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / "languages.csv", "language", {**result.languages, "all": result.overall})
    _write_table(folder / "issues.csv", "issue", result.issues)
    names = [name for name, figures in result.issues.items() if figures["support"]]
    column = {name: n for n, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names) + 1), int)
    for true, guess in zip(result.truth, result.guessed, strict=True):
        matrix[column[true], column.get(guess, len(names))] += 1
    with (folder / "confusion.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["truth \\ guessed", *names, "other label"])
        writer.writerows([name, *row] for name, row in zip(names, matrix.tolist(), strict=True))
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return  # the tables say the same; plots come with the extra 'notebooks'
    figure = Figure(figsize=(12, 11), layout="constrained")
    axes = figure.add_subplot()
    shares = matrix[:, :-1] / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="viridis", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="guessed", ylabel="truth", title="Primary issue: share of each true type")
    figure.colorbar(image, shrink=0.7)
    figure.savefig(folder / "confusion.png", dpi=110)


def _write_table(path: Path, key: str, rows: dict[str, dict[str, float]]) -> None:
    columns = list(next(iter(rows.values())))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([key, *columns])
        writer.writerows([name, *(round(figures[c], 4) for c in columns)] for name, figures in rows.items())
