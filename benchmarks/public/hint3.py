"""HINT3: what people really asked three chat bots in India (mattresses, fitness supplements, games).

    git clone https://github.com/hellohaptik/HINT3                       # ODbL 1.0 / DbCL 1.0
    python benchmarks/public/hint3.py HINT3/dataset/v2

The folder holds `train/<bot>_train.csv` and `test/<bot>_test.csv` with the columns `sentence` and `label`; test rows outside
the bot's scope are labelled NO_NODES_DETECTED. Accuracy in scope, trained on the full sets, beside Arora et al. 2020,
table 3; and the share of rows out of scope that stay below the confidence at which nine in ten in scope are kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from common import accuracy, read_csv, show, train_and_guess

BOTS = ("sofmattress", "curekart", "powerplay11")
OUTSIDE = "NO_NODES_DETECTED"
KEPT = 0.9
PUBLISHED = {
    "Dialogflow": (73.1, 75.0, 59.6),
    "Rasa": (69.2, 84.0, 49.0),
    "LUIS": (59.3, 72.5, 48.0),
    "Haptik": (72.2, 80.3, 66.5),
    "BERT": (73.5, 83.6, 58.5),
}
SOURCE = "Arora, Jain, Chaturvedi, Modi 2020, 'HINT3: Raising the bar for intent detection in the wild'"


def main(folder: Path) -> None:
    """Train one model for each bot and print the table."""
    figures, refused = [], []
    for bot in BOTS:
        rows = read_csv(folder / "train" / f"{bot}_train.csv", "sentence", "label")
        test = read_csv(folder / "test" / f"{bot}_test.csv", "sentence", "label")
        found = train_and_guess(rows, [row.text for row in test])
        inside = np.array([row.label != OUTSIDE for row in test])
        in_scope = [row for row, keep in zip(test, inside, strict=True) if keep]
        guessed = [label for label, keep in zip(found.labels, inside, strict=True) if keep]
        figures.append(100 * accuracy(in_scope, guessed))
        line = np.quantile(found.confidence[inside], 1 - KEPT)
        refused.append(100 * float(np.mean(found.confidence[~inside] < line)) if (~inside).any() else float("nan"))
    show("HINT3, accuracy in scope", BOTS, {"replydesk": figures}, PUBLISHED, SOURCE)
    print("out of scope refused where 90 % in scope are kept: " + ", ".join(f"{value:.1f} %" for value in refused))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
