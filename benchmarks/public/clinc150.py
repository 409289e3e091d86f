"""CLINC150: 150 intents, and questions that belong to none of them.

    git clone https://github.com/clinc/oos-eval                          # CC BY 3.0
    python benchmarks/public/clinc150.py oos-eval/data/data_full.json

The file holds `train`, `val`, `test`, `oos_train`, `oos_val`, `oos_test`, each a list of [text, intent]. Questions outside are
trained as one more intent ('oos-train' in the paper). Beside Larson et al. 2019, table 2 (full).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from common import Row, accuracy, show, train_and_guess

PUBLISHED = {
    "FastText": (89.0, 9.7),
    "SVM": (91.0, 14.5),
    "CNN": (91.2, 18.9),
    "DialogFlow": (91.7, 14.0),
    "Rasa": (91.5, 45.3),
    "MLP (sentence encoder)": (93.5, 47.4),
    "BERT": (96.9, 40.3),
}
SOURCE = "Larson et al. 2019, 'An evaluation dataset for intent classification and out-of-scope prediction'"


def main(path: Path) -> None:
    """Train once and print the table."""
    if not path.is_file():
        raise SystemExit(f"{path}: no such file; see the head of this script for where to get it")
    parts = {name: [Row(*pair) for pair in rows] for name, rows in json.loads(path.read_text(encoding="utf-8")).items()}
    inside, outside = parts["test"], parts["oos_test"]
    found = train_and_guess([*parts["train"], *parts["oos_train"]], [row.text for row in [*inside, *outside]])
    refused = 100 * float(np.mean([label == "oos" for label in found.labels[len(inside) :]]))
    ours = (100 * accuracy(inside, found.labels[: len(inside)]), refused)
    show("CLINC150 (full)", ("accuracy in scope", "recall out of scope"), {"replydesk": ours}, PUBLISHED, SOURCE)
    print(f"trained in {found.seconds:.0f} s, scores {found.rate:,.0f} texts a second")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
