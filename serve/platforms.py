"""What platforms and countries ask of a seller: deadlines, return windows, what may not be said; from `platforms.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from serve.schemas import Platform as PlatformName

_NUMBERS = (
    "answer_hours", "claim_hours", "claim_business_days", "contact_hours", "claim_close_days", "claim_file_days",
    "appeal_days", "refund_business_days", "dispatch_business_days", "return_days", "max_chars",
)  # fmt: skip
_YES_NO = ("marketing", "review_request", "thank_you")
_FIGURE = ("is", "source", "date")


@dataclass(frozen=True)
class Platform:
    """One platform's rules; hours are by the clock, weekends included; what it does not name is None."""

    name: str
    answer_hours: float
    claim_hours: float
    contact_hours: float
    claim_close_days: float
    refund_business_days: int
    dispatch_business_days: int
    marketing: bool
    review_request: bool
    thank_you: bool
    claim_business_days: int | None = None
    claim_file_days: float | None = None
    appeal_days: float | None = None
    return_days: int | None = None
    max_chars: int | None = None
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Platforms:
    """All platforms by name; `default` where the platform is unknown; windows by country (ISO 3166-1 alpha-2)."""

    by_name: Mapping[str, Platform]
    default: Platform
    return_days: Mapping[str, int]
    guarantee_months: Mapping[str, int]
    not_returnable: frozenset[str]

    def get(self, name: str | None) -> Platform:
        return self.by_name.get(name or "", self.default)

    def return_window(self, platform: str | None, country: str | None) -> int | None:
        """Return the days within which goods may go back without a reason: the longer of law and platform.

        0 where the law grants none and the platform neither; None where nothing is known.
        """
        law, own = self.return_days.get((country or "").upper()), self.get(platform).return_days
        known = [days for days in (law, own) if days is not None]
        return max(known) if known else None


@lru_cache(maxsize=4)
def load_platforms(path: Path | None = None) -> Platforms:
    """Read `platforms.yaml`; raises DataError with every fault found."""
    path = path or data_dir() / "platforms.yaml"
    data = read_yaml(path)
    faults: list[Fault] = []
    names = get_args(PlatformName)
    defaults = data["defaults"]
    _check_figures(path, "defaults", defaults, faults)
    for name, record in data["platforms"].items():
        line = getattr(record, "line", 0)
        if name not in names:
            faults.append(Fault(str(path), line, f"unknown platform '{name}'{nearest(name, names)}"))
        _check_figures(path, name, record, faults)
    faults += [Fault(str(path), 0, f"platform '{n}' is missing") for n in names if n not in data["platforms"]]
    for key in ("return_windows", "legal_guarantee"):
        faults += [
            Fault(str(path), window.line, f"{key}: every window has countries, days or months, source and date")
            for window in data[key]
            if not (window.get("countries") and window.get("source") and window.get("date"))
        ]
    if faults:
        raise DataError(faults)
    return Platforms(
        {name: _platform(name, {**defaults, **record}) for name, record in data["platforms"].items()},
        _platform("", defaults),
        _by_country(data["return_windows"], "days"),
        _by_country(data["legal_guarantee"], "months"),
        frozenset(data["not_returnable"]),
    )


def _by_country(windows: Sequence[Mapping[str, Any]], unit: str) -> dict[str, int]:
    return {country: int(window[unit]) for window in windows for country in window["countries"]}


def _check_figures(path: Path, name: str, record: Mapping[str, Any], faults: list[Fault]) -> None:
    known = (*_NUMBERS, *_YES_NO)
    for key, figure in record.items():
        line = getattr(figure, "line", 0)
        if key not in known:
            faults.append(Fault(str(path), line, f"{name}: unknown figure '{key}'{nearest(key, known)}"))
        if not isinstance(figure, dict) or set(figure) != set(_FIGURE) or not all(figure.values()):
            said = f"{name}.{key}: every figure has {', '.join(_FIGURE)}"
            faults.append(Fault(str(path), line, said))
        elif key in _YES_NO and figure["is"] not in ("yes", "no"):
            faults.append(Fault(str(path), line, f"{name}.{key}: yes or no, not '{figure['is']}'"))
        elif key in _NUMBERS and not figure["is"].replace(".", "", 1).isdigit():
            faults.append(Fault(str(path), line, f"{name}.{key}: a number, not '{figure['is']}'"))


def _platform(name: str, figures: Mapping[str, Mapping[str, str]]) -> Platform:
    values: dict[str, Any] = {key: float(figures[key]["is"]) for key in _NUMBERS if key in figures}
    for key in ("claim_business_days", "refund_business_days", "dispatch_business_days", "return_days", "max_chars"):
        if key in values:
            values[key] = int(values[key])
    values |= {key: figures[key]["is"] == "yes" for key in _YES_NO}
    return Platform(name=name, figures=figures, **values)
