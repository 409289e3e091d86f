"""Tracking numbers of carriers.

A pattern finds; a check digit, a shape that nothing else has, or a word for 'tracking' (or a carrier's name) nearby
confirms. Without any of these nothing is returned. The value is in capitals without spaces and dashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from model.entities import checks
from model.entities.context import NONE, ORDER, OTHER, TRACKING, Context
from model.entities.reading import Entity, Number, Reading

Check = Callable[[str], bool]

# (carrier, shape, check digit), as carriers are commonly known to number parcels; not verified against each carrier's own
# pages. The checks are those of UPU standard S10, of GS1 and of UPS.
CHECKED: tuple[tuple[str, str, Check], ...] = (
    ("UPU S10 (Royal Mail, Correios, Japan Post, EMS …)", r"[A-Z]{2}\d{9}[A-Z]{2}", checks.s10),
    ("UPS", r"1Z[A-Z0-9]{15}\d", checks.ups),
    ("DHL Paket, PostNord and others: SSCC", r"003\d{17}", checks.gs1),
    ("USPS", r"9[1-5]\d{20}", checks.gs1),
    ("FedEx Ground 96", r"96\d{20}", checks.gs1),
)
# Shapes distinctive enough to stand alone.
DISTINCT = (
    ("DHL", r"JJD\d{14,20}|JVGL\d{12,20}|GM\d{16,20}"),
    ("SF Express", r"SF\d{12,15}"),
    ("Cainiao", r"LP\d{14,18}|CNAIN\d{8,16}|CAINIAO\d{8,18}|CN[GF]\d{14,16}"),
    ("YunExpress, YTO", r"YT\d{12,16}"),
    ("4PX", r"4PX\d{10,17}(?:CN)?"),
    ("JD Logistics", r"JD(?:[A-Z]{1,2})?\d{11,20}"),
    ("J&T Express", r"J[PXTOD]\d{10,13}"),
    ("Shopee Xpress", r"SPX[A-Z]{2}\d{8,15}[A-Z]?"),
    ("Lazada Express", r"LEX[A-Z]{2,3}\d{8,12}|NLIDAP\d{8,12}"),
    ("Ninja Van", r"NJV[A-Z0-9]{8,18}"),
    ("Flash Express", r"TH\d{6,12}[A-Z]\d?[A-Z0-9]{0,3}"),
    ("Kerry Express", r"KE(?:X|R[A-Z]?)\d{8,14}|KERDO\d{6,12}"),
    ("Amazon Logistics", r"TB[ACM]\d{12}"),
    ("PostNL", r"3S[A-Z0-9]{4,6}\d{7,9}"),
    ("Hermes, Evri", r"H\d{19}|H0[0-9A-Z]{14}"),
    ("DPK Deppon", r"DPK\d{9,13}"),
    ("InPost", r"6[0-9]{23}"),
    ("OnTrac, LaserShip", r"1LS\d{12,15}"),
)
# Lengths of numbers without a shape: 10 (DHL Express, CDEK) to 26 digits (FedEx, InPost 24).
MIN_DIGITS = 8
MAX_DIGITS = 34
CARRIER_ONLY_DIGITS = 9


def compact(text: str) -> str:
    """Return a tracking number in its normal form.

    >>> compact("1z 999 aa1 01 2345 6784")
    '1Z999AA10123456784'
    """
    return re.sub(r"[\s\-_.ー]", "", text).upper()


def is_valid(text: str) -> bool:
    """Tell whether a text is a tracking number by its check digit or by a shape that nothing else has.

    >>> is_valid("RB123456785GB"), is_valid("SF1402298761135"), is_valid("1234567890")
    (True, True, False)
    """
    value = compact(text)
    return (
        any(p.fullmatch(value) and check(value) for p, check in _checked()) or _distinct().fullmatch(value) is not None
    )


def find(number: Number, context: Context, reading: Reading) -> Entity | None:
    """Return the tracking number that a number is, or None."""
    value = compact(number.text)
    if not MIN_DIGITS <= len(value) <= MAX_DIGITS:
        return None
    if is_valid(value):
        # A word for another thing beats a bare-digit check (one in ten random numbers passes), not a lettered one.
        if value.isdigit() and context.says in (OTHER, ORDER):
            return None
        # JD's orders look like its parcels: 'order no. JD…' says which.
        if context.says == ORDER and context.marked and not any(p.fullmatch(value) for p, _ in _checked()):
            return None
        return reading.entity("tracking_number", number.start, number.end, value)
    if context.says == TRACKING and _plausible(value, number.text, context):
        return reading.entity("tracking_number", number.start, number.end, value)
    if context.says == NONE and _japanese().fullmatch(number.text) and checks.modulo_7(value):
        return reading.entity("tracking_number", number.start, number.end, value)
    return None


def _plausible(value: str, text: str, context: Context) -> bool:
    digits = sum(c.isdigit() for c in value)
    if value.isdigit():
        # A telephone number of the courier, a date or an amount may follow a word for 'parcel': nine digits and more.
        dated = re.fullmatch(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", text) is not None
        mobile = digits in (10, 11) and value.startswith("0") and not context.marked and not context.adjacent
        return digits >= CARRIER_ONLY_DIGITS and not dated and not mobile
    letters = len(value) - digits
    return (
        digits >= 6 and letters <= 6 and re.fullmatch(r"[A-Z0-9]+", value) is not None and not _amazon().fullmatch(text)
    )


@lru_cache(maxsize=1)
def _checked() -> tuple[tuple[re.Pattern[str], Check], ...]:
    return tuple((re.compile(shape), check) for _, shape, check in CHECKED)


@lru_cache(maxsize=1)
def _distinct() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{shape})" for _, shape in DISTINCT))


@lru_cache(maxsize=1)
def _japanese() -> re.Pattern[str]:
    """Yamato, Sagawa, Japan Post: twelve digits in three groups of four."""
    return re.compile(r"\d{4}[-ー]\d{4}[-ー]\d{4}")


@lru_cache(maxsize=1)
def _amazon() -> re.Pattern[str]:
    return re.compile(r"\d{3}[- ]\d{7}[- ]\d{7}")
