"""The errors that replydesk raises on purpose.

Every message says what is wrong, where, and what to do; the command line prints it as one line, the HTTP server as
`application/problem+json`. Message texts of buyers never stand in an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class ReplydeskError(Exception):
    """Base of all expected errors; `str(error)` is fit for the person who reads it."""

    exit_status = 1


class UsageError(ReplydeskError):
    """The call itself is wrong: an unknown option, a missing file, a malformed argument."""

    exit_status = 2


class InputError(ReplydeskError):
    """What was handed in (a message, an order, an archive) cannot be read."""


class ModelError(ReplydeskError):
    """A saved model is missing, damaged, foreign, or of another format."""


@dataclass(frozen=True)
class Fault:
    """One fault in a data file.

    Parameters
    ----------
    file : str
        Path as the reader knows it.
    line : int
        One-based line number; 0 where the fault is of the file as a whole.
    message : str
        What is wrong and what would be right, naming the field.
    """

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class DataError(ReplydeskError):
    """One or more files in `data/` (or of the user's own) are faulty; carries all faults found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: list[Fault] = list(faults)
        head = str(self.faults[0]) if self.faults else "faulty data"
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        super().__init__(head + more)


def nearest(name: str, allowed: Sequence[str]) -> str:
    """Return a hint that names the allowed value closest to a misspelt one, or '' where none is close.

    >>> nearest("damagd", ["damaged", "defective"])
    " (did you mean 'damaged'?)"
    >>> nearest("xyz", ["damaged"])
    ''
    """
    close = get_close_matches(name, list(allowed), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""
