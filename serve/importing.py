"""Saved replies of other desks into one's own template folder: CSV, Zendesk macros, Gorgias macros, Chatwoot canned responses.

A reply whose title names an option ('damaged.ask_photo', 'ask_photo') becomes that option's text; all others are kept in
`unsorted.yaml`, to be given a title that does.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import yaml

from model.errors import InputError
from model.labels import load_labels
from model.languages import load_languages
from serve.options import load_options
from serve.overlay import load_desk

UNSORTED = "unsorted.yaml"

# Placeholders of other desks, and the slot of ours that says the same.
_SLOTS = {
    "customer_name": r"(?:ticket\.)?(?:requester|customer|contact|user|buyer)[._](?:(?:first|full)_?)?name"
    r"|(?:first|customer)_?name",
    "order_id": r"(?:ticket\.)?(?:order|customer\.integrations?\S*order)[._]?(?:id|number|name|no)|order_?(?:id|number|no)",
    "tracking_number": r"\S*tracking_?(?:number|id|code|no)\S*",
    "carrier": r"\S*(?:carrier|tracking_company|courier)\S*",
    "item_name": r"(?:\S*[._])?(?:product|item)[._]?(?:name|title)",
    "shop_name": r"(?:shop|store|brand|account|inbox)[._]?name|ticket\.brand\.name",
}  # fmt: skip
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_BREAK = re.compile(r"<br\s*/?>|</p>|</div>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]+>")


@dataclass(frozen=True)
class Saved:
    """One saved reply."""

    title: str
    text: str
    language: str


def read_saved(path: Path, *, language: str = "en") -> list[Saved]:
    """Read saved replies; what tells no language is in `language`.

    Raises
    ------
    InputError
        If the file cannot be read, is of none of the known forms, or names an unknown language.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text: {error}; save it as UTF-8 and import again") from error
    if path.suffix.lower() in (".yaml", ".yml"):
        return _from_unsorted(path, text)
    records = _from_csv(path, text) if path.suffix.lower() in (".csv", ".tsv") else _from_json(path, text)
    saved = []
    for title, body, tag in records:
        if tag and tag not in load_languages():
            short = tag.split("-")[0].lower()
            tag = short if short in load_languages() else tag
        if tag and tag not in load_languages():
            raise InputError(f"{path}: '{title}': unknown language '{tag}'; known are {', '.join(load_languages())}")
        if body.strip():
            saved.append(Saved(title.strip(), with_slots(plain(body)), tag or language))
    return saved


def _from_unsorted(path: Path, text: str) -> list[Saved]:
    """Read what an earlier import left waiting; slots stand in it already."""
    try:
        return [Saved(r["title"], r["text"], r["language"]) for r in yaml.safe_load(text)["replies"]]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError(f"{path}: not what an import left waiting: 'replies' with title, language and text") from error


def _from_csv(path: Path, text: str) -> Iterator[tuple[str, str, str]]:
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    if not {"title", "text"} <= set(reader.fieldnames or ()):
        raise InputError(f"{path}: a CSV of saved replies has the columns title, text and, if need be, language")
    for row in reader:
        yield row["title"] or "", row["text"] or "", row.get("language") or ""


def _from_json(path: Path, text: str) -> Iterator[tuple[str, str, str]]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path}: not valid JSON: {error}") from error
    records = data
    if isinstance(data, dict):
        records = next((data[key] for key in ("macros", "data", "payload", "canned_responses") if key in data), None)
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise InputError(f"{path}: not a list of macros (Zendesk, Gorgias) or canned responses (Chatwoot)")
    for record in records:
        yield _title(record), _body(record), str(record.get("language") or record.get("locale") or "")


def _title(record: Mapping[str, Any]) -> str:
    return str(record.get("title") or record.get("name") or record.get("short_code") or "")


def _body(record: Mapping[str, Any]) -> str:
    if isinstance(record.get("content"), str):  # Chatwoot
        return str(record["content"])
    for action in record.get("actions") or []:
        if action.get("field") in ("comment_value", "comment_value_html"):  # Zendesk; a channel may stand first
            value = action.get("value")
            return str(value[-1] if isinstance(value, list) else value)
        if action.get("name") == "setResponseText":  # Gorgias
            given = action.get("arguments") or {}
            return str(given.get("body_text") or given.get("body_html") or "")
    return str(record.get("text") or "")


def plain(text: str) -> str:
    """Return a text without markup.

    >>> plain("<p>Dear Kim,</p><p>thanks &amp; bye</p>")
    'Dear Kim,\\nthanks & bye'
    """
    return unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip() if "<" in text else text.strip()


def with_slots(text: str) -> str:
    """Return a text with the placeholders of other desks as our slots; an unknown one becomes a marked gap.

    >>> with_slots("Hi {{ticket.requester.first_name}}, see {{weather}}")
    'Hi {{ customer_name }}, see [weather]'
    """

    def ours(match: re.Match[str]) -> str:
        name = match.group(1).lower()
        for slot, pattern in _SLOTS.items():
            if re.fullmatch(pattern, name):
                return "{{ " + slot + " }}"
        return f"[{match.group(1)}]"

    return _PLACEHOLDER.sub(ours, text)


def write_overlay(saved: Iterable[Saved], folder: Path) -> tuple[int, int]:
    """Write saved replies into one's own folder; return how many became templates and how many wait in `unsorted.yaml`.

    What stands there already is kept, where it is not the same text anew.
    """
    options, issues = load_options(), load_labels().issues
    bodies: dict[str, dict[str, dict[str, str]]] = {}
    unsorted: list[dict[str, str]] = []
    used, texts_used = 0, set[str]()
    for reply in saved:
        issue, _, option = reply.title.rpartition(".")
        known = option in options and options[option].speaks and (not issue or issue in issues)
        if known:
            bodies.setdefault(reply.language, {}).setdefault(option, {})[issue or "default"] = reply.text
            used += 1
            texts_used.add(reply.text)
        else:
            unsorted.append({"title": reply.title, "language": reply.language, "text": reply.text})
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    for tag, texts in bodies.items():
        path = folder / "templates" / f"{tag}.yaml"
        data = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
        data = data or {}
        data["language"] = tag
        for option, variants in texts.items():
            data.setdefault("bodies", {}).setdefault(option, {}).update(variants)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    waiting = _waiting(folder / UNSORTED, texts_used, unsorted)
    if waiting:
        content = yaml.safe_dump({"replies": waiting}, allow_unicode=True, sort_keys=False, width=120)
        (folder / UNSORTED).write_text(content, encoding="utf-8")
    else:
        (folder / UNSORTED).unlink(missing_ok=True)
    return used, len(unsorted)


def _waiting(path: Path, used: Collection[str], new: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return what waits after an import: what waited before, what has become a template or comes again left out."""
    before = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("replies", []) if path.is_file() else []
    again = {*used, *(reply["text"] for reply in new)}
    return [reply for reply in before if reply.get("text") not in again] + list(new)


def import_replies(saved: Iterable[Saved], folder: Path) -> tuple[int, int]:
    """Write saved replies into one's own folder, all of them or, where one of them is faulty, none.

    Returns what `write_overlay` does.

    Raises
    ------
    DataError
        With every fault of the folder as it would be, breaches of compliance rules included; nothing is changed then.
    """
    with tempfile.TemporaryDirectory() as temporary:
        trial = Path(temporary) / folder.name
        if folder.is_dir():
            shutil.copytree(folder, trial)
        result = write_overlay(saved, trial)
        load_desk(trial)
        shutil.copytree(trial, folder, dirs_exist_ok=True)
        if not (trial / UNSORTED).is_file():
            (folder / UNSORTED).unlink(missing_ok=True)
    return result
