"""From an order and what was read to the facts that policies ask for. What is not known is left out, never guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from model.reader import Reading
from serve.money import in_usd
from serve.platforms import Platforms
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
    if message:
        facts |= load_said().read(message[:MAX_READ_CHARS], reading.tag, [issue for issue, _ in reading.issues])
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
    if order.warranty_months is not None and "days_since_delivered" in facts:
        covered = facts["days_since_delivered"] <= order.warranty_months * _MONTH_DAYS
        facts["in_warranty"] = "yes" if covered else "no"
    if order.country and settings.seller_country:
        facts["cross_border"] = "no" if order.country.upper() == settings.seller_country.upper() else "yes"
    platform = platforms.get(order.platform)
    facts["marketing_allowed"] = "yes" if platform.marketing else "no"
    facts["review_request_allowed"] = "yes" if platform.review_request else "no"
    facts["thank_you_allowed"] = "yes" if platform.thank_you else "no"
    _add_return_facts(facts, order, platforms)
    return facts


def _add_return_facts(facts: dict[str, Any], order: Order, platforms: Platforms) -> None:
    if order.category and order.category.lower() in platforms.not_returnable:
        facts["resaleable"] = "no"
    elif order.intact is not None:
        facts["resaleable"] = "yes" if order.intact else "no"
    days = platforms.return_days.get((order.country or "").upper())
    if days == 0:
        facts["return_window"] = "none"
    elif days is not None and "days_since_delivered" in facts:
        facts["return_window"] = "open" if facts["days_since_delivered"] <= days else "closed"
