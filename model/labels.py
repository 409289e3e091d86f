"""The label set: issue types, their groups, and the ordered levels of sentiment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault
from model.files import data_dir, read_yaml

ISSUE_FIELDS = ("name", "group", "meaning", "alone")


@dataclass(frozen=True)
class Labels:
    """What a message can be labelled with; the order is the order of a model's output columns.

    Parameters
    ----------
    issues : tuple of str
        Names of the issue types.
    groups, meanings : dict of str to str
        Group and one-line meaning of each issue.
    alone : frozenset of str
        Issues that never stand beside another.
    sentiments : tuple of str
        Levels from the most negative to the most positive.
    sentiment_scores : tuple of float
        Place of each level on the scale from -1 to 1.
    """

    issues: tuple[str, ...]
    groups: dict[str, str]
    meanings: dict[str, str]
    alone: frozenset[str]
    sentiments: tuple[str, ...]
    sentiment_scores: tuple[float, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over names and order: two models with the same digest speak of the same labels."""
        text = "\n".join((*self.issues, "", *self.sentiments))
        return hashlib.sha256(text.encode()).hexdigest()


def load_labels(path: Path | None = None) -> Labels:
    """Read a label file, the shipped one by default.

    Raises
    ------
    DataError
        With every fault found: missing or unknown fields, doubled names, scores out of [-1, 1] or out of order.
    """
    return _load(path or data_dir() / "labels.yaml")


@lru_cache(maxsize=8)
def _load(path: Path) -> Labels:
    data = read_yaml(path)
    faults: list[Fault] = []

    def fault(line: int, message: str) -> None:
        faults.append(Fault(str(path), line, message))

    if not isinstance(data, dict) or not isinstance(data.get("issues"), list):
        raise DataError([Fault(str(path), 1, "a label file holds 'issues:' (a list) and 'sentiments:' (a list)")])
    issues = [i if isinstance(i, dict) else {"name": i} for i in data["issues"]]
    names: list[str] = []
    for record in issues:
        line = getattr(record, "line", 0)
        name = record.get("name")
        if not isinstance(name, str) or not name:
            fault(line, "issue: 'name' is missing")
            continue
        if name in names:
            fault(line, f"issue '{name}' stands twice")
        for field in record:
            if field not in ISSUE_FIELDS:
                fault(line, f"issue '{name}': unknown field '{field}'; allowed are {', '.join(ISSUE_FIELDS)}")
        if record.get("alone", "no") not in ("yes", "no"):
            fault(line, f"issue '{name}': 'alone' is yes or no, not '{record['alone']}'")
        names.append(name)
    levels = data.get("sentiments")
    scores: list[float] = []
    sentiments: list[str] = []
    for record in levels if isinstance(levels, list) else []:
        line = getattr(record, "line", 0)
        try:
            sentiments.append(record["name"])
            scores.append(float(record["score"]))
        except (KeyError, TypeError, ValueError):
            fault(line, "sentiment: needs 'name' and a 'score' from -1 to 1")
    if any(not -1 <= s <= 1 for s in scores) or scores != sorted(scores):
        fault(0, "sentiment scores must rise from -1 to 1")
    if len(names) < 2:
        fault(0, "at least two issues are needed")
    if faults:
        raise DataError(faults)
    return Labels(
        issues=tuple(names),
        groups={i["name"]: i.get("group", "other") for i in issues},
        meanings={i["name"]: i.get("meaning", "") for i in issues},
        alone=frozenset(i["name"] for i in issues if i.get("alone") == "yes"),
        sentiments=tuple(sentiments),
        sentiment_scores=tuple(scores),
    )
