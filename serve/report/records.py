"""Labelled archives as a stream of records, whatever their format; read as often as it takes, never held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from serve.archive.formats import load_format
from serve.archive.rows import Rows
from serve.archive.sources import Source, find_sources
from serve.report.columns import NEEDED, Columns, Wanted, find_columns
from serve.report.moments import Clock

BATCH_ROWS = 5_000
MAX_NAME_CHARS = 80  # of articles and marketplaces


class Record(NamedTuple):
    """One labelled message; what its archive does not tell is None."""

    issues: tuple[str, ...]
    confidence: float
    sentiment: str | None
    score: float | None
    language: str | None
    supported: bool
    needs_person: bool
    error: str | None
    version: str | None
    moment: datetime | None
    article: str | None
    platform: str | None
    answered: datetime | None
    text: str | None


@dataclass(frozen=True)
class Archive:
    """One labelled file and what its columns hold."""

    source: Source
    columns: Columns
    sent_clock: Clock = field(default_factory=Clock)
    answered_clock: Clock = field(default_factory=Clock)

    def records(self) -> Iterator[tuple[int, list[Record]]]:
        """Yield batches of records, each with the bytes of the file that have been read behind it."""
        for chunk in load_format(self.source).chunks(self.source, BATCH_ROWS):
            yield chunk.place, self._batch(chunk.load())

    def learn(self) -> Iterator[tuple[int, list[Record]]]:
        """Yield what `records` yields, and note on the way how dates are written."""
        for chunk in load_format(self.source).chunks(self.source, BATCH_ROWS):
            rows = chunk.load()
            for name, clock in ((self.columns.time, self.sent_clock), (self.columns.answered, self.answered_clock)):
                for value in _values(rows, name):
                    clock.learn(value)
            yield chunk.place, self._batch(rows)

    def _batch(self, rows: Rows) -> list[Record]:
        columns = self.columns
        names = frozenset(rows.names)
        issues = _values(rows, "issues" if "issues" in names else "issue")
        return list(
            map(
                Record,
                [_issues(some, first) for some, first in zip(issues, _values(rows, "issue"), strict=True)],
                [_number(value) or 0.0 for value in _values(rows, "issue_confidence")],
                [_word(value) for value in _values(rows, "sentiment")],
                [_number(value) for value in _values(rows, "sentiment_score")],
                [_word(value) for value in _values(rows, "language")],
                [_is_yes(value, default=True) for value in _values(rows, "supported")],
                [_is_yes(value, default=False) for value in _values(rows, "needs_person")],
                [rows.errors.get(n) or _word(value) for n, value in enumerate(_values(rows, "error"))],
                [_word(value) for value in _values(rows, "model_version")],
                [self.sent_clock.read(value) for value in _values(rows, columns.time)],
                [_name(value) for value in _values(rows, columns.article)],
                [_name(value) for value in _values(rows, columns.platform)],
                [self.answered_clock.read(value) for value in _values(rows, columns.answered)],
                [value if isinstance(value, str) else None for value in _values(rows, columns.text)],
            )
        )


def open_archives(inputs: Sequence[str | Path], wanted: Wanted) -> list[Archive]:
    """Return the labelled archives that the inputs name.

    Raises
    ------
    UsageError
        If nothing is found, a file is not labelled, or lacks a column that the user named.
    """
    found = []
    for source in find_sources(inputs):
        form, place = load_format(source), str(source.path)
        names = form.names(source)
        given = [name for name in vars(wanted).values() if name]
        if not {*NEEDED, *given}.issubset(names):
            names = form.names(source, whole=True)  # a column of JSON Lines may begin behind the first rows
        found.append(Archive(source, find_columns(names, wanted, place)))
    return found


def _values(rows: Rows, name: str | None) -> list[Any]:
    return [None] * len(rows) if name is None else rows.values(name)


def _issues(some: Any, first: Any) -> tuple[str, ...]:
    if isinstance(some, str) and some:
        return tuple(some.split("|"))
    if isinstance(some, (list, tuple)) and some:
        return tuple(dict.fromkeys(map(str, some)))
    return (first,) if isinstance(first, str) and first else ()


def _number(value: Any) -> float | None:
    try:
        return float(value) if value not in (None, "") else None
    except (TypeError, ValueError):
        return None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _name(value: Any) -> str | None:
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())[:MAX_NAME_CHARS] or None


def _is_yes(value: Any, *, default: bool) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "yes") if value else default
    return default if value is None else bool(value)
