"""How many messages were answered within the platform's clock."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from serve.platforms import load_platforms
from serve.report.records import Record

NO_ANSWER_NEEDED = ("thanks", "spam")
HOURS = (1, 4, 12, 24, 48)  # bounds of the classes of answer times


@dataclass
class Answered:
    """Answers of one marketplace.

    Parameters
    ----------
    clock_hours : float
        By when an answer is due there.
    within, late : int
        Answered in time, or after it.
    overdue, waiting : int
        Without an answer, the time over or not yet over at the last moment of the archive.
    unusable : int
        Answered before they were written: a clock is wrong.
    hours : list of int
        Answers by the classes of `HOURS`, the last one for longer times.
    """

    clock_hours: float
    within: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0
    unusable: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * (len(HOURS) + 1))

    @property
    def due(self) -> int:
        """Messages whose time is over, or which were answered."""
        return self.within + self.late + self.overdue

    @property
    def share(self) -> float | None:
        """Share of them that was answered in time."""
        return self.within / self.due if self.due else None


class Answers:
    """Compares the times of answers with the clocks of `platforms.yaml`.

    Parameters
    ----------
    latest : datetime or None
        When the archive ends: what is unanswered is overdue or not at this moment.
    """

    def __init__(self, latest: datetime | None) -> None:
        self._latest = latest
        self._platforms = load_platforms()
        self.by_marketplace: defaultdict[str, Answered] = defaultdict(lambda: Answered(0.0))
        self.any = False

    def add(self, record: Record, marketplace: str | None) -> None:
        """Count a message, by the name that the page gives its marketplace."""
        sent = record.moment
        if sent is None or self._latest is None or record.issues[0] in NO_ANSWER_NEEDED:
            return
        market = marketplace or ""
        answers = self.by_marketplace[market]
        if not answers.clock_hours:
            answers.clock_hours = self._platforms.get(market).answer_hours
        clock = timedelta(hours=answers.clock_hours)
        if record.answered is None:
            answers.overdue += sent + clock < self._latest
            answers.waiting += sent + clock >= self._latest
            return
        self.any = True
        taken = record.answered - sent
        if taken < timedelta(0):
            answers.unusable += 1
            return
        answers.within += taken <= clock
        answers.late += taken > clock
        hours = taken / timedelta(hours=1)
        answers.hours[sum(hours > bound for bound in HOURS)] += 1

    def whole(self) -> Answered:
        """Return the sum over all marketplaces."""
        total = Answered(0.0)
        for answers in self.by_marketplace.values():
            for name in ("within", "late", "overdue", "waiting", "unusable"):
                setattr(total, name, getattr(total, name) + getattr(answers, name))
            total.hours = [a + b for a, b in zip(total.hours, answers.hours, strict=True)]
        return total
