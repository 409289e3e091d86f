"""Measures on what was written apart from the code: quoted mails, entities, and pairs that differ by a few words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_jsonl
from model.labels import Labels
from model.reader import Reader

ALL = "all"
KINDS = ("quoted", "entities", "directions")
_ISSUE_FIELDS = ("quoted", "before_issue", "after_issue")
_NAMES = {"photo_attached": "photo"}
Counts = dict[str, Counter[str]]


@dataclass
class Measured:
    """Counts by group (language, kind, or all), and what went wrong.

    Parameters
    ----------
    counts : dict of str to Counter
    misses : list of str
        Of cases of odd number alone: those of even number are only ever counted, so that mending by misses can be
        checked against what nobody looked at.
    """

    counts: Counts = field(default_factory=lambda: defaultdict(Counter))
    misses: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], groups: tuple[str, ...], **found: int) -> None:
        for group in (*groups, row["lang"], ALL):
            self.counts[group].update(found)

    def miss(self, row: dict[str, Any], said: str) -> None:
        if int(row["id"].rsplit("-", 1)[1]) % 2:
            self.misses.append(f"{row['id']}: {said}")

    def share(self, what: str, of: str, group: str = ALL) -> float:
        """Return one count as a share of another."""
        counts = self.counts[group]
        return counts[what] / max(1, counts[of])


def cases(kind: str, folder: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the cases of a kind ('quoted', 'entities', 'directions'), all languages."""
    for path in sorted(((folder or data_dir() / "challenge") / kind).glob("*.jsonl")):
        yield from (row for _, row in read_jsonl(path))


def check_challenge(folder: Path, labels: Labels) -> int:
    """Return how many cases a folder holds; raises DataError with everything that is wrong with them."""
    faults, count = [], 0
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.jsonl")):
            for line, row in read_jsonl(path):
                count += 1
                named = [*row.get("issues", ()), *(row[key] for key in _ISSUE_FIELDS if key in row)]
                faults += [
                    Fault(str(path), line, f"unknown issue '{name}'{nearest(name, labels.issues)}")
                    for name in named
                    if name not in labels.issues
                ]
                if row.get("lang") != path.stem:
                    faults.append(Fault(str(path), line, f"lang: '{row.get('lang')}' is not the name of the file"))
                if any(entity["text"] not in row["text"] for entity in row.get("entities", ())):
                    faults.append(Fault(str(path), line, "an entity's text does not stand in the message"))
    if faults:
        raise DataError(faults)
    return count


def measure_quoted(reader: Reader) -> Measured:
    """Count mails whose label is that of the buyer's own words (`right`), and of what he quotes (`quoted`)."""
    measured = Measured()
    for row in cases("quoted"):
        issue = reader.read([row["text"]])[0].issues[0][0]
        measured.add(row, (), cases=1, right=issue == row["issues"][0], quoted=issue == row["quoted"])
        if issue != row["issues"][0]:
            measured.miss(row, f"{issue}, not {row['issues'][0]} (quoted: {row['quoted']})")
    return measured


def measure_entities(reader: Reader) -> Measured:
    """Count entities `wanted`, `found` and `right` (kind and exact text), by kind and by language.

    Where 'I have attached two photos' begins is a matter of taste: a photo's text that contains the other is the same.
    """
    measured = Measured()
    for row in cases("entities"):
        wanted = Counter((entity["kind"], entity["text"]) for entity in row["entities"])
        read = reader.read([row["text"]], entities=True)[0].entities
        found: Counter[tuple[str, str]] = Counter()
        for entity in read:
            key = (_NAMES.get(entity.kind, entity.kind), entity.text)
            if key[0] == "photo":
                key = next((w for w in wanted if w[0] == "photo" and (w[1] in key[1] or key[1] in w[1])), key)
            found[key] += 1
        for key in wanted | found:
            right = min(wanted[key], found[key])
            measured.add(row, (key[0],), wanted=wanted[key], found=found[key], right=right)
        if wanted != found:
            measured.miss(row, f"missed {list(wanted - found)}, too many {list(found - wanted)}: {row['text']}")
    return measured


def measure_directions(reader: Reader) -> Measured:
    """Count pairs whose second label is `right`, and those that `moved` the right way.

    The right way: to another label, which is right; or, where words only get stronger or kinder, the sentiment's score
    moves as it should (Ribeiro et al. 2020, 'Beyond accuracy: behavioral testing of NLP models with CheckList').
    """
    measured = Measured()
    for row in cases("directions"):
        before, after = reader.read([row["before"], row["after"]])
        right = after.issues[0][0] == row["after_issue"]
        if "sentiment" in row:
            move = after.sentiment_score - before.sentiment_score
            moved = move < 0 if row["sentiment"] == "lower" else move > 0
        else:
            moved = right and before.issues[0][0] != after.issues[0][0]
        measured.add(row, (row["kind"],), cases=1, right=right, moved=moved)
        if not moved:
            measured.miss(row, f"{row['kind']}: {row['before']} -> {row['after']}")
    return measured
