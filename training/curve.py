"""The learning curve: macro-F1 on the test messages by the number of voices trained on, drawn as a plot."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.classifier import MessageClassifier
from model.files import data_dir
from model.labels import Labels, load_labels
from model.text import matter
from training.corpus import Message, read_messages
from training.metrics import macro_f1
from training.train import fit_messages, shipped_corpus


def voices_of(messages: Sequence[Message]) -> list[str]:
    """Return the names of the voices, without the language, in the order in which they first appear."""
    return list(dict.fromkeys(m.voice.rsplit("-", 1)[-1] for m in messages))


def learning_curve(messages: Sequence[Message], test: Sequence[Message], labels: Labels) -> list[dict[str, float]]:
    """Train on one voice, two, three and so on; measure each by language.

    Returns
    -------
    list of dict
        One a step: `messages_a_cell`, each tag's macro-F1, and `mean`.
    """
    names = voices_of(messages)
    steps = []
    for count in range(1, len(names) + 1):
        part = [m for m in messages if m.voice.rsplit("-", 1)[-1] in names[:count]]
        scorer = fit_messages(MessageClassifier(), part, labels)
        head = scorer.head("primary")
        scores = scorer.scores(scorer.rows([matter(m.text)[0] for m in test]))[:, head.columns]
        guessed = [head.classes[column] for column in scores.argmax(axis=1)]
        tags = list(dict.fromkeys(m.lang for m in test))
        step: dict[str, float] = {"messages_a_cell": len(part) / len(tags) / len(labels.issues)}
        for tag in tags:
            rows = [n for n, m in enumerate(test) if m.lang == tag]
            step[tag] = macro_f1([test[n].issues[0] for n in rows], [guessed[n] for n in rows], labels.issues)
        step["mean"] = float(np.mean([step[tag] for tag in tags]))
        steps.append(step)
    return steps


def draw(steps: Sequence[dict[str, float]], path: Path) -> None:
    """Draw the curve, a thin line a language and a thick one for the mean; needs matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.add_subplot()
    x = [step["messages_a_cell"] for step in steps]
    for tag in steps[0]:
        if tag not in ("messages_a_cell", "mean"):
            axes.plot(x, [step[tag] for step in steps], linewidth=0.8, alpha=0.6, label=tag)
    axes.plot(x, [step["mean"] for step in steps], color="black", linewidth=2.5, marker="o", label="mean")
    axes.set(
        xlabel="messages an issue type and language",
        ylabel="macro-F1 on the test messages",
        title="Learning curve over voices",
    )
    axes.legend(ncols=3, fontsize=8)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


def main(folder: Path = Path("docs")) -> None:
    """Measure and write `learning_curve.csv` and `learning_curve.png`."""
    labels = load_labels()
    steps = learning_curve(
        read_messages(shipped_corpus(), labels), read_messages([data_dir() / "corpora" / "test"], labels), labels
    )
    with (folder / "learning_curve.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(steps[0]))
        writer.writeheader()
        writer.writerows({key: round(value, 4) for key, value in step.items()} for step in steps)
    draw(steps, folder / "learning_curve.png")
    print(json.dumps([round(step["mean"], 4) for step in steps]))


if __name__ == "__main__":
    main()
