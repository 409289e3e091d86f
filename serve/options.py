"""The policy options: what a seller can do, what it costs, and what contradicts what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml

GROUPS = ("ask", "tell", "order", "parcel", "remedy", "dispute", "inside")
_FIELDS = (
    "name",
    "group",
    "speaks",
    "meaning",
    "price_share",
    "postage_legs",
    "opposes",
    "remedy",
    "breaks",
    "trouble",
)


@dataclass(frozen=True)
class Option:
    """One option; costs are a share of the item's price and a number of parcel legs.

    `breaks` names the rules of `data/compliance/` that its very wording breaks: it is never suggested where they apply.
    `trouble` is the chance, from 0 to 1, that it ends in a claim or a bad review.
    """

    name: str
    group: str
    speaks: bool
    meaning: str
    price_share: Decimal
    postage_legs: Decimal
    opposes: tuple[str, ...]
    remedy: bool
    breaks: tuple[str, ...]
    trouble: Decimal


@lru_cache(maxsize=4)
def load_options(path: Path | None = None) -> dict[str, Option]:
    """Return the options by name, in the order of `data/options.yaml`.

    Raises
    ------
    DataError
        With every fault found.
    """
    path = path or data_dir() / "options.yaml"
    records = read_yaml(path)["options"]
    names = [r.get("name", "") for r in records]
    faults, result = [], {}
    for record in records:
        name, line = record.get("name", "?"), record.line
        for key in record:
            if key not in _FIELDS:
                faults.append(Fault(str(path), line, f"{name}: unknown field '{key}'{nearest(key, _FIELDS)}"))
        if record.get("group") not in GROUPS:
            faults.append(Fault(str(path), line, f"{name}: group is one of {', '.join(GROUPS)}"))
        if name in result:
            faults.append(Fault(str(path), line, f"{name} stands twice"))
        for other in record.get("opposes", []):
            if other not in names:
                faults.append(Fault(str(path), line, f"{name}: opposes unknown '{other}'{nearest(other, names)}"))
        try:
            result[name] = Option(
                name=name,
                group=record.get("group", ""),
                speaks=record.get("speaks") == "yes",
                meaning=record.get("meaning", ""),
                price_share=Decimal(record.get("price_share", "0")),
                postage_legs=Decimal(record.get("postage_legs", "0")),
                opposes=tuple(record.get("opposes", ())),
                remedy=record.get("remedy") == "yes",
                breaks=tuple(record.get("breaks", ())),
                trouble=Decimal(record.get("trouble", "0")),
            )
        except InvalidOperation:
            faults.append(Fault(str(path), line, f"{name}: price_share, postage_legs and trouble are numbers"))
    if faults:
        raise DataError(faults)
    return result
