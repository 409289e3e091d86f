"""Policies: which option fits which case. Declared in `data/policies/`, read and checked here; no rule lives in code.

A `when` is a conjunction. Each of its facts is true, false, or unknown; unknown facts are never guessed: a policy fires
only where every fact is known to hold (or `unknown` is among the values it accepts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.labels import Labels, load_labels
from serve.options import load_options
from serve.templates import wording_names
from serve.vocabulary import UNKNOWN, Fact, vocabulary

Facts = Mapping[str, Any]  # str for a choice, frozenset of str for a set, float for a number; absent where unknown
_FIELDS = ("id", "when", "option", "forbid", "fit", "wording", "reason", "sources", "examples")
_EXAMPLE_FIELDS = ("given", "first", "not", "never")
_SOURCE = re.compile(r"^P(?:[1-9]|[1-5]\d|6[0-2])$")


@dataclass(frozen=True)
class Range:
    """A numeric condition: `minimum` <= value <= `maximum`, either one open."""

    minimum: float | None
    maximum: float | None

    def holds(self, value: float) -> bool:
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


@dataclass(frozen=True)
class Policy:
    """One policy; `option` suggests with `fit` in [0, 1], or `forbid` rules options out.

    `wording` names the case (of `wordings.yaml`) or the issue whose text the reply's body takes, where it is not the
    message's own: a parcel that is on its way back is told of as a refund is.
    """

    id: str
    issues: frozenset[str]
    when: Mapping[str, frozenset[str] | Range]
    option: str | None
    forbid: tuple[str, ...]
    fit: float
    wording: str | None
    reason: str
    sources: tuple[str, ...]
    examples: tuple[Mapping[str, Any], ...] = field(repr=False)
    place: str = field(repr=False)

    def missing(self, facts: Facts) -> list[str] | None:
        """Tell what keeps the policy from firing.

        Returns
        -------
        list of str or None
            Empty: it fires. Names: these facts are unknown, all else holds. None: a known fact speaks against it.
        """
        unknown = []
        for name, wanted in self.when.items():
            value = facts.get(name)
            if value is None:
                if isinstance(wanted, Range) or UNKNOWN not in wanted:
                    unknown.append(name)
            elif isinstance(wanted, Range):
                if not wanted.holds(float(value)):
                    return None
            elif isinstance(value, frozenset):
                if not value & wanted:
                    return None
            elif value not in wanted:
                return None
        return unknown


class Policies(tuple[Policy, ...]):
    """All policies, in order, and those of each issue."""

    by_issue: Mapping[str, tuple[Policy, ...]]

    def __new__(cls, policies: Iterable[Policy]) -> Policies:
        table = super().__new__(cls, policies)
        named = {issue for policy in table for issue in policy.issues}
        table.by_issue = {issue: tuple(p for p in table if issue in p.issues) for issue in named}
        return table


def of_issue(policies: Iterable[Policy], issue: str) -> Iterable[Policy]:
    """Return the policies of one issue; at once where they come from `load_policies`."""
    if isinstance(policies, Policies):
        return policies.by_issue.get(issue, ())
    return [policy for policy in policies if issue in policy.issues]


@lru_cache(maxsize=4)
def load_policies(folder: Path | None = None) -> Policies:
    """Read and check every policy file.

    Raises
    ------
    DataError
        With every fault found: unknown facts, values, options or sources, doubled ids, missing fields.
    """
    return read_policies([folder or data_dir() / "policies"])


def read_policies(folders: Sequence[Path]) -> Policies:
    """Read policy files; a later folder's policies take the place of those with the same id. See `load_policies`."""
    labels = load_labels()
    options = tuple(load_options())
    facts = vocabulary(labels, options)
    faults: list[Fault] = []
    policies: dict[str, Policy] = {}
    for folder in folders:
        here: set[str] = set()
        for path in sorted(folder.glob("*.yaml")):
            try:
                content = read_yaml(path)
            except DataError as error:
                faults += error.faults
                continue
            records = content.get("policies", []) if isinstance(content, dict) else None
            if not isinstance(records, list):
                faults.append(Fault(str(path), 1, "a policy file holds 'policies', a list"))
                continue
            for record in records:
                problems = _problems(record, facts, options)
                if record.get("id") in here:
                    problems.append(f"this id stands already at {policies[record['id']].place}")
                place = f"{path.name}:{record.line}"
                faults += [Fault(str(path), record.line, f"policy {record.get('id', '?')}: {p}") for p in problems]
                if not problems:
                    policies[record["id"]] = _policy(record, labels, place)
                    here.add(record["id"])
    if not policies and not faults:
        faults.append(Fault(str(folders[0]), 0, "no policies found"))
    if faults:
        raise DataError(faults)
    return Policies(policies.values())


def _problems(record: Mapping[str, Any], facts: Mapping[str, Fact], options: Sequence[str]) -> list[str]:
    found = [f"unknown field '{key}'{nearest(key, _FIELDS)}" for key in record if key not in _FIELDS]
    for key in ("id", "when", "reason", "sources"):
        if not record.get(key):
            found.append(f"'{key}' is missing")
    if ("option" in record) == ("forbid" in record):
        found.append("needs either 'option' or 'forbid'")
    for option in [record.get("option"), *record.get("forbid", [])]:
        if option is not None and option not in options:
            found.append(f"unknown option '{option}'{nearest(option, options)}")
    if "option" in record and not _is_number(record.get("fit"), 0, 1):
        found.append("'fit' must be a number from 0 to 1")
    wording = record.get("wording")
    wordings = (*facts["issue"].values, *wording_names())
    if wording is not None and wording not in wordings:
        found.append(f"'wording' names an issue or a wording, not '{wording}'{nearest(wording, wordings)}")
    found += [f"unknown source '{s}' (P1 to P62)" for s in record.get("sources", []) if not _SOURCE.match(s)]
    when = record.get("when") or {}
    if not when.get("issue"):
        found.append("'when' must name the issue (or [\"*\"])")
    for name, wanted in when.items():
        found += _condition_problems(name, wanted, facts)
    for example in record.get("examples", []):
        for key in example:
            if key not in _EXAMPLE_FIELDS:
                found.append(f"example: unknown field '{key}'{nearest(key, _EXAMPLE_FIELDS)}")
        if "given" not in example or len(example) < 2:
            found.append("example: needs 'given' and one of first, not, never")
    return found


def _condition_problems(name: str, wanted: Any, facts: Mapping[str, Fact]) -> list[str]:
    if name not in facts:
        return [f"when: unknown fact '{name}'{nearest(name, list(facts))}"]
    fact = facts[name]
    if fact.kind == "number":
        if not isinstance(wanted, dict) or not wanted or not set(wanted) <= {"min", "max"}:
            return [f"when: {name} takes {{min: …, max: …}}"]
        return [f"when: {name}: '{v}' is no number" for v in wanted.values() if not _is_number(v)]
    if not isinstance(wanted, list) or not wanted:
        return [f"when: {name} takes a list of values"]
    allowed = (*fact.values, UNKNOWN) if name not in ("issue", "with_issue", "offered") else fact.values
    return [f"when: {name}: unknown value '{v}'{nearest(v, allowed)}" for v in wanted if v not in allowed]


def _is_number(value: Any, low: float = float("-inf"), high: float = float("inf")) -> bool:
    try:
        return low <= float(value) <= high
    except (TypeError, ValueError):
        return False


def _policy(record: Mapping[str, Any], labels: Labels, place: str) -> Policy:
    when: dict[str, frozenset[str] | Range] = {}
    for name, wanted in record["when"].items():
        if name == "issue":
            continue
        if isinstance(wanted, dict):
            bounds = {key: float(value) for key, value in wanted.items()}
            when[name] = Range(bounds.get("min"), bounds.get("max"))
        else:
            when[name] = frozenset(wanted)
    named = record["when"]["issue"]
    return Policy(
        id=record["id"],
        issues=frozenset(labels.issues if "*" in named else named),
        when=when,
        option=record.get("option"),
        forbid=tuple(record.get("forbid", ())),
        fit=float(record.get("fit", 0)),
        wording=record.get("wording"),
        reason=record["reason"],
        sources=tuple(record["sources"]),
        examples=tuple(record.get("examples", ())),
        place=place,
    )
