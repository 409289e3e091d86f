"""The first pass over an archive: its time and its articles, so that the second can count in places that are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from serve.report.records import Record
from serve.report.spans import Span, find_span

FOCUS = ("not_as_described", "size_fit")  # issues that a listing can mend: shown with examples
MAX_ARTICLES = 200_000  # held at a time; with more, the rarest are let go, and the page says so
TRACKED_ARTICLES = 1_000  # counted by issue and tested for rises
FOCUS_ARTICLES = 5


@dataclass
class Survey:
    """What the first pass finds."""

    rows: int = 0
    days: Counter[date] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    focus: dict[str, Counter[str]] = field(default_factory=lambda: {issue: Counter() for issue in FOCUS})
    latest: datetime | None = None
    let_go: bool = False

    def add(self, records: Iterable[Record]) -> None:
        """Take note of a batch."""
        for record in records:
            self.rows += 1
            if record.moment is not None:
                self.days[record.moment.date()] += 1
                if self.latest is None or record.moment > self.latest:
                    self.latest = record.moment
            if record.article is None or not record.issues:
                continue
            self.articles[record.article] += 1
            for issue in record.issues:
                if issue in self.focus:
                    self.focus[issue][record.article] += 1
        for counts in (self.articles, *self.focus.values()):
            if len(counts) > MAX_ARTICLES:
                self.let_go = True
                for name, _ in _ordered(counts)[MAX_ARTICLES // 2 :]:
                    del counts[name]

    @property
    def span(self) -> Span | None:
        """The time of the archive."""
        return find_span(self.days)

    @property
    def end(self) -> datetime | None:
        """When the archive ends, stray times aside."""
        span = self.span
        if span is None or self.latest is None or self.latest.date() <= span.last:
            return self.latest
        return datetime.combine(span.last, time.max, tzinfo=UTC)

    def tracked(self) -> frozenset[str]:
        """Articles that the second pass counts by issue: those with the most messages."""
        chosen = {name for name, _ in _ordered(self.articles)[:TRACKED_ARTICLES]}
        return frozenset(chosen.union(*self.focus_articles().values()))

    def focus_articles(self) -> dict[str, list[str]]:
        """Articles with the most messages of each focus issue, the most first."""
        return {issue: [name for name, _ in _ordered(c)[:FOCUS_ARTICLES]] for issue, c in self.focus.items()}


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
