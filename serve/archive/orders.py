"""Facts of the order that stand in an archive's own columns, where these have the contract's names."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from serve.archive.names import ORDER_COLUMNS
from serve.archive.rows import Rows
from serve.schemas import Order

_WORDS = ("platform", "fulfilment", "status", "fault")  # from a fixed list, written in any case


def orders_of(rows: Rows, wanted: Collection[str] = ORDER_COLUMNS) -> list[Order | None]:
    """Return what is known of each row's order; None where nothing is.

    A value that is not of the contract's list is left out: what is not known is never guessed.

    Parameters
    ----------
    rows : Rows
    wanted : collection of str
        Which facts are asked for.
    """
    names = [name for name in rows.names if name in wanted]
    if not names:
        return [None] * len(rows)
    columns = [rows.values(name) for name in names]
    return [_order(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


def moments_of(rows: Rows, column: str | None, default: datetime) -> list[datetime]:
    """Return when each message was written: days since delivery and the like are counted back from it."""
    if column is None or column not in rows.names:
        return [default] * len(rows)
    return [_moment(value) or default for value in rows.values(column)]


def _order(facts: dict[str, Any]) -> Order | None:
    known = {name: _tidy(name, value) for name, value in facts.items()}
    known = {name: value for name, value in known.items() if value is not None}
    while known:
        try:
            return Order.model_validate(known)
        except ValidationError as error:
            for name in {str(fault["loc"][0]) for fault in error.errors(include_input=False, include_url=False)}:
                known.pop(name, None)
    return None


def _tidy(name: str, value: Any) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and name != "item_price" else value
    if isinstance(value, (int, list)) or value is None:
        if name == "order_id" and isinstance(value, int):
            return str(value)
        return value
    text = str(value).strip()
    if not text:
        return None
    if name == "previous_options":
        return [part.strip() for part in text.split("|")]
    if name in _WORDS:
        return text.lower().replace(" ", "_")
    return text


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    else:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
