"""What to improve where an issue comes often, from `improvements.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.labels import load_labels

_FIELDS = {"improve", "look_at", "sources"}


@dataclass(frozen=True)
class Improvement:
    """Advice for one issue: what to do, where to look first, the rules of the playbook that ask for it."""

    improve: str
    look_at: str
    sources: tuple[str, ...]


@lru_cache(maxsize=4)
def load_improvements(path: Path | None = None) -> dict[str, Improvement]:
    """Return the advice by issue; raises DataError with every fault found."""
    path = path or data_dir() / "improvements.yaml"
    issues, data = load_labels().issues, read_yaml(path)["issues"]
    faults: list[Fault] = []
    for issue, record in data.items():
        line = getattr(record, "line", 0)
        if issue not in issues:
            faults.append(Fault(str(path), line, f"unknown issue '{issue}'{nearest(issue, issues)}"))
        if not isinstance(record, dict) or set(record) != _FIELDS or not all(record.values()):
            faults.append(Fault(str(path), line, f"{issue}: every issue has {', '.join(sorted(_FIELDS))}"))
    faults += [Fault(str(path), 0, f"issue '{issue}' is missing") for issue in issues if issue not in data]
    if faults:
        raise DataError(faults)
    return {issue: Improvement(r["improve"], r["look_at"], tuple(r["sources"])) for issue, r in data.items()}
