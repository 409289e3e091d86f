"""The output while it is made: `<output>.partial`, and beside it how much of it is whole.

The output appears under its own name only when it is complete. What was written behind the last note is cut off when a
run goes on, and made again; so a run may end at any moment and the resumed one has the same bytes.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from model.errors import InputError, UsageError

NOTE_S = 1.0  # how often the note is renewed: so much work is done again at the most
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass
class Summary:
    """What was labelled."""

    rows: int = 0
    errors: int = 0
    issues: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, rows: int, errors: int, issues: Counter[str], languages: Counter[str]) -> None:
        """Count a batch in."""
        self.rows += rows
        self.errors += errors
        self.issues.update(issues)
        self.languages.update(languages)


class Partial:
    """The unfinished output of a run.

    Parameters
    ----------
    output : Path
    fingerprint : dict
        Inputs, options and model: a run goes on only where they are the same.
    """

    def __init__(self, output: Path, fingerprint: dict[str, Any]) -> None:
        self.output = output
        self.path = output.with_name(output.name + ".partial")
        self.note = output.with_name(output.name + ".partial.json")
        self.fingerprint = json.loads(json.dumps(fingerprint))
        self.summary = Summary()
        self.batches = 0
        self.keep: dict[str, Any] = {}
        self._size = 0
        self._noted = 0.0
        self._file: IO[bytes] | None = None

    def begin(self, keep: dict[str, Any], header: bytes) -> None:
        """Start anew; `keep` is what a resumed run must find unchanged (the moment of the start)."""
        with guarded(self.path):
            self.output.parent.mkdir(parents=True, exist_ok=True)
            self.note.unlink(missing_ok=True)
            self.keep = keep
            self._file = self.path.open("wb")
            self._write(header)
            self._take_note()

    def resume(self) -> bool:
        """Go on where a run was broken off; return whether there is one.

        Raises
        ------
        UsageError
            If the output is whole already.
        InputError
            If inputs, options or model are not those of the run that was broken off, or the note is damaged.
        """
        if not self.note.is_file():
            if self.output.is_file():
                raise UsageError(f"{self.output} is whole already; nothing to resume")
            return False
        state = self._read_note()
        was, now = state["fingerprint"], self.fingerprint
        for part in now:
            if was.get(part) != now[part]:
                raise InputError(f"the {part} changed since {self.path} was begun; start again without --resume")
        self.keep = state["keep"]
        self.batches, self._size = state["batches"], state["bytes"]
        counts = state["summary"]
        self.summary = Summary(
            counts["rows"], counts["errors"], Counter(counts["issues"]), Counter(counts["languages"])
        )
        if not self.path.is_file():
            if state["whole"] and self.output.is_file():
                return True  # stopped between the renaming and the removal of the note
            raise InputError(f"{self.path} is missing, but {self.note} is there; start again without --resume")
        with guarded(self.path):
            if self.path.stat().st_size < self._size:
                raise InputError(f"{self.path} is shorter than {self.note} says; start again without --resume")
            os.truncate(self.path, self._size)
            self._file = self.path.open("ab")
        return True

    def add(self, data: bytes, rows: int, errors: int, issues: Counter[str], languages: Counter[str]) -> None:
        """Append a batch; note it when the last note is older than a second."""
        with guarded(self.path):
            self._write(data)
            self.summary.add(rows, errors, issues, languages)
            self.batches += 1
            if time.monotonic() - self._noted >= NOTE_S:
                self._take_note()

    def finish(self, assemble: Callable[[Path, Path], None] | None = None) -> None:
        """Give the output its name.

        Parameters
        ----------
        assemble : callable, optional
            Makes the output from the partial file: called with the partial file and the one to write.
        """
        if self._file is None:
            self.note.unlink(missing_ok=True)
            return
        with guarded(self.path):
            self._take_note(whole=assemble is None)
            self.close()
            if assemble is None:
                self.path.replace(self.output)
            else:
                made = self.output.with_name(self.output.name + ".partial.made")
                assemble(self.path, made)
                with made.open("rb+") as file:
                    os.fsync(file.fileno())
                made.replace(self.output)
            _sync_folder(self.output.parent)
            # The note goes first: without it nothing refers to the partial file any more.
            self.note.unlink()
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; what is there stays for a resumed run."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def _write(self, data: bytes) -> None:
        if self._file is None:
            raise RuntimeError("neither begun nor resumed")
        self._file.write(data)
        self._size += len(data)

    def _take_note(self, *, whole: bool = False) -> None:
        if self._file is None:
            raise RuntimeError("neither begun nor resumed")
        self._file.flush()
        os.fsync(self._file.fileno())  # the rows must be on the disk before the note says so
        state = {
            "fingerprint": self.fingerprint, "keep": self.keep, "batches": self.batches, "bytes": self._size,
            "whole": whole, "summary": vars(self.summary),
        }  # fmt: skip
        beside = self.note.with_name(self.note.name + ".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.note)
        self._noted = time.monotonic()

    def _read_note(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads(self.note.read_text(encoding="utf-8"))
            missing = {"fingerprint", "keep", "batches", "bytes", "whole", "summary"} - state.keys()
        except (OSError, ValueError, AttributeError) as error:
            raise InputError(f"{self.note} cannot be read; start again without --resume") from error
        if missing:
            raise InputError(f"{self.note} is of another version; start again without --resume")
        return state


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what can go wrong with writing into one error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputError(
                f"{path}: the disk is full; free some space, then go on with --resume (nothing is lost)"
            ) from error
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
