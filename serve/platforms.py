"""What platforms and countries ask of a seller: deadlines, return windows, what may not be said; from `platforms.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from serve.schemas import Platform as PlatformName

_FIELDS = (
    "name", "answer_hours", "claim_hours", "marketing", "review_request", "thank_you", "max_chars", "source", "date",
)  # fmt: skip


@dataclass(frozen=True)
class Platform:
    """One platform's rules; hours are by the clock, weekends included."""

    name: str
    answer_hours: float
    claim_hours: float
    marketing: bool
    review_request: bool
    thank_you: bool
    max_chars: int | None
    source: str
    date: str


@dataclass(frozen=True)
class Platforms:
    """All platforms by name; `default` where the platform is unknown; `return_days` by country (ISO 3166-1 alpha-2)."""

    by_name: Mapping[str, Platform]
    default: Platform
    return_days: Mapping[str, int]
    not_returnable: frozenset[str]

    def get(self, name: str | None) -> Platform:
        return self.by_name.get(name or "", self.default)


@lru_cache(maxsize=4)
def load_platforms(path: Path | None = None) -> Platforms:
    """Read `platforms.yaml`; raises DataError with every fault found."""
    path = path or data_dir() / "platforms.yaml"
    data = read_yaml(path)
    faults = []
    defaults = {"max_chars": None, **data["defaults"]}
    by_name = {}
    for record in data["platforms"]:
        name = record.get("name", "?")
        for key in record:
            if key not in _FIELDS:
                faults.append(Fault(str(path), record.line, f"{name}: unknown field '{key}'{nearest(key, _FIELDS)}"))
        for key in ("source", "date"):
            if not record.get(key):
                faults.append(
                    Fault(str(path), record.line, f"{name}: '{key}' is missing: every figure has its source and date")
                )
        if name not in get_args(PlatformName):
            faults.append(
                Fault(str(path), record.line, f"unknown platform '{name}'{nearest(name, get_args(PlatformName))}")
            )
        try:
            by_name[name] = _platform({**defaults, **record})
        except (ValueError, TypeError) as error:
            faults.append(Fault(str(path), record.line, f"{name}: hours and lengths are numbers ({error})"))
    for name in get_args(PlatformName):
        if name not in by_name:
            faults.append(Fault(str(path), 0, f"platform '{name}' is missing"))
    if faults:
        raise DataError(faults)
    days = {c: int(w["days"]) for w in data["return_windows"] for c in w["countries"]}
    return Platforms(by_name, _platform({**defaults, "name": ""}), days, frozenset(data["not_returnable"]))


def _platform(record: Mapping[str, Any]) -> Platform:
    return Platform(
        name=record["name"],
        answer_hours=float(record["answer_hours"]),
        claim_hours=float(record["claim_hours"]),
        marketing=record["marketing"] == "yes",
        review_request=record["review_request"] == "yes",
        thank_you=record["thank_you"] == "yes",
        max_chars=int(record["max_chars"]) if record["max_chars"] else None,
        source=record["source"],
        date=record["date"],
    )
