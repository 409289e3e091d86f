"""How urgent a message is, and by when it must be answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from serve.platforms import Platform
from serve.schemas import Order

PRIORITIES = ("urgent", "high", "normal", "low")
_HIGH_ISSUES = frozenset({"claim", "review", "not_received", "authenticity"})
_LOW_ISSUES = frozenset({"thanks", "spam"})


def respond_by(platform: Platform, order: Order | None, issues: Collection[str], *, now: datetime) -> datetime:
    """Return the moment by which an answer is due: the platform's hours from now, or what is left of a claim's clock.

    A claim's deadline that has passed already is due now.
    """
    due = now + timedelta(hours=platform.answer_hours)
    opened = order.claim_opened_at if order else None
    if opened is not None and "claim" in issues:
        due = min(due, max(now, opened + timedelta(hours=platform.claim_hours)))
    return due


def priority(issues: Collection[str], sentiment: str, order: Order | None) -> str:
    """Return 'urgent', 'high', 'normal' or 'low': danger and open claims first, then threats and anger, thanks last."""
    if "safety" in issues or (order and order.claim_opened_at is not None and "claim" in issues):
        return "urgent"
    if _HIGH_ISSUES.intersection(issues) or sentiment == "very_negative":
        return "high"
    return "low" if _LOW_ISSUES.intersection(issues) else "normal"
