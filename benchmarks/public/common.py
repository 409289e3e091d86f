"""What the scripts for public sets share: train on a label set of its own, measure, print beside published figures."""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from model.reader import Reader
from model.scorer import Floats
from model.text import matter
from training.train import train


@dataclass(frozen=True)
class Row:
    """A text and its label."""

    text: str
    label: str


@dataclass(frozen=True)
class Guesses:
    """What a freshly trained model makes of texts.

    Parameters
    ----------
    labels : list of str
        The best label of each text.
    confidence : float32 (n_texts,)
    seconds : float
        Of training, calibration included.
    rate : float
        Texts scored a second, language and doubts aside.
    """

    labels: list[str]
    confidence: Floats
    seconds: float
    rate: float


def read_csv(path: Path, text: str, label: str) -> list[Row]:
    """Read two named columns; raises SystemExit with what is missing."""
    if not path.is_file():
        raise SystemExit(f"{path}: no such file; see the head of this script for where to get it")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {text, label} <= set(rows.fieldnames or ()):
            raise SystemExit(
                f"{path}: needs the columns '{text}' and '{label}'; has {', '.join(rows.fieldnames or ())}"
            )
        return [Row(row[text], row[label]) for row in rows]


def train_and_guess(train_rows: Sequence[Row], texts: Sequence[str], *, lang: str = "en") -> Guesses:
    """Train on rows as `replydesk train --labels … --corpus …` does, and read texts.

    The best label is taken as it is: whether a message would go to a person is the confidence's matter.
    """
    names = {label: f"l{n}" for n, label in enumerate(sorted({row.label for row in train_rows}))}
    back = {name: label for label, name in names.items()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "labels.yaml").write_text(f"issues: [{', '.join(back)}]\n", encoding="utf-8")
        with (folder / "train.jsonl").open("w", encoding="utf-8") as file:
            for n, row in enumerate(train_rows):
                record = {"id": str(n), "lang": lang, "text": row.text, "issues": [names[row.label]], "sentiment": None}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        started = time.perf_counter()
        train([folder / "train.jsonl"], folder / "model", labels_file=folder / "labels.yaml")
        seconds = time.perf_counter() - started
        scorer = Reader.open(folder / "model").artifact.scorer
        own = [matter(text)[0] for text in texts]
        scorer.scores(scorer.rows(own[:10]))
        started = time.perf_counter()
        probabilities = scorer.probabilities(scorer.scores(scorer.rows(own)), "primary")
        rate = len(texts) / (time.perf_counter() - started)
        head = scorer.head("primary").classes
    best: npt.NDArray[np.int64] = probabilities.argmax(axis=1)
    return Guesses([back[head[n]] for n in best], probabilities.max(axis=1), seconds, rate)


def accuracy(rows: Sequence[Row], guessed: Sequence[str]) -> float:
    """Return the share of rows whose label was guessed."""
    return float(np.mean([row.label == label for row, label in zip(rows, guessed, strict=True)]))


def show(
    title: str,
    columns: Sequence[str],
    ours: Mapping[str, Sequence[float]],
    published: Mapping[str, Sequence[float]],
    source: str,
) -> None:
    """Print our figures above the published ones, in per cent."""
    table = Table("", *columns, title=title)
    for name, values in {**ours, **published}.items():
        table.add_row(name, *(f"{value:.1f}" for value in values))
    console = Console()
    console.print(table)
    console.print(f"published: {source}")
