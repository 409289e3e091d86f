"""Labelled messages: the JSON Lines that corpora, `evaluate` and `feedback export` share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_jsonl
from model.labels import Labels

REQUIRED = ("id", "lang", "text", "issues", "sentiment")
MAX_ISSUES = 3
OTHERS_FILE = "unsupported.jsonl"
_VOICE = re.compile(r"^(?P<voice>.+?)-[a-z_]+-\d+$")


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message.

    Parameters
    ----------
    id : str
        Unique; in the shipped corpora `<tag>-<voice>-<issue>-<number>`.
    lang : str
        BCP 47 tag.
    text : str
    issues : tuple of str
        One to three, the primary one first; empty where only the language is known.
    sentiment : str or None
    """

    id: str
    lang: str
    text: str
    issues: tuple[str, ...]
    sentiment: str | None

    @property
    def voice(self) -> str:
        """Who wrote it: the part of the id before issue and number; the id itself where it has no such form."""
        match = _VOICE.match(self.id)
        return match["voice"] if match else self.id


def read_messages(paths: Iterable[Path], labels: Labels, *, languages: Sequence[str] = ()) -> list[Message]:
    """Read files of labelled messages; a folder stands for the `*.jsonl` in it.

    Parameters
    ----------
    paths : iterable of Path
    labels : Labels
    languages : sequence of str
        Tags that are allowed; any where empty.

    Raises
    ------
    DataError
        With every fault of every file: unknown labels, missing fields, doubled ids, empty texts.
    """
    messages: list[Message] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for path in paths:
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not files:
            faults.append(Fault(str(path), 0, "the folder holds no .jsonl file"))
        for file in files:
            try:
                for line, record in read_jsonl(file):
                    problem = _problem(record, labels, languages)
                    if not problem and record["id"] in seen:
                        problem = f"id '{record['id']}' stands already in {seen[record['id']]}"
                    if problem:
                        faults.append(Fault(str(file), line, problem))
                        continue
                    seen[record["id"]] = f"{file.name}:{line}"
                    messages.append(
                        Message(
                            record["id"], record["lang"], record["text"], tuple(record["issues"]), record["sentiment"]
                        )
                    )
            except DataError as error:
                faults += error.faults
    if faults:
        raise DataError(faults)
    return messages


def _problem(record: dict[str, object], labels: Labels, languages: Sequence[str]) -> str:
    if not labels.sentiments:  # a label set without levels asks for none
        record.setdefault("sentiment", None)
    missing = [field for field in REQUIRED if field not in record]
    if missing:
        return f"'{missing[0]}' is missing; a line holds {', '.join(REQUIRED)}"
    text, issues, sentiment, lang = (record[f] for f in ("text", "issues", "sentiment", "lang"))
    if not isinstance(text, str) or not text.strip():
        return "text: must be a string with something in it"
    if not isinstance(record["id"], str) or not isinstance(lang, str):
        return "id and lang: must be strings"
    if not isinstance(issues, list) or not 1 <= len(issues) <= MAX_ISSUES:
        return f"issues: must be a list of one to {MAX_ISSUES} names"
    for issue in issues:
        if issue not in labels.issues:
            return f"issues: unknown issue type '{issue}'{nearest(str(issue), labels.issues)}"
    if len(set(issues)) < len(issues):
        return "issues: a name stands twice"
    alone = labels.alone.intersection(issues)
    if alone and len(issues) > 1:
        return f"issues: '{min(alone)}' stands alone"
    if sentiment is not None and not labels.sentiments:
        return "sentiment: the label file has no 'sentiments:'; add them there, or write null here"
    if sentiment is not None and sentiment not in labels.sentiments:
        return f"sentiment: unknown level '{sentiment}'{nearest(str(sentiment), labels.sentiments)}"
    if languages and lang not in languages:
        return f"lang: '{lang}' is not among {', '.join(languages)}"
    return ""


def read_others(path: Path | None = None) -> list[Message]:
    """Read the messages in languages that are not ours: they teach the language head alone."""
    path = path or data_dir() / "corpora" / OTHERS_FILE
    if not path.is_file():
        return []
    return [Message(r["id"], r["lang"], r["text"], (), None) for _, r in read_jsonl(path)]


def corpus_digest(messages: Iterable[Message]) -> str:
    """Return a SHA-256 over ids, texts and labels, in order."""
    digest = hashlib.sha256()
    for m in messages:
        digest.update(
            "\x1f".join((m.id, m.lang, m.text, *m.issues, m.sentiment or "")).encode("utf-8", "surrogatepass")
        )
        digest.update(b"\x1e")
    return digest.hexdigest()
