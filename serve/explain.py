"""Why a request is answered as it is: the facts, the policies that fired, those that almost did and what they lack."""

from __future__ import annotations

from datetime import datetime

from serve.costs import Prices
from serve.facts import gather_facts
from serve.policies import of_issue
from serve.schemas import SuggestRequest
from serve.suggest import Suggester

MAX_ALMOST = 12


def explain(suggester: Suggester, request: SuggestRequest, *, now: datetime) -> list[str]:
    """Return the lines of an explanation.

    Parameters
    ----------
    suggester : Suggester
    request : SuggestRequest
    now : datetime
        With zone.
    """
    reading = suggester.reader.read([request.message], entities=True)[0]
    facts = gather_facts(
        request.order, reading, now=now, platforms=suggester.platforms, settings=suggester.settings,
        message=request.message,
    )  # fmt: skip
    desk = suggester.overlay.current()
    ranked, almost = suggester.rank(reading, facts, Prices.of(request.order, suggester.settings), desk)
    lines = ["read"]
    lines += [f"  {issue} ({confidence:.2f})" for issue, confidence in reading.issues]
    lines += ["facts"] + [f"  {name}: {_shown(value)}" for name, value in sorted(facts.items())]
    lines.append("fired")
    names = frozenset(issue for issue, _ in reading.issues)
    for issue, _ in reading.issues:
        here = {**facts, "with_issue": names - {issue}}
        for policy in of_issue(desk.policies, issue):
            if policy.missing(here) == []:
                does = f"{policy.option} (fit {policy.fit:g})" if policy.option else f"never {', '.join(policy.forbid)}"
                lines.append(f"  {policy.id} [{policy.place}]: {does}: {policy.reason} ({', '.join(policy.sources)})")
    lines.append("almost fired: would, if these facts were known")
    best = sorted(almost, key=lambda a: (len(a.missing), -a.fit, a.policy))[:MAX_ALMOST]
    lines += [f"  {near.policy}: {near.option}: unknown: {', '.join(near.missing)}" for near in best]
    lines.append("ranked")
    for place, entry in enumerate(ranked, 1):
        lines.append(f"  {place}. {entry.option} {entry.score:.2f}: {'; '.join(entry.reasons)}")
    return lines


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
