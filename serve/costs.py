"""What an option costs the seller, in the order's currency: goods, postage, the chance of a claim or a bad review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from serve.money import from_usd
from serve.options import Option
from serve.schemas import Order
from serve.settings import Settings

ANGRY = ("very_negative",)


@dataclass(frozen=True)
class Prices:
    """What there is to lose, in the order's currency; None where price or currency is unknown."""

    item: Decimal | None
    postage: Decimal | None
    claim: Decimal | None
    review: Decimal | None

    @classmethod
    def of(cls, order: Order | None, settings: Settings) -> Prices:
        """Return the prices of an order; sums of the settings are in US dollars and converted."""
        currency = order.currency if order else None
        item = order.item_price if order else None
        return cls(
            item,
            from_usd(settings.postage_usd, currency),
            from_usd(settings.claim_cost_usd, currency),
            from_usd(settings.review_cost_usd, currency),
        )


def chance_of_trouble(option: Option, facts: Mapping[str, Any], settings: Settings) -> Decimal:
    """Return the chance that an option ends in a claim or bad review: its own, more with an angry buyer, at most 1."""
    factor = settings.anger_factor if facts.get("sentiment") in ANGRY else 1.0
    return min(Decimal(1), option.trouble * Decimal(str(factor)))


def expected_cost(option: Option, prices: Prices, facts: Mapping[str, Any], settings: Settings) -> float | None:
    """Return what an option is expected to cost; None where a price that it needs is unknown.

    Goods and postage, and the chance of trouble times what trouble costs: half of it claims (the price and the fee), half
    bad reviews.
    """
    if (option.price_share and prices.item is None) or (option.postage_legs and prices.postage is None):
        return None
    cost = option.price_share * (prices.item or 0) + option.postage_legs * (prices.postage or 0)
    chance = chance_of_trouble(option, facts, settings)
    if chance:
        if prices.claim is None or prices.review is None:
            return None
        cost += chance * ((prices.item or 0) + prices.claim + prices.review) / 2
    return round(float(cost), 2)


def price_share(option: Option, prices: Prices, facts: Mapping[str, Any], settings: Settings) -> float:
    """Return an option's cost as a share of the item's price, from 0 to 2; goods alone where the price is unknown."""
    cost = expected_cost(option, prices, facts, settings)
    if cost is None or not prices.item:
        return float(option.price_share)
    return min(2.0, cost / float(prices.item))
