"""From an order and what was read to the facts that policies ask for. What is not known is left out, never guessed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from model.entities.lexicon import is_spaced
from model.reader import Reading
from model.text import matter
from serve.business_days import add_business_days
from serve.clock import claim_due
from serve.money import in_usd
from serve.platforms import Platform, Platforms
from serve.said import load_said
from serve.schemas import Order
from serve.settings import Settings

_DAYS_SINCE = {
    "days_since_paid": "paid_at",
    "days_since_shipped": "shipped_at",
    "days_since_delivered": "delivered_at",
    "days_since_return_received": "return_received_at",
    "days_since_claim": "claim_opened_at",
    "days_since_review": "reviewed_at",
    "days_since_tracking": "last_tracking_at",
}
_PLAIN = ("platform", "fulfilment", "status", "fault")
_YES_NO = ("photos_received", "intact", "in_stock", "part_in_stock", "freight_insurance", "redirect_possible")
_DAY_S = 86_400
_HOUR_S = 3_600
_NEARLY = Decimal("0.95")
STATEMENT_WORDS = 3
STATEMENT_CHARS = 6
_STATEMENTS = re.compile(r"[^.!?。！？؟।…\n]+[.!?。！？؟।…\n]?")
_NUMBER = re.compile(r"\d{4}")
MAX_READ_CHARS = 5_000  # what a message states stands in its beginning
_MONTH_DAYS = 30.44


def gather_facts(
    order: Order | None,
    reading: Reading,
    *,
    now: datetime,
    platforms: Platforms,
    settings: Settings,
    message: str = "",
) -> dict[str, Any]:
    """Return the known facts by name (see `serve.vocabulary`), without `issue` and `with_issue`.

    Parameters
    ----------
    order : Order or None
    reading : Reading
        Entities fill what the order leaves open: an order id in the message, a photo attached.
    now : datetime
        With zone; days are counted back from it.
    message : str
        The buyer's words, for what they state beside the issue.
    """
    order = order or Order()
    facts: dict[str, Any] = {"sentiment": reading.sentiment}
    if reading.doubts:
        facts["unsure"] = "yes"
    if message:
        facts |= load_said().read(message[:MAX_READ_CHARS], reading.tag, [issue for issue, _ in reading.issues])
        if "reason_told" not in facts and reading.issues[0][0] == "cancel_order" and _says_more(message):
            facts["reason_told"] = "yes"  # whoever says more than that it be cancelled, says why
    if order.last_tracking_event:
        facts |= load_said().read_event(order.last_tracking_event)
    kinds = {entity.kind for entity in reading.entities}
    for name in _PLAIN:
        if getattr(order, name) is not None:
            facts[name] = getattr(order, name)
    for name in _YES_NO:
        if getattr(order, name) is not None:
            facts[name] = "yes" if getattr(order, name) else "no"
    if "photo_attached" in kinds:
        facts["photos_received"] = "yes"
    facts["order_known"] = "yes" if order.order_id or order.tracking_number or "order_id" in kinds else "no"
    for name, source in _DAYS_SINCE.items():
        moment = getattr(order, source)
        if moment is not None:
            facts[name] = (now - moment).total_seconds() / _DAY_S
    for name in ("previous_contacts", "buyer_returns_90d"):
        if getattr(order, name) is not None:
            facts[name] = float(getattr(order, name))
    if order.previous_options:
        facts["offered"] = frozenset(order.previous_options)
    price = in_usd(order.item_price, order.currency)
    if price is not None:
        facts["cost_class"] = "cheap" if price < settings.cheap_below_usd else "dear"
    months = order.warranty_months
    if months is None:
        months = platforms.guarantee_months.get((order.country or "").upper())
    if months is not None and "days_since_delivered" in facts:
        facts["in_warranty"] = "yes" if facts["days_since_delivered"] <= months * _MONTH_DAYS else "no"
    if order.country and settings.seller_country:
        facts["cross_border"] = "no" if order.country.upper() == settings.seller_country.upper() else "yes"
    platform = platforms.get(order.platform)
    facts["marketing_allowed"] = "yes" if platform.marketing else "no"
    facts["review_request_allowed"] = "yes" if platform.review_request else "no"
    facts["thank_you_allowed"] = "yes" if platform.thank_you else "no"
    _add_return_facts(facts, order, platforms)
    _add_clock_facts(facts, order, platform, now)
    _add_sum(facts, order, reading)
    return facts


def _says_more(message: str) -> bool:
    """Tell whether a message states anything beside its request: a second statement, no question, number or courtesy."""
    own = matter(message[:MAX_READ_CHARS])[0]
    parts = [part.strip() for part in _STATEMENTS.findall(own) if not _NUMBER.search(part)]
    stated = [part for part in parts if part and part[-1] not in "?？؟"]
    return sum(_is_sentence(part) for part in stated) > 1


def _is_sentence(part: str) -> bool:
    spaced = any(is_spaced(char) for char in part)
    return len(part.split()) >= STATEMENT_WORDS if spaced else len(part) >= STATEMENT_CHARS


def _add_clock_facts(facts: dict[str, Any], order: Order, platform: Platform, now: datetime) -> None:
    if order.reviewed_at is not None:
        facts["review_left"] = "yes"
    if order.claim_opened_at is not None:
        facts["claim_open"] = "yes"
        facts["claim_hours_left"] = (claim_due(platform, order) - now).total_seconds() / _HOUR_S
        closes = order.claim_opened_at + timedelta(days=platform.claim_close_days)
        facts["claim_days_left"] = (closes - now).total_seconds() / _DAY_S
        if platform.appeal_days is not None:
            facts["appeal_days_left"] = facts["claim_days_left"] + platform.appeal_days
        if platform.claim_file_days is not None and order.delivered_at is not None:
            latest = order.delivered_at + timedelta(days=platform.claim_file_days)
            facts["claim_window"] = "open" if order.claim_opened_at <= latest else "closed"
    if order.return_received_at is not None:
        due = add_business_days(order.return_received_at, platform.refund_business_days, order.country)
        facts["refund_overdue"] = "yes" if now > due else "no"
    if order.paid_at is not None and order.status == "paid":
        due = add_business_days(order.paid_at, platform.dispatch_business_days, order.country)
        facts["dispatch_overdue"] = "yes" if now > due else "no"


def _add_sum(facts: dict[str, Any], order: Order, reading: Reading) -> None:
    """The one sum that a message names, as a share of the price; the price itself, named again, is no wish."""
    named = [entity.value for entity in reading.entities if entity.kind == "amount"]
    price = in_usd(order.item_price, order.currency)
    if len(named) != 1 or not price:
        return
    currency, _, amount = named[0].partition(" ")
    try:
        asked = in_usd(Decimal(amount), currency)
    except InvalidOperation:
        return
    if asked is not None and asked < price * _NEARLY:
        facts["sum_share"] = float(asked / price)


def _add_return_facts(facts: dict[str, Any], order: Order, platforms: Platforms) -> None:
    if order.category and order.category.lower() in platforms.not_returnable:
        facts["resaleable"] = "no"
    elif "intact" in facts:
        facts["resaleable"] = facts["intact"]
    days = platforms.return_window(order.platform, order.country)
    if days == 0:
        facts["return_window"] = "none"
    elif days is not None and "days_since_delivered" in facts:
        facts["return_window"] = "open" if facts["days_since_delivered"] <= days else "closed"
