"""How urgent a message is, and by when it must be answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from serve.business_days import add_business_days
from serve.platforms import Platform
from serve.schemas import Order

PRIORITIES = ("urgent", "high", "normal", "low")
_HIGH_ISSUES = frozenset({"claim", "review", "not_received", "authenticity"})
_LOW_ISSUES = frozenset({"thanks", "spam"})
_REFUND_ISSUES = frozenset({"refund_status", "return_request", "return_cost", "exchange_request", "claim"})
_DISPATCH_ISSUES = frozenset({"not_shipped", "where_is_order", "cancel_order"})
URGENT_HOURS = 4  # what is due within them goes before all else; platforms that want minutes are always in haste


@dataclass(frozen=True)
class Deadline:
    """What is due when: an answer, a claim, a refund, a dispatch; `due` may have passed."""

    what: str
    due: datetime


def deadlines(platform: Platform, order: Order | None, issues: Collection[str], *, now: datetime) -> list[Deadline]:
    """Return what is due for a message, soonest first.

    The answer by the platform's clock (weekends too); an open claim by its hours or business days, and one that silence
    has decided by the end of the appeal; a refund within the
    platform's business days of the return, a dispatch within those of the payment, where the message is about them.
    """
    found = [Deadline("answer", now + timedelta(hours=platform.answer_hours))]
    if order is not None:
        if order.claim_opened_at is not None:
            found.append(_claim_deadline(platform, order, now))
        returned = order.return_received_at
        if returned is not None and order.status != "refunded" and _REFUND_ISSUES.intersection(issues):
            due = add_business_days(returned, platform.refund_business_days, order.country)
            found.append(Deadline("refund", due))
        if order.paid_at is not None and order.status == "paid" and _DISPATCH_ISSUES.intersection(issues):
            due = add_business_days(order.paid_at, platform.dispatch_business_days, order.country)
            found.append(Deadline("dispatch", due))
    return sorted(found, key=lambda deadline: deadline.due)


def _claim_deadline(platform: Platform, order: Order, now: datetime) -> Deadline:
    """Return the answer to a claim; once it has been decided by silence, the appeal, where the platform has one."""
    due = claim_due(platform, order)
    if order.claim_opened_at is None or platform.appeal_days is None:
        return Deadline("claim", due)
    closes = order.claim_opened_at + timedelta(days=platform.claim_close_days)
    appeal = closes + timedelta(days=platform.appeal_days)
    return Deadline("appeal", appeal) if closes < now <= appeal else Deadline("claim", due)


def claim_due(platform: Platform, order: Order) -> datetime:
    """Return by when an open claim must be answered: the sooner of the platform's hours and business days."""
    opened = order.claim_opened_at
    if opened is None:
        raise ValueError("the order has no claim")
    if platform.claim_business_days is not None:
        return add_business_days(opened, platform.claim_business_days, order.country)
    return opened + timedelta(hours=platform.claim_hours)


def respond_by(platform: Platform, order: Order | None, issues: Collection[str], *, now: datetime) -> datetime:
    """Return the moment by which an answer is due: the soonest of all deadlines; what has passed already is due now."""
    return max(now, deadlines(platform, order, issues, now=now)[0].due)


def priority(
    issues: Collection[str], sentiment: str, order: Order | None, due: Collection[Deadline] = (), *,
    now: datetime | None = None, sure: bool = True,
) -> str:  # fmt: skip
    """Return 'urgent', 'high', 'normal' or 'low': danger and open claims first, then what is overdue, threats and anger.

    Thanks come last, where they are surely thanks. An answer's own clock makes nothing urgent: on chat platforms everything
    is due in minutes.
    """
    if "safety" in issues or (order and order.claim_opened_at is not None and "claim" in issues):
        return "urgent"
    soon = now + timedelta(hours=URGENT_HOURS) if now else None
    pressing = [d.what for d in due if d.what != "answer" and soon is not None and d.due <= soon]
    if {"claim", "appeal"}.intersection(pressing):
        return "urgent"
    if pressing or _HIGH_ISSUES.intersection(issues) or sentiment == "very_negative":
        return "high"
    return "low" if sure and _LOW_ISSUES.intersection(issues) else "normal"
