"""From policies that fire to ranked options, each with its reasons. A pure function of facts and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from serve.options import Option
from serve.policies import Policy
from serve.settings import Settings

FALLBACK = "hand_to_person"
# Groups whose options are not said twice (P58); remedies keep their standard however often the fault recurs (P26).
_SAID_ONCE = ("ask", "tell")


@dataclass
class Ranked:
    """An option with its score in [0, 1] (not a probability), the issue it answers, reasons and playbook rules."""

    option: str
    issue: str
    score: float
    wording: str | None = None
    reasons: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Almost:
    """A policy that would fire if these facts were known and held."""

    policy: str
    option: str
    missing: tuple[str, ...]


def rank_options(
    issues: Sequence[tuple[str, float]],
    facts: Mapping[str, Any],
    *,
    policies: Iterable[Policy],
    options: Mapping[str, Option],
    settings: Settings,
) -> tuple[list[Ranked], list[Almost]]:
    """Rank the options for one message.

    The score of an option is the best of its policies' `fit`, times the weight of the issue (1 for the first,
    `second_issue_weight` for others), lowered by the issue's uncertainty, by having been said before, and by its cost.

    Parameters
    ----------
    issues : sequence of (issue, confidence)
        The primary one first.
    facts : mapping
        As `serve.facts.gather_facts` returns them.

    Returns
    -------
    ranked : list of Ranked
        Best first; contradicting and forbidden ones left out; never empty.
    almost : list of Almost
        What more would be suggested if a fact were known.
    """
    names = [issue for issue, _ in issues]
    ranked: dict[str, Ranked] = {}
    forbidden: set[str] = set()
    almost: list[Almost] = []
    offered = facts.get("offered", frozenset())
    policies = tuple(policies)
    for position, (issue, confidence) in enumerate(issues):
        weight = 1.0 if position == 0 else settings.second_issue_weight
        weight *= 1 - settings.confidence_weight * (1 - confidence)
        here = {**facts, "with_issue": frozenset(n for n in names if n != issue)}
        for policy in policies:
            if issue not in policy.issues:
                continue
            missing = policy.missing(here)
            if missing is None:
                continue
            if missing:
                if policy.option:
                    almost.append(Almost(policy.id, policy.option, tuple(missing)))
                continue
            forbidden.update(policy.forbid)
            if policy.option:
                _add(ranked, policy, options[policy.option], issue, weight, offered, settings)
    best = sorted((r for r in ranked.values() if r.option not in forbidden), key=lambda r: (-r.score, r.option))
    kept = _without_contradictions(best, options)
    if not kept:
        kept = [Ranked(FALLBACK, names[0], 0.1, None, ["no policy fits what is known: a person decides"], ["P60"])]
    return kept, almost


def _add(
    ranked: dict[str, Ranked],
    policy: Policy,
    option: Option,
    issue: str,
    weight: float,
    offered: frozenset[str],
    settings: Settings,
) -> None:
    score = policy.fit * weight - settings.cost_weight * float(option.price_share)
    reasons = [policy.reason]
    if option.name in offered and option.group in _SAID_ONCE:
        score *= settings.repeat_factor
        reasons.append("said before: not again unless nothing else fits")
    score = round(min(1.0, max(0.0, score)), 4)
    entry = ranked.setdefault(option.name, Ranked(option.name, issue, score, policy.wording))
    if score > entry.score:
        entry.score, entry.issue, entry.wording = score, issue, policy.wording
        entry.reasons[:0] = [r for r in reasons if r not in entry.reasons]
    else:
        entry.reasons += [r for r in reasons if r not in entry.reasons]
    entry.sources += [s for s in policy.sources if s not in entry.sources]


def _without_contradictions(best: Sequence[Ranked], options: Mapping[str, Option]) -> list[Ranked]:
    kept: list[Ranked] = []
    for entry in best:
        opposes = options[entry.option].opposes
        if not any(other.option in opposes or entry.option in options[other.option].opposes for other in kept):
            kept.append(entry)
    return kept


def expected_cost(option: Option, price: Decimal | None, postage: Decimal | None) -> float | None:
    """Return what an option costs the seller, in the order's currency; None where price or postage would be needed."""
    if (option.price_share and price is None) or (option.postage_legs and postage is None):
        return None
    cost = option.price_share * (price or 0) + option.postage_legs * (postage or 0)
    return round(float(cost), 2)
