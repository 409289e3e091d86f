"""Banking77: 77 intents of a bank's customers, on the files that the user has.

    git clone https://github.com/PolyAI-LDN/task-specific-datasets     # CC BY 4.0
    python benchmarks/public/banking77.py task-specific-datasets/banking_data

The folder holds `train.csv` and `test.csv` with the columns `text` and `category`. Accuracy with 10 and 30 examples of each
intent (the mean of three draws) and with all of them, beside Casanueva et al. 2020, table 2.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from common import Row, accuracy, read_csv, show, train_and_guess

DRAWS = 3
PUBLISHED = {
    "BERT-Large, frozen": (67.55, 80.07, 87.19),
    "BERT-Large, fine-tuned": (83.42, 90.03, 93.66),
    "USE": (84.23, 89.74, 92.81),
    "ConveRT": (83.32, 89.37, 93.01),
    "USE + ConveRT": (85.19, 90.57, 93.36),
}
SOURCE = "Casanueva, Temčinas, Gerz, Henderson, Vulić 2020, 'Efficient intent detection with dual sentence encoders'"


def few(rows: list[Row], shots: int, seed: int) -> list[Row]:
    """Draw so many rows of each label."""
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    random = np.random.default_rng(seed)
    return [own[n] for own in by_label.values() for n in random.permutation(len(own))[:shots]]


def main(folder: Path) -> None:
    """Train three ways and print the table."""
    rows, test = (read_csv(folder / f"{name}.csv", "text", "category") for name in ("train", "test"))
    texts = [row.text for row in test]
    figures = []
    for shots in (10, 30):
        drawn = [accuracy(test, train_and_guess(few(rows, shots, seed), texts).labels) for seed in range(DRAWS)]
        figures.append(100 * float(np.mean(drawn)))
    whole = train_and_guess(rows, texts)
    figures.append(100 * accuracy(test, whole.labels))
    show("Banking77, accuracy", ("10 each", "30 each", "all"), {"replydesk": figures}, PUBLISHED, SOURCE)
    print(f"all: trained in {whole.seconds:.0f} s, scores {whole.rate:,.0f} texts a second")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
