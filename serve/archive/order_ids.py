"""The order id in a message, and nothing else: the one fact that an archive's labels hold.

`model.entities.find_entities` finds all facts; here those are left out that no order id depends on (amounts, dates,
photos), which takes far less time. A test holds both to the same order ids.
"""

from __future__ import annotations

import re

from model.entities import carrier, order_id, tracking_number
from model.entities.context import context_of
from model.entities.reading import numbers, read

# No order id has fewer digits: where three are not found, looking closer is spared (six messages of seven).
_DIGITS = re.compile(r"\d(?:\D*\d){2}")


def find_order_id(text: str, tag: str) -> str | None:
    """Return the first order id of a message, in its normal form; None where there is none.

    >>> find_order_id("Order 112-7654321-1234567 via UPS, paid $1,299.00", "en")
    '112-7654321-1234567'
    >>> find_order_id("Where is my parcel? It is 3 weeks.", "en")
    """
    if not _DIGITS.search(text):
        return None
    reading = read(text, tag)
    found = numbers(reading.folded)
    if not found:
        return None
    carriers = tuple(carrier.find(reading, carrier.words_of(reading)))
    for number in found:
        context = context_of(number, reading, carriers)
        # A number is read as a tracking number first, unless it has the shape of a platform's order id.
        if not order_id.has_shape(number.text) and tracking_number.find(number, context, reading):
            continue
        fact = order_id.find(number, context, reading)
        if fact:
            return fact.value
    return None
