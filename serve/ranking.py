"""From policies that fire to ranked options, each with its reasons. A pure function of facts and settings.

The score of an option, in [0, 1] and no probability:

    best `fit` of its policies
    x weight of the issue (1 for the first, `second_issue_weight` for others), lowered by the issue's uncertainty; of a
      reading that was not chosen, by how much less likely it is than the first
    x `repeat_factor`, where it is an explanation that was given before (P58); a question goes where anything else is left
    - `cost_weight` x expected cost as a share of the price
    + `sentiment_weight` for remedies, - for questions, where the buyer is very angry (P60)
    + `same_standard_weight`, where it is a remedy that was given before (P26)
    + `feedback_weight` x (acceptance by agents - 1/2), where agents' feedback is given
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from serve.costs import ANGRY, Prices, price_share
from serve.options import Option
from serve.policies import Policy, of_issue
from serve.questions import Question, load_questions
from serve.settings import Settings

FALLBACK = "hand_to_person"
FALLBACK_SCORE = 0.1
NEARLY_AS_LIKELY = 0.25  # from this share of the first reading's chance on, another reading's mistakes are mistakes
# Groups whose options are not said twice (P58); remedies keep their standard however often the fault recurs (P26).
_SAID_ONCE = ("ask", "tell")
_CONCRETE = ("remedy", "order", "parcel")
_NO_PRICES = Prices(None, None, None, None)


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
    issue: str = ""
    fit: float = 0.0


@dataclass(frozen=True)
class Case:
    """What scores depend on beside the policies: facts, prices, agents' acceptance of options (share, 0 to 1), settings."""

    facts: Mapping[str, Any]
    options: Mapping[str, Option]
    settings: Settings
    prices: Prices = _NO_PRICES
    accepted: Mapping[str, float] = field(default_factory=dict)


def rank_options(
    issues: Sequence[tuple[str, float]],
    facts: Mapping[str, Any],
    *,
    policies: Iterable[Policy],
    options: Mapping[str, Option],
    settings: Settings,
    prices: Prices = _NO_PRICES,
    accepted: Mapping[str, float] | None = None,
    alternatives: Sequence[tuple[str, float]] = (),
) -> tuple[list[Ranked], list[Almost]]:
    """Rank the options for one message.

    Parameters
    ----------
    issues : sequence of (issue, confidence)
        The primary one first.
    facts : mapping
        As `serve.facts.gather_facts` returns them.
    prices : Prices
        What there is to lose; goods count by their share where unknown.
    accepted : mapping of option to share
        How often agents took an option that was suggested to them, 0 to 1; empty where nothing is known.
    alternatives : sequence of (issue, probability)
        What else the message may be about first, where the model is unsure: their options stand among the others, and
        what would be a mistake there is ruled out where they are nearly as likely.

    Returns
    -------
    ranked : list of Ranked
        Best first; contradicting and forbidden ones left out; never empty.
    almost : list of Almost
        What more would be suggested if a fact were known.
    """
    case = Case(facts, options, settings, prices, accepted or {})
    names = [issue for issue, _ in issues]
    ranked: dict[str, Ranked] = {}
    forbidden: set[str] = set()
    almost: list[Almost] = []
    for position, (issue, confidence) in enumerate(issues):
        weight = 1.0 if position == 0 else settings.second_issue_weight
        weight *= 1 - settings.confidence_weight * (1 - confidence)
        here = {**facts, "with_issue": frozenset(n for n in names if n != issue)} if len(names) > 1 else facts
        for policy in of_issue(policies, issue):
            missing = policy.missing(here)
            if missing is None:
                continue
            if missing:
                if policy.option:
                    almost.append(Almost(policy.id, policy.option, tuple(missing), issue, policy.fit * weight))
                continue
            forbidden.update(policy.forbid)
            if policy.option:
                _add(ranked, policy, issue, weight, case)
    for issue, chance in alternatives:
        share = min(1.0, chance / max(issues[0][1], chance))
        weight = share * (1 - settings.confidence_weight * (1 - issues[0][1]))
        for policy in of_issue(policies, issue):
            if policy.missing(facts) == []:
                if share >= NEARLY_AS_LIKELY:
                    forbidden.update(policy.forbid)
                if policy.option and options[policy.option].group != "remedy":
                    _add(ranked, policy, issue, weight, case)
    _ask_for_missing(ranked, almost, case)
    best = sorted((r for r in ranked.values() if r.option not in forbidden), key=lambda r: (-r.score, r.option))
    kept = _without_contradictions(_not_asked_again(best, case), options)
    if not kept:
        reason = "no policy fits what is known: a person decides"
        kept = [Ranked(FALLBACK, names[0], FALLBACK_SCORE, None, [reason], ["P60"])]
    return kept, almost


def _add(ranked: dict[str, Ranked], policy: Policy, issue: str, weight: float, case: Case) -> None:
    option = case.options[str(policy.option)]
    score, moved = _score(policy.fit * weight, option, case)
    reasons = [policy.reason, *moved]
    entry = ranked.get(option.name)
    if entry is None:
        ranked[option.name] = Ranked(option.name, issue, score, policy.wording, reasons, list(policy.sources))
        return
    if score > entry.score:
        entry.score, entry.issue, entry.wording = score, issue, policy.wording
        entry.reasons[:0] = [r for r in reasons if r not in entry.reasons]
    else:
        entry.reasons += [r for r in reasons if r not in entry.reasons]
    entry.sources += [s for s in policy.sources if s not in entry.sources]


def _score(base: float, option: Option, case: Case) -> tuple[float, list[str]]:
    """Return the score and what moved it, in words."""
    settings, reasons = case.settings, []
    score = base - settings.cost_weight * price_share(option, case.prices, case.facts, settings)
    offered = option.name in case.facts.get("offered", ())
    if offered and option.group in _SAID_ONCE:
        score *= settings.repeat_factor
        reasons.append("said before: not again unless nothing else fits (P58)")
    elif offered and option.group == "remedy":
        score += settings.same_standard_weight
        reasons.append("given before: the same standard again (P26)")
    if case.facts.get("sentiment") in ANGRY:
        if option.group in _CONCRETE:
            score += settings.sentiment_weight
            reasons.append("very angry: the more concrete, the better (P60)")
        elif option.group == "ask":
            score -= settings.sentiment_weight
    share = case.accepted.get(option.name)
    if share is not None:
        score += settings.feedback_weight * (share - 0.5)
        reasons.append(f"agents take it in {share:.0%} of cases")
    return round(min(1.0, max(0.0, score)), 4), reasons


def _ask_for_missing(ranked: dict[str, Ranked], almost: Sequence[Almost], case: Case) -> None:
    """Turn what keeps a policy from firing into a question to the buyer, or tell the agent where to look it up."""
    questions = load_questions()
    top = max((entry.score for entry in ranked.values()), default=0.0)
    looked_up = 0
    for near in sorted(almost, key=lambda a: (-a.fit, a.policy)):
        question = questions.get(near.missing[0])
        if len(near.missing) != 1 or question is None or near.option in ranked:
            continue
        said = f"not known: {question.what} ({near.missing[0]}); it would speak for {near.option}"
        if question.ask:
            _ask(ranked, question, near, said, case)
        elif near.fit > top and looked_up == 0 and ranked:
            best = min(ranked.values(), key=lambda entry: (-entry.score, entry.option))
            best.reasons.append(f"{said}: look at {question.look_up}")
            looked_up += 1


def _ask(ranked: dict[str, Ranked], question: Question, near: Almost, said: str, case: Case) -> None:
    option = case.options[str(question.ask)]
    entry = ranked.get(option.name)
    if entry is None:
        score, moved = _score(near.fit * case.settings.question_weight, option, case)
        ranked[option.name] = Ranked(option.name, near.issue, score, None, [said, *moved], ["P58"])
    elif len(entry.reasons) < 4 and said not in entry.reasons:
        entry.reasons.append(said)


def _not_asked_again(best: list[Ranked], case: Case) -> list[Ranked]:
    """Leave out questions that were asked before, unless nothing else fits (P58): a third place is no place for them."""
    offered = case.facts.get("offered", ())
    fresh = [r for r in best if not (r.option in offered and case.options[r.option].group == "ask")]
    return fresh or best


def _without_contradictions(best: Sequence[Ranked], options: Mapping[str, Option]) -> list[Ranked]:
    kept: list[Ranked] = []
    for entry in best:
        opposes = options[entry.option].opposes
        if not any(other.option in opposes or entry.option in options[other.option].opposes for other in kept):
            kept.append(entry)
    return kept
