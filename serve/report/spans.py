"""How an archive's time is cut up: days, weeks or months to draw, and the last days that are tested for rises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_UP_TO = 45  # longer spans are drawn by week
WEEKS_UP_TO = 400  # and longer ones by month
STRAY_SHARE = 0.001  # of rows at either end, which may be cut off where that halves the span: a wrong clock, a typo
RECENT_DAYS = {"day": 7, "week": 7, "month": 28}  # whole weeks, so that each weekday counts alike
BEFORE_WINDOWS = 12  # how many such windows before are compared: what is older is another season


@dataclass(frozen=True)
class Span:
    """The time of an archive.

    Parameters
    ----------
    first, last : date
        Its days, both included.
    period : str
        'day', 'week' (from Monday) or 'month': what one point of a plot stands for.
    recent_from, before_from : date or None
        Where the last days begin that are tested, and those that they are compared with; None where there are too few.
    """

    first: date
    last: date
    period: str
    recent_from: date | None
    before_from: date | None

    def start_of(self, day: date) -> date:
        """Return the first day of the period that a day lies in."""
        if self.period == "week":
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self.period == "month" else day

    def starts(self) -> list[date]:
        """Return the first day of every period, also of those without messages."""
        found = [self.start_of(self.first)]
        while True:
            step = {"day": 1, "week": 7, "month": 31}[self.period]
            following = self.start_of(found[-1] + timedelta(days=step))
            if following > self.last:
                return found
            found.append(following)

    @property
    def recent_days(self) -> int:
        """Length of the tested window."""
        return 0 if self.recent_from is None else (self.last - self.recent_from).days + 1

    @property
    def before_days(self) -> int:
        """Length of what it is compared with."""
        if self.recent_from is None or self.before_from is None:
            return 0
        return (self.recent_from - self.before_from).days


def find_span(days: Mapping[date, int]) -> Span | None:
    """Return the span of the days on which messages were written; None where there are none.

    >>> span = find_span({date(2026, 1, 1): 5, date(2026, 1, 20): 5})
    >>> span.period, span.recent_from.isoformat(), span.before_from.isoformat()
    ('day', '2026-01-16', '2026-01-01')
    """
    if not days:
        return None
    first, last = _without_strays(days)
    length = (last - first).days + 1
    period = "day" if length <= DAYS_UP_TO else "week" if length <= WEEKS_UP_TO else "month"
    # Of a short archive the last quarter: there must be more before than after.
    window = min(RECENT_DAYS[period], length // 4)
    if window == 0:
        return Span(first, last, period, None, None)
    recent = last - timedelta(days=window - 1)
    return Span(first, last, period, recent, max(first, recent - timedelta(days=window * BEFORE_WINDOWS)))


def _without_strays(days: Mapping[date, int]) -> tuple[date, date]:
    ordered = sorted(days)
    allowed = int(sum(days.values()) * STRAY_SHARE)

    def inner(run: list[date]) -> date:
        seen = 0
        for day in run:
            seen += days[day]
            if seen > allowed:
                return day
        return run[-1]

    first, last = inner(ordered), inner(ordered[::-1])
    whole = (ordered[-1] - ordered[0]).days + 1
    return (first, last) if 2 * ((last - first).days + 1) <= whole else (ordered[0], ordered[-1])
