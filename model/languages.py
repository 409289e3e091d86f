"""The twenty languages: one record each, read from `languages.yaml`; other files ask the record."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml

CHOICES = {
    "tokens": ("spacy", "jieba", "characters"),
    "direction": ("ltr", "rtl"),
    "date_order": ("dmy", "mdy", "ymd"),
    "decimal": (".", ","),
    "spaced": ("yes", "no"),
    "romanised": ("yes", "no"),
}


@dataclass(frozen=True)
class Language:
    """One language; the meaning of each field stands at the top of `data/languages.yaml`."""

    tag: str
    name: str
    native_name: str
    script: str
    romanised: bool
    langid: str
    spacy: str
    tokens: str
    spaced: bool
    locale: str
    direction: str
    date_order: str
    decimal: str
    currencies: tuple[str, ...]


def load_languages(path: Path | None = None) -> dict[str, Language]:
    """Return the records by tag, in the order of the file.

    Raises
    ------
    DataError
        With every fault found: unknown or missing fields, values that are not allowed, doubled tags.
    """
    return _load(path or data_dir() / "languages.yaml")


@dataclass(frozen=True)
class OtherLanguage:
    """A language that is recognised but not supported; `letters` are those that none of ours in its script uses."""

    tag: str
    script: str
    letters: str = ""


def load_others(path: Path | None = None) -> dict[str, OtherLanguage]:
    """Return the languages that are recognised but not supported, by tag; raises DataError with every fault."""
    return _load_others(path or data_dir() / "languages.yaml")


@lru_cache(maxsize=4)
def _load_others(path: Path) -> dict[str, OtherLanguage]:
    others = read_yaml(path).get("others", [])
    allowed = {f.name for f in fields(OtherLanguage)}
    bad = [o for o in others if not isinstance(o, dict) or not {"tag", "script"} <= set(o) <= allowed]
    if bad:
        said = "an entry of 'others' holds 'tag', 'script' and, where there are any, 'letters'"
        raise DataError([Fault(str(path), getattr(o, "line", 0), said) for o in bad])
    return {o["tag"]: OtherLanguage(**o) for o in others}


@lru_cache(maxsize=4)
def _load(path: Path) -> dict[str, Language]:
    data = read_yaml(path)
    faults: list[Fault] = []
    known = [f.name for f in fields(Language)]
    result: dict[str, Language] = {}
    if not isinstance(data, dict) or not isinstance(data.get("languages"), list):
        raise DataError([Fault(str(path), 1, "a language file holds 'languages:', a list of records")])
    for record in data["languages"]:
        line = getattr(record, "line", 0)
        tag = record.get("tag", "?")
        before = len(faults)
        for field in record:
            if field not in known:
                faults.append(Fault(str(path), line, f"{tag}: unknown field '{field}'{nearest(field, known)}"))
        for field in known:
            if field not in record:
                faults.append(Fault(str(path), line, f"{tag}: field '{field}' is missing"))
        for field, allowed in CHOICES.items():
            if field in record and record[field] not in allowed:
                faults.append(
                    Fault(str(path), line, f"{tag}: {field} is one of {', '.join(allowed)}, not '{record[field]}'")
                )
        if tag in result:
            faults.append(Fault(str(path), line, f"{tag} stands twice"))
        if len(faults) == before:
            values = {**record, "romanised": record["romanised"] == "yes", "spaced": record["spaced"] == "yes"}
            values["currencies"] = tuple(record["currencies"])
            result[tag] = Language(**values)
    if faults:
        raise DataError(faults)
    return result
