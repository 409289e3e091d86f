"""Order ids of marketplaces and shops.

A platform's own shape suffices where nothing else looks like it (Amazon's 3-7-7); bare numbers need a word for 'order'
nearby, short ones a word for 'order number' or a '#'. The value is in capitals with ASCII digits and '-' for dashes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from model.entities.context import NONE, ORDER, OTHER, TRACKING, Context
from model.entities.reading import Entity, Number, Reading

MIN_BARE_DIGITS = 9
MIN_MARKED_DIGITS = 4
MAX_CHARS = 40

# Shapes by platform, as they are commonly seen; not verified against each platform's own pages.
# Strong ones stand by themselves; mild ones
# (only digits) stand unless words say that the number is something else.
STRONG = (
    ("amazon", r"\d{3}[- ]?\d{7}[- ]?\d{7}(?<=[- ]\d{7})|[DPS]\d{2}-\d{7}-\d{7}"),
    ("ebay", r"\d{2}-\d{5}-\d{5}|\d{12}-\d{10,14}"),
    ("rakuten", r"\d{6}-20\d{6}-\d{7,10}"),
    ("temu", r"PO-\d{3}-\d{12,22}(?:-D\d{2})?"),
    ("shopee", r"2\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=\d*[A-Z])[A-Z0-9]{8}"),
    ("pinduoduo", r"2\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{15}"),
    ("tokopedia", r"INV/20\d{6}/[A-Z]{3}/\d{6,12}"),
    ("flipkart", r"OD\d{15,20}"),
    ("ozon", r"\d{8,10}-\d{4}(?:-\d{1,2})?"),
    ("walmart", r"2000\d{3}-\d{8}"),
)
MILD = (
    ("mercadolibre", r"2000\d{12}"),
    ("tiktok_shop", r"57\d{16}"),
)
UUID = r"[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}"


def compact(text: str) -> str:
    """Return an order id in its normal form.

    >>> compact("112 7654321 1234567"), compact("po-211-0469")
    ('112-7654321-1234567', 'PO-211-0469')
    """
    text = text.strip("#").replace("ー", "-").replace("_", "-").upper()
    if re.fullmatch(r"\d{3}[- ]?\d{7}[- ]?\d{7}", text) and not text.isdigit():
        digits = text.replace("-", "").replace(" ", "")
        return f"{digits[:3]}-{digits[3:10]}-{digits[10:]}"
    return text.replace(" ", "")


def is_valid(text: str) -> bool:
    """Tell whether a text has the shape of a platform's order id.

    >>> is_valid("112-7654321-1234567"), is_valid("240612ABCD1234"), is_valid("hello")
    (True, True, False)
    """
    return any(p.fullmatch(compact(text)) for p in _shapes())


def find(number: Number, context: Context, reading: Reading) -> Entity | None:
    """Return the order id that a number is, or None."""
    value = compact(number.text)
    strong, mild = _shapes()
    if len(value) > MAX_CHARS:
        return None
    shaped = strong.fullmatch(value) or (mild.fullmatch(value) and context.says in (NONE, ORDER))
    if not shaped and not _fits(value, context, reading.folded, number):
        return None
    start = number.start
    if start and reading.folded[start - 1] in "#№":
        start -= 1
    return reading.entity("order_id", start, number.end, value)


def _fits(value: str, context: Context, folded: str, number: Number) -> bool:
    digits = sum(c.isdigit() for c in value)
    if context.says in (OTHER, TRACKING) or folded[number.end : number.end + 1] in ("%", "€", "$", "¥", "£"):
        return False
    if context.says == NONE:
        return context.marked and value.isdigit() and 4 <= digits <= 13 and _alone(number, folded)
    if number.spaced:
        return context.marked and value.isdigit()
    if _date_like().fullmatch(value) and not context.marked:
        return False
    plain = value.isdigit() or _coded().fullmatch(value) or re.fullmatch(UUID, value)
    if context.marked:
        return digits >= MIN_MARKED_DIGITS and (plain is not None or _mixed().fullmatch(value) is not None)
    if value.isdigit():
        # Ten or eleven digits with a leading zero are a telephone number unless called an order number.
        telephone = digits in (10, 11) and value.startswith("0")
        return digits <= 20 and not telephone and digits >= (6 if context.adjacent else MIN_BARE_DIGITS)
    return context.adjacent and digits >= 5 and bool(plain)


def _alone(number: Number, folded: str) -> bool:
    """Shopify and many shops: '#1001' at the beginning of a line or behind 'for', 're:'; not 'gate code #1001'."""
    before = folded[: number.start - 1].rstrip(" ")
    return not before or before[-1] in "\n:(" or re.search(r"(?i)\b(?:for|re|about)$", before[-8:]) is not None


def has_shape(text: str) -> bool:
    """Tell whether a text has a shape that only a platform's order id has."""
    return _shapes()[0].fullmatch(compact(text)) is not None


@lru_cache(maxsize=1)
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("|".join(p for _, p in STRONG)), re.compile("|".join(p for _, p in MILD))


@lru_cache(maxsize=1)
def _coded() -> re.Pattern[str]:
    """Shops' own numbers: groups of digits with dashes, or a few letters before digits ('TW2611-30982', 'RE-4471')."""
    return re.compile(r"[A-Z]{0,4}-?\d+(?:-\d+){0,3}|[A-Z]{1,5}-?\d{4,20}")


@lru_cache(maxsize=1)
def _mixed() -> re.Pattern[str]:
    return re.compile(r"(?=.*\d)[A-Z0-9]+(?:[-/][A-Z0-9]+)*")


@lru_cache(maxsize=1)
def _date_like() -> re.Pattern[str]:
    return re.compile(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}|20[0-3]\d")
