"""One batch of rows to its labels, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from model.entities import find_order_id
from model.reader import Reader, Reading
from serve.archive.names import time_column
from serve.archive.orders import moments_of, orders_of
from serve.archive.rows import Rows
from serve.clock import priority
from serve.schemas import MAX_MESSAGE_CHARS, Order, SuggestRequest
from serve.settings import Settings
from serve.suggest import Suggester, person_reasons

# The one fact of the order that priorities ask for.
_PRIORITY_COLUMNS = ("claim_opened_at",)
Labels = dict[str, list[Any]]


@dataclass(frozen=True)
class Question:
    """What is to be found out about every row.

    Parameters
    ----------
    model : Path
        Model folder.
    suggest : bool
        Also the first option and template.
    now : datetime
        Stands in where a row does not say when it was written; the same for the whole run, resumed or not.
    """

    model: Path
    suggest: bool
    now: datetime


class Labeller:
    """Labels batches of rows; opened once a process, the model memory-mapped and so shared between them.

    Parameters
    ----------
    question : Question
    reader : Reader, optional
        Where it has been opened already.
    """

    def __init__(self, question: Question, reader: Reader | None = None) -> None:
        self.question = question
        self.reader = reader or Reader.open(question.model)
        self.suggester = Suggester(self.reader, Settings()) if question.suggest else None

    def label(self, rows: Rows, column: str) -> Labels:
        """Return the labels of a batch.

        Parameters
        ----------
        rows : Rows
            Rows without text get an error beside those that they have.
        column : str
            Holds the message.

        Returns
        -------
        dict of str to list
            One list for each label, in the order of the columns; of a row with an error all None but `model_version` and
            `error`.
        """
        texts: list[str] = rows.values(column)
        for n, text in enumerate(texts):
            if type(text) is not str:
                rows.errors.setdefault(n, f"'{column}' holds no text")
        errors = rows.errors
        good = [n for n in range(len(texts)) if n not in errors] if errors else range(len(texts))
        read = [texts[n] for n in good] if errors else texts
        readings = self.reader.read(read, entities=self.suggester is not None)
        if self.suggester:
            orders = orders_of(rows)
            moments = moments_of(rows, time_column(rows.names), self.question.now)
            found = _labels(readings, read, [orders[n] for n in good], self.reader.version)
            suggested = [
                self._suggestion(reading, text, orders[n], moments[n])
                for reading, text, n in zip(readings, read, good, strict=True)
            ]
            found["option"] = [option for option, _ in suggested]
            found["template"] = [template for _, template in suggested]
        else:
            orders = orders_of(rows, _PRIORITY_COLUMNS)
            found = _labels(readings, read, [orders[n] for n in good], self.reader.version)
        return _spread(found, errors, good, len(texts), self.reader.version) if errors else _with_no_error(found)

    def _suggestion(
        self, reading: Reading, text: str, order: Order | None, now: datetime
    ) -> tuple[str | None, str | None]:
        if self.suggester is None:
            return None, None
        if order and order.previous_options:
            known = [option for option in order.previous_options if option in self.suggester.options]
            order = order.model_copy(update={"previous_options": known})
        request = SuggestRequest.model_construct(
            message=text[:MAX_MESSAGE_CHARS], reply_language=None, limit=1, order=order
        )
        answer = self.suggester.suggest_for(reading, request, now=now)
        option = answer["options"][0]["option"] if answer["options"] else None
        template = answer["replies"][0]["template"] if answer["replies"] else None
        return option, template


def count(labels: Labels) -> tuple[int, Counter[str], Counter[str]]:
    """Return how many rows have an error, and how often each issue and language was read in the others."""
    errors = len(labels["error"]) - labels["error"].count(None)
    issues, languages = Counter(labels["issue"]), Counter(labels["language"])
    del issues[None], languages[None]
    return errors, issues, languages


def _labels(readings: Sequence[Reading], texts: Sequence[str], orders: Sequence[Order | None], version: str) -> Labels:
    names = [[issue for issue, _ in reading.issues] for reading in readings]
    return {
        "language": [reading.tag for reading in readings],
        "supported": [reading.supported for reading in readings],
        "issue": [issues[0] for issues in names],
        "issues": names,
        "issue_confidence": [round(reading.issues[0][1], 4) for reading in readings],
        "sentiment": [reading.sentiment for reading in readings],
        "sentiment_score": [round(reading.sentiment_score, 4) for reading in readings],
        "priority": [
            priority(issues, reading.sentiment, order, sure=not reading.doubts)
            for issues, reading, order in zip(names, readings, orders, strict=True)
        ],
        "needs_person": [
            bool(person_reasons(reading, issues)) for reading, issues in zip(readings, names, strict=True)
        ],
        "order_id": [find_order_id(text, reading.tag) for text, reading in zip(texts, readings, strict=True)],
        "model_version": [version] * len(readings),
    }


def _with_no_error(labels: Labels) -> Labels:
    labels["error"] = [None] * len(labels["issue"])
    return labels


def _spread(labels: Labels, errors: dict[int, str], good: Sequence[int], rows: int, version: str) -> Labels:
    """Give the rows with an error their place among the others."""
    spread: Labels = {}
    for name, values in labels.items():
        column: list[Any] = [None] * rows
        for n, value in zip(good, values, strict=True):
            column[n] = value
        spread[name] = column
    spread["model_version"] = [version] * rows
    spread["error"] = [errors.get(n) for n in range(rows)]
    return spread
