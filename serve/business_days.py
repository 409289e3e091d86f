"""Business days by country: weekends and public holidays from the `holidays` package."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

# Countries whose weekend is not Saturday and Sunday (weekday numbers of `date.weekday`).
_WEEKENDS = {"SA": (4, 5), "EG": (4, 5), "QA": (4, 5), "KW": (4, 5), "BH": (4, 5), "IL": (4, 5), "IR": (4,)}
_USUAL_WEEKEND = (5, 6)


def add_business_days(start: datetime, days: int, country: str | None) -> datetime:
    """Return the end of a span of business days after a moment: the same time of day on the last of them.

    Parameters
    ----------
    start : datetime
    days : int
        Not below 0.
    country : str or None
        ISO 3166-1 alpha-2; weekends alone are left out where it is unknown.

    >>> add_business_days(datetime(2026, 11, 20, 10), 2, None).date()  # a Friday
    datetime.date(2026, 11, 24)
    """
    at = start
    while days > 0:
        at += timedelta(days=1)
        if is_business_day(at.date(), country):
            days -= 1
    return at


@lru_cache(maxsize=4096)
def is_business_day(day: date, country: str | None) -> bool:
    """Tell whether a day is one; the seller's own bridges and the courier's rest are not known here."""
    code = (country or "").upper()
    if day.weekday() in _WEEKENDS.get(code, _USUAL_WEEKEND):
        return False
    return day not in _holidays(code, day.year)


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> Any:
    import holidays

    try:
        return holidays.country_holidays(country, years=year) if country else {}
    except NotImplementedError:  # the library's word for a country it does not know: weekends alone are counted there
        return {}
