"""Training as the command line does it: with a progress bar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from model.classifier import MessageClassifier
from training.train import shipped_corpus, train


def train_shown(
    corpora: list[Path], labels: Path | None, output: Path, seed: int, encoder: Path | None = None
) -> dict[str, Any]:
    """Train with a progress bar on standard error; return what `train` measured."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading the corpus", total=None)

        def show(what: str, done: int, steps: int) -> None:
            bar.update(task, description=what, completed=done, total=steps)

        paths = corpora if labels else [*shipped_corpus(), *corpora]
        return train(
            paths, output, labels_file=labels, classifier=MessageClassifier(seed=seed), progress=show, encoder=encoder
        )
