"""UMSAB: sentiment of tweets in eight languages, three levels.

    git clone https://github.com/cardiffnlp/xlm-t                        # Apache-2.0; the tweets are their authors'
    python benchmarks/public/umsab.py xlm-t/data/sentiment

The folder holds for each language `train_text.txt`, `train_labels.txt`, `test_text.txt`, `test_labels.txt`, a tweet or a label
(0 negative, 1 neutral, 2 positive) a line. One model for each language, macro-F1, beside the models trained on one
language in Barbieri et al. 2022, table 3.
"""

from __future__ import annotations

import sys
from pathlib import Path

from common import Row, show, train_and_guess

from training.metrics import macro_f1

LANGUAGES = {"arabic": "ar", "english": "en", "french": "fr", "german": "de", "hindi": "hi", "italian": "it",
             "portuguese": "pt", "spanish": "es"}  # fmt: skip
PUBLISHED = {
    "fastText": (45.98, 50.85, 54.82, 59.56, 37.08, 54.65, 55.05, 50.06, 51.01),
    "XLM-R": (63.56, 68.18, 71.98, 73.61, 36.60, 71.47, 67.11, 65.87, 64.80),
    "XLM-T": (67.67, 66.89, 68.19, 76.13, 40.29, 70.91, 75.32, 67.03, 66.55),
}
SOURCE = "Barbieri, Espinosa Anke, Camacho-Collados 2022, 'XLM-T: Multilingual language models in Twitter'"


def read(folder: Path, part: str) -> list[Row]:
    """Read one part of one language."""
    texts, labels = ((folder / f"{part}_{what}.txt") for what in ("text", "labels"))
    for path in (texts, labels):
        if not path.is_file():
            raise SystemExit(f"{path}: no such file; see the head of this script for where to get it")
    lines = zip(*(path.read_text(encoding="utf-8").rstrip("\n").split("\n") for path in (texts, labels)), strict=True)
    return [Row(text, label.strip()) for text, label in lines]


def main(folder: Path) -> None:
    """Train one model for each language and print the table."""
    figures = []
    for name, tag in LANGUAGES.items():
        rows, test = read(folder / name, "train"), read(folder / name, "test")
        found = train_and_guess(rows, [row.text for row in test], lang=tag)
        figures.append(100 * macro_f1([row.label for row in test], found.labels, sorted({row.label for row in test})))
    figures.append(sum(figures) / len(figures))
    show("UMSAB, macro-F1", (*LANGUAGES, "mean"), {"replydesk": figures}, PUBLISHED, SOURCE)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
