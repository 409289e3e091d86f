"""Times as archives write them, to moments with a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

EARLIEST, LATEST = 1995, 2100  # what lies beyond is a placeholder ('1970-01-01', '9999-12-31')
MILLISECONDS_FROM = 10**11  # seconds reach it in the year 5138
_PARTS = re.compile(
    r"\s*(?P<a>\d{1,4})\s?[-./年년]\s?(?P<b>\d{1,2})\s?[-./月월]\s?(?P<c>\d{1,4})(?:\s?[日일])?,?"
    r"(?:[T\s]+(?P<h>\d{1,2})[:.時时](?P<m>\d{2})分?(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?.*",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(r"\d{9,13}(?:\.\d+)?")


class Clock:
    """Reads the times of one column.

    '03/04/2026' is the third of April unless the column holds a date that can only be read the other way round.
    A time without a zone is taken for UTC.

    Examples
    --------
    >>> clock = Clock()
    >>> clock.read("2026-03-04T10:00:00+01:00").isoformat(), clock.read("4.3.2026 9:30").isoformat()
    ('2026-03-04T10:00:00+01:00', '2026-03-04T09:30:00+00:00')
    >>> clock.read(1772618400).isoformat(), clock.read("2026年3月4日").isoformat(), clock.read("soon")
    ('2026-03-04T10:00:00+00:00', '2026-03-04T00:00:00+00:00', None)
    """

    def __init__(self) -> None:
        self.month_first = False

    def learn(self, value: Any) -> None:
        """Take note of a date that can only be read with the month first."""
        if isinstance(value, str) and "/" in value and not self.month_first:
            parts = value.split(" ")[0].split("/")
            if len(parts) == 3 and len(parts[0]) <= 2 and parts[1].isdigit() and 12 < int(parts[1]) <= 31:
                self.month_first = True

    def read(self, value: Any) -> datetime | None:
        """Return the moment; None where it is none."""
        if isinstance(value, str):
            moment = self._read_text(value)
        elif isinstance(value, datetime):
            moment = value
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            moment = _since_epoch(float(value))
        else:
            return None
        if moment is None or not EARLIEST <= moment.year <= LATEST:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _read_text(self, text: str) -> datetime | None:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
        text = text.strip()
        if _NUMBER.fullmatch(text):
            return _since_epoch(float(text))
        match = _PARTS.fullmatch(text)
        if match is None:
            return _mail_date(text)
        first, second, third = int(match["a"]), int(match["b"]), int(match["c"])
        if len(match["a"]) == 4:
            year, month, day = first, second, third
        elif self.month_first and "/" in text:
            year, month, day = third, first, second
        else:
            year, month, day = third, second, first
        year += 2000 if year < 100 else 0
        hour = int(match["h"] or 0)
        if match["half"]:
            hour = hour % 12 + 12 * match["half"].lower().startswith("p")
        zone = (match["zone"] or "+00:00").upper().replace("Z", "+00:00").replace("UTC", "+00:00")
        try:
            moment = datetime(year, month, day, hour, int(match["m"] or 0), int(match["s"] or 0), tzinfo=UTC)
            return moment if zone == "+00:00" else datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}{zone}")
        except ValueError:
            return None


def _since_epoch(seconds: float) -> datetime | None:
    if not 10**8 <= seconds < 10**14:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        seconds=seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds
    )


def _mail_date(text: str) -> datetime | None:
    if not any(c.isalpha() for c in text) or not any(c.isdigit() for c in text):
        return None
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
