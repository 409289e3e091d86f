"""What was written apart from the code: quoted mails, entities, and pairs of messages that differ by a few words.

    python benchmarks/challenge.py [--model FOLDER] [--show quoted|entities|directions]

`data/challenge/` was composed natively by people who had not seen the code. `--show` prints misses of odd numbers; the
even ones are only counted.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from model.reader import Reader
from training.challenge import ALL, Measured, measure_directions, measure_entities, measure_quoted

MEASURES = {"quoted": measure_quoted, "entities": measure_entities, "directions": measure_directions}
COLUMNS = {
    "quoted": ("cases", {"right": ("right", "cases"), "the quoted matter won": ("quoted", "cases")}),
    "entities": ("wanted", {"precision": ("right", "found"), "recall": ("right", "wanted")}),
    "directions": ("cases", {"second label right": ("right", "cases"), "moved the right way": ("moved", "cases")}),
}


def table(name: str, measured: Measured) -> Table:
    """Return one table: kinds first, then languages, then all."""
    number, shares = COLUMNS[name]
    drawn = Table(name, number, *shares)
    groups = sorted(measured.counts, key=lambda g: (g == ALL, len(g) < 3 or g.startswith("zh-"), g))
    for group in groups:
        values = [f"{measured.share(what, of, group):.3f}" for what, of in shares.values()]
        drawn.add_row(group, str(measured.counts[group][number]), *values)
    return drawn


def main() -> None:
    """Measure all three and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="model folder")
    parser.add_argument("--show", choices=list(MEASURES), help="print misses of odd numbers")
    arguments = parser.parse_args()
    reader, console = Reader.open(arguments.model), Console(width=140)
    for name, measure in MEASURES.items():
        measured = measure(reader)
        if name == arguments.show:
            for miss in measured.misses:
                console.print(miss, markup=False)
        console.print(table(name, measured))


if __name__ == "__main__":
    main()
