"""Rough conversion of prices, for sorting and ranking only."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from model.files import data_dir, read_yaml


@lru_cache(maxsize=1)
def _rates() -> dict[str, Decimal]:
    return {code: Decimal(rate) for code, rate in read_yaml(data_dir() / "currencies.yaml")["rates"].items()}


def in_usd(amount: Decimal | None, currency: str | None) -> Decimal | None:
    """Return an amount in US dollars, roughly; None where amount, currency or its rate is unknown."""
    rate = _rates().get((currency or "").upper())
    return None if amount is None or rate is None else amount * rate


def from_usd(amount: Decimal, currency: str | None) -> Decimal | None:
    """Return a sum in US dollars in another currency, roughly; None where its rate is unknown."""
    rate = _rates().get((currency or "").upper())
    return None if rate is None else amount / rate
