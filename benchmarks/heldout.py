"""What was written apart from the code: quoted mails, entities, and pairs of messages that differ by a few words.

    python benchmarks/heldout.py [--model FOLDER] [--show KIND]

`data/heldout/` was composed natively by people who had not seen the code. Quoted mails: the label is that of the buyer's own
words, what he quotes speaks of another matter. Entities: precision and recall of exact spans. Directions (Ribeiro et al.
2020, 'Beyond accuracy: behavioral testing of NLP models with CheckList'): a small change must change the label, or move the
sentiment the right way. `--show` prints misses of entities and quotes of odd numbers alone: the even ones are only counted.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from model.files import data_dir
from model.reader import Reader

NAMES = {"photo_attached": "photo"}


def rows(kind: str) -> Iterator[dict[str, Any]]:
    """Yield the cases of a kind, all languages."""
    for path in sorted((data_dir() / "heldout" / kind).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line:
                yield json.loads(line)


def is_odd(row: dict[str, Any]) -> bool:
    """Tell whether a case may be looked at."""
    return int(row["id"].rsplit("-", 1)[1]) % 2 == 1


def quoted(reader: Reader, console: Console, show: bool) -> None:
    """Measure whether quoted words decide the label."""
    right, won, counts = Counter[str](), Counter[str](), Counter[str]()
    for row in rows("quoted"):
        issue = reader.read([row["text"]])[0].issues[0][0]
        counts[row["lang"]] += 1
        right[row["lang"]] += issue == row["issues"][0]
        won[row["lang"]] += issue == row["quoted"]
        if show and is_odd(row) and issue != row["issues"][0]:
            console.print(f"{row['id']}: {issue}, not {row['issues'][0]} (quoted: {row['quoted']})")
    table = Table("quoted mails", "cases", "right", "the quoted matter won")
    for tag in [*counts, "all"]:
        n, r, w = (c.total() if tag == "all" else c[tag] for c in (counts, right, won))
        table.add_row(tag, str(n), f"{r / n:.3f}", f"{w / n:.3f}")
    console.print(table)


def entities(reader: Reader, console: Console, show: bool) -> None:
    """Measure precision and recall of exact spans, by kind and by language."""
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows("entities"):
        wanted = Counter((entity["kind"], entity["text"]) for entity in row["entities"])
        read = reader.read([row["text"]], entities=True)[0].entities
        found = Counter((NAMES.get(e.kind, e.kind), e.text) for e in read)
        # Where 'I have attached two photos' begins is a matter of taste: one that overlaps is the same.
        for _, text in [key for key in found if key[0] == "photo"]:
            for other in [key for key in wanted if key[0] == "photo" and (key[1] in text or text in key[1])]:
                found[other] = found.pop(("photo", text), 0) or found[other]
        for key in [*wanted, *(found - wanted)]:
            for group in (key[0], row["lang"], "all"):
                hits[group]["right"] += min(wanted[key], found[key])
                hits[group]["wanted"] += wanted[key]
                hits[group]["found"] += found[key]
        if show and is_odd(row) and wanted != found:
            console.print(
                f"{row['id']}: missed {list(wanted - found)}, too many {list(found - wanted)}: {row['text']}",
                markup=False,
            )
    table = Table("entities", "wanted", "precision", "recall")
    for group, n in sorted(
        hits.items(), key=lambda pair: (pair[0] == "all", "_" not in pair[0] and len(pair[0]) > 3, pair[0])
    ):
        table.add_row(
            group, str(n["wanted"]), f"{n['right'] / max(1, n['found']):.3f}", f"{n['right'] / max(1, n['wanted']):.3f}"
        )
    console.print(table)


def holds(reader: Reader, row: dict[str, Any]) -> tuple[bool, bool]:
    """Return whether the label of the second message is right, and whether the change went the right way.

    The right way: from a label that was right to the other (issue), or the sentiment score moved as it should.
    """
    before, after = reader.read([row["before"], row["after"]])
    right = after.issues[0][0] == row["after_issue"]
    if row["kind"] in ("stronger", "kinder"):
        move = after.sentiment_score - before.sentiment_score
        return right, (move < 0) if row["sentiment"] == "lower" else (move > 0)
    return right, right and before.issues[0][0] != after.issues[0][0]


def directions(reader: Reader, console: Console, show: bool) -> None:
    """Measure whether small changes do what they should, by kind and by language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows("directions"):
        right, moved = holds(reader, row)
        for group in (row["kind"], row["lang"], "all"):
            counts[group].update(cases=1, right=right, moved=moved)
        if show and is_odd(row) and not moved:
            console.print(f"{row['id']} {row['kind']}: {row['before']} -> {row['after']}", markup=False)
    table = Table("directions", "pairs", "second label right", "moved the right way")
    for group, n in counts.items():
        table.add_row(group, str(n["cases"]), f"{n['right'] / n['cases']:.3f}", f"{n['moved'] / n['cases']:.3f}")
    console.print(table)


def main() -> None:
    """Measure all three and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="model folder")
    parser.add_argument("--show", choices=["quoted", "entities", "directions"], help="print misses of odd numbers")
    arguments = parser.parse_args()
    reader, console = Reader.open(arguments.model), Console(width=140)
    for measure in (quoted, entities, directions):
        measure(reader, console, arguments.show == measure.__name__)


if __name__ == "__main__":
    main()
