"""The second pass: everything that the page shows, counted in memory that does not grow with the archive."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from model.labels import load_labels
from serve.report.answers import Answers
from serve.report.marketplaces import platform_of
from serve.report.records import Record
from serve.report.rises import Series
from serve.report.spans import Span
from serve.report.survey import FOCUS, Survey

SAMPLES = 3  # for an article and a focus issue
SAMPLE_CHARS = (15, 600)
MAX_MARKETPLACES = 200
OTHER = "other"
MAX_ERROR_CHARS = 90
MAX_ERRORS = 1_000
Sample = tuple[float, int, str, str]  # less sure ones last: -confidence, row, language, text


@dataclass
class Group:
    """Messages that have something in common."""

    messages: int = 0
    negative: int = 0
    scored: int = 0
    score: float = 0.0
    needs_person: int = 0
    issues: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, negative: bool) -> None:
        """Count a message."""
        self.messages += 1
        self.negative += negative
        self.needs_person += record.needs_person
        if record.score is not None:
            self.scored += 1
            self.score += record.score
        for issue in record.issues:
            self.issues[issue] += 1

    @property
    def mean_score(self) -> float | None:
        """Mean sentiment from -1 to 1; None where no message has one."""
        return self.score / self.scored if self.scored else None


class Tally:
    """Counts records.

    Parameters
    ----------
    survey : Survey
        Of the same archive.

    Attributes
    ----------
    rows, without_time, outside : int
        All rows; those without a time that can be read; those outside the span that is drawn.
    whole : Group
        All messages that could be read.
    periods, languages, marketplaces, articles : dict to Group
    """

    def __init__(self, survey: Survey) -> None:
        labels = load_labels()
        self._negative = {
            level for level, score in zip(labels.sentiments, labels.sentiment_scores, strict=True) if score < 0
        }
        self._tracked, self.focus_articles = survey.tracked(), survey.focus_articles()
        self._focus = {(issue, name) for issue, names in self.focus_articles.items() for name in names}
        self._starts: dict[date, date | None] = {}
        self.span: Span | None = survey.span
        self.rows = self.without_time = self.outside = self.unsupported = 0
        self.whole = Group()
        self.errors: Counter[str] = Counter()
        self.periods: dict[date, Group] = {start: Group() for start in self.span.starts()} if self.span else {}
        self.languages: defaultdict[str, Group] = defaultdict(Group)
        self.marketplaces: defaultdict[str, Group] = defaultdict(Group)
        self.articles: defaultdict[str, Group] = defaultdict(Group)
        self.unsupported_languages: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.samples: defaultdict[tuple[str, str], list[Sample]] = defaultdict(list)
        self.answers = Answers(survey.end)
        self._recent: Counter[tuple[str, str, str]] = Counter()
        self._before: Counter[tuple[str, str, str]] = Counter()

    def add(self, records: Iterable[Record]) -> None:
        """Count a batch."""
        for record in records:
            self.rows += 1
            if record.version and (record.version in self.versions or len(self.versions) < SAMPLES):
                self.versions[record.version] += 1
            if not record.issues:
                self._add_error(record.error or "no issue")
                continue
            self._add(record)

    def series(self) -> list[Series]:
        """Return what is tested for rises: all messages by day, and issues by their share of all messages."""
        span, whole = self.span, ("all", "", "")
        if span is None or not span.before_days:
            return []
        recent, before = self._recent[whole], self._before[whole]
        by_day = span.recent_days / (span.recent_days + span.before_days)
        share = recent / (recent + before) if recent + before else 0.0
        return [
            Series(*key, self._recent[key], self._before[key], by_day if key == whole else share)
            for key in sorted(self._recent.keys() | self._before.keys())
        ]

    def _add(self, record: Record) -> None:
        negative = record.sentiment in self._negative
        self.whole.add(record, negative)
        names = [("all", "")]
        if record.language is not None:
            self.languages[record.language].add(record, negative)
            names.append(("language", record.language))
            if not record.supported:
                self.unsupported += 1
                self.unsupported_languages[record.language] += 1
        market = self._market(record.platform)
        if market is not None:
            self.marketplaces[market].add(record, negative)
            names.append(("marketplace", market))
        if record.article in self._tracked and record.article is not None:
            self.articles[record.article].add(record, negative)
            names.append(("article", record.article))
            self._keep_samples(record, record.article)
        if record.moment is None:
            self.without_time += 1
        else:
            self._add_time(record, record.moment.date(), negative, names)
            self.answers.add(record, market)

    def _add_time(self, record: Record, day: date, negative: bool, names: list[tuple[str, str]]) -> None:
        span = self.span
        if span is None or not span.first <= day <= span.last:
            self.outside += 1
            return
        start = self._starts.get(day)
        if start is None:
            start = self._starts[day] = span.start_of(day)
        self.periods[start].add(record, negative)
        if span.recent_from is None or span.before_from is None or day < span.before_from:
            return
        window = self._recent if day >= span.recent_from else self._before
        window["all", "", ""] += 1
        for scope, name in names:
            for issue in record.issues:
                window[scope, name, issue] += 1

    def _market(self, name: str | None) -> str | None:
        if name is None:
            return None
        market = platform_of(name) or name
        return market if market in self.marketplaces or len(self.marketplaces) < MAX_MARKETPLACES else OTHER

    def _keep_samples(self, record: Record, article: str) -> None:
        text = record.text
        if text is None or not SAMPLE_CHARS[0] <= len(text) <= SAMPLE_CHARS[1]:
            return
        for issue in record.issues:
            if issue in FOCUS and (issue, article) in self._focus:
                kept = self.samples[issue, article]
                if all(text != other for _, _, _, other in kept):
                    insort(kept, (-record.confidence, self.rows, record.language or "und", text))
                    del kept[SAMPLES:]

    def _add_error(self, error: str) -> None:
        # Without the row's own figures, so that like errors count together.
        kind = re.sub(r"\d+", "#", error.split("\n")[0])[:MAX_ERROR_CHARS]
        kind = re.sub(r"^line #: ", "", kind)
        self.errors[kind if kind in self.errors or len(self.errors) < MAX_ERRORS else OTHER] += 1
