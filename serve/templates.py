"""Reply templates: one YAML file a language, read, checked and compiled here.

A reply is put together from greeting, opening (issue and tone), body (option, with variants for issues) and closing; so
every pair of issue and option has a template, named `<issue>.<option>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from model.errors import DataError, Fault, nearest
from model.files import Located, data_dir, read_yaml
from model.labels import load_labels
from model.languages import load_languages
from serve.options import load_options

SLOTS = (
    "customer_name", "shop_name", "order_id", "item_name", "tracking_number", "carrier", "last_tracking_event",
    "last_tracking_at", "shipped_at", "delivered_at", "item_price", "refund_amount", "transit_days", "return_address",
    "return_window_days",
)  # fmt: skip
TONES = ("standard", "calm")
WORDINGS_FILE = "wordings.yaml"
_KEYS = ("language", "greeting", "closing", "gaps", "openings", "bodies", "choices")


@dataclass(frozen=True)
class Text:
    """A compiled text and the slots that it speaks of."""

    template: Template
    slots: frozenset[str]
    source: str


@dataclass(frozen=True)
class Templates:
    """The templates of one language.

    Parameters
    ----------
    tag : str
    greeting : dict
        'named' and 'plain'.
    closing : Text
    gaps : dict of str to str
        What stands where a slot's fact is unknown.
    openings : dict
        (issue, tone) to text.
    bodies : dict
        (option, issue or 'default') to text.
    choices : dict
        'intro', 'outro' and options to the line of a numbered list.
    """

    tag: str
    greeting: Mapping[str, Text]
    closing: Text
    gaps: Mapping[str, str]
    openings: Mapping[tuple[str, str], Text]
    bodies: Mapping[tuple[str, str], Text]
    choices: Mapping[str, Text]
    wordings: Mapping[tuple[str, str], Text] = field(default_factory=dict)

    def body(self, option: str, issue: str, wording: str | None = None) -> Text | None:
        """Return the body of an option: by its wording (a case, or the issue whose text it takes), else by its issue."""
        if wording is not None:
            if (option, wording) in self.wordings:
                return self.wordings[option, wording]
            if (option, wording) in self.bodies:
                return self.bodies[option, wording]
        return self.bodies.get((option, issue)) or self.bodies.get((option, "default"))


class TemplatesOnDemand(Mapping[str, Templates]):
    """The shipped templates by tag, each file read when its language is first asked for.

    Compiling all twenty takes two seconds: one message on the command line need not wait for nineteen of them.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    DataError
        Where the English file, every language's fallback, is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        if "en" not in self._paths:
            raise DataError([_no_english(folder)])
        path = folder.parent / WORDINGS_FILE
        self._wordings = read_yaml(path)["wordings"] if path.is_file() else {}
        self._wordings_path = path
        self._read: dict[str, Templates] = {}

    def __getitem__(self, tag: str) -> Templates:
        """Return the templates of a language; `KeyError` where there are none, `DataError` where they are faulty."""
        if tag not in self._read:
            path = self._paths[tag]
            one, faults = {tag: _read(path, read_yaml(path))}, list[Fault]()
            _add_wordings(self._wordings_path, self._wordings, one, faults)
            if faults:
                raise DataError(faults)
            self._read.update(one)
        return self._read[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, tag: object) -> bool:
        return tag in self._paths  # the inherited one would read the file to find out


@lru_cache(maxsize=4)
def load_templates(folder: Path | None = None) -> dict[str, Templates]:
    """Read every template file; return them by tag.

    Raises
    ------
    DataError
        With every fault of every file: missing texts, unknown slots, options or issues, templates that do not compile.
    """
    return read_templates(folder or data_dir() / "templates")


def read_templates(folder: Path, own: Path | None = None) -> dict[str, Templates]:
    """Read template files; what stands in a file of `own` takes the place of the same text. See `load_templates`."""
    result, faults = {}, []
    shipped = {path.stem: path for path in folder.glob("*.yaml")}
    mine = {path.stem: path for path in own.glob("*.yaml")} if own else {}
    for tag in sorted({*shipped, *mine}):
        path = mine.get(tag, shipped.get(tag, folder))
        try:
            data = read_yaml(shipped[tag]) if tag in shipped else {}
            if tag in mine:
                data = _merged(data, read_yaml(path))
            templates = _read(path, data)
            result[templates.tag] = templates
        except DataError as error:
            faults += error.faults
    if "en" not in result and not faults:
        faults.append(_no_english(folder))
    path = folder.parent / WORDINGS_FILE
    if not faults and path.is_file():
        _add_wordings(path, read_yaml(path)["wordings"], result, faults)
    if faults:
        raise DataError(faults)
    return result


def _merged(shipped: Any, own: Any) -> Any:
    """Return `shipped` with what stands in `own` over it, text by text; lines are those of `own`."""
    if isinstance(shipped, dict) and isinstance(own, dict):
        values = {key: _merged(shipped[key], own[key]) if key in shipped and key in own else value
                  for key, value in {**shipped, **own}.items()}  # fmt: skip
        return Located(values, getattr(own, "line", 0))
    return own


@lru_cache(maxsize=4)
def wording_names(folder: Path | None = None) -> frozenset[str]:
    """Return the names of the wordings in `wordings.yaml`, which policies may take."""
    path = (folder or data_dir()) / WORDINGS_FILE
    return frozenset(read_yaml(path)["wordings"]) if path.is_file() else frozenset()


def _no_english(folder: Path) -> Fault:
    return Fault(str(folder), 0, "en.yaml is missing: English is the fallback of every language")


def _add_wordings(path: Path, wordings: Any, result: dict[str, Templates], faults: list[Fault]) -> None:
    reader, options = _FileReader(path), load_options()
    texts: dict[str, dict[tuple[str, str], Text]] = {tag: {} for tag in result}
    for name, record in wordings.items():
        option = record.get("option", "")
        if option not in options or not options[option].speaks:
            reader.fault(record, f"{name}: '{option}' is no option that speaks{nearest(option, list(options))}")
        for tag, source in record.get("texts", {}).items():
            if tag not in load_languages():
                reader.fault(record, f"{name}: unknown language '{tag}'")
            if tag in texts:
                texts[tag][option, name] = reader.text(record, f"{name}.{tag}", source)
    faults += reader.faults
    for tag, own in texts.items():
        result[tag] = replace(result[tag], wordings=own)


def _read(path: Path, data: Any) -> Templates:
    reader = _FileReader(path)
    labels, options = load_labels(), load_options()
    speaking = [name for name, option in options.items() if option.speaks]
    remedies = [name for name, option in options.items() if option.remedy]
    if not isinstance(data, dict):
        raise DataError([Fault(str(path), 1, f"a template file holds {', '.join(_KEYS)}")])
    for key in data:
        if key not in _KEYS:
            reader.fault(data, f"unknown key '{key}'{nearest(key, _KEYS)}")
    if data.get("language") not in load_languages() or data.get("language") != path.stem:
        reader.fault(data, f"language: '{data.get('language')}' must be a known tag and the name of the file")
    greeting = reader.texts(data, "greeting", ("named", "plain"))
    closing = reader.text(data, "closing", data.get("closing"))
    gaps = data.get("gaps", {})
    for slot in SLOTS:
        if not gaps.get(slot):
            reader.fault(gaps, f"gaps: '{slot}' is missing")
    openings = {}
    for issue in labels.issues:
        record = data.get("openings", {}).get(issue, {})
        for tone in TONES:
            openings[issue, tone] = reader.text(record or data, f"openings.{issue}.{tone}", record.get(tone))
    bodies = {}
    given = data.get("bodies", {})
    for option in given:
        if option not in speaking:
            reader.fault(given[option], f"bodies: '{option}' is no option that speaks{nearest(option, speaking)}")
    for option in speaking:
        record = given.get(option, {})
        for issue in dict.fromkeys(("default", *record)):
            if issue != "default" and issue not in labels.issues:
                reader.fault(record, f"bodies.{option}: unknown issue '{issue}'{nearest(issue, labels.issues)}")
            bodies[option, issue] = reader.text(record or data, f"bodies.{option}.{issue}", record.get(issue))
    lines = data.get("choices", {})
    choices = {key: reader.text(lines or data, f"choices.{key}", lines.get(key)) for key in ("intro", "outro")}
    for option, line in lines.get("options", {}).items():
        if option not in speaking:
            reader.fault(lines, f"choices: unknown option '{option}'{nearest(option, speaking)}")
        choices[option] = reader.text(lines, f"choices.options.{option}", line)
    for option in remedies:
        if option not in choices and option != "repair":
            reader.fault(lines or data, f"choices.options: '{option}' is missing")
    if reader.faults:
        raise DataError(reader.faults)
    return Templates(data["language"], greeting, closing, dict(gaps), openings, bodies, choices)


class _FileReader:
    """Compiles the texts of one file and gathers its faults."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False)
        self._nothing = Text(self._environment.from_string(""), frozenset(), "")

    def fault(self, node: Any, message: str) -> None:
        self.faults.append(Fault(str(self.path), getattr(node, "line", 0), message))

    def texts(self, data: Mapping[str, Any], key: str, names: tuple[str, ...]) -> dict[str, Text]:
        record = data.get(key, {})
        return {name: self.text(record or data, f"{key}.{name}", record.get(name)) for name in names}

    def text(self, node: Any, where: str, source: Any) -> Text:
        if not isinstance(source, str) or not source.strip():
            self.fault(node, f"{where} is missing or empty")
            return self._nothing
        try:
            slots = meta.find_undeclared_variables(self._environment.parse(source))
            for slot in sorted(slots - set(SLOTS)):
                self.fault(node, f"{where}: unknown slot '{slot}'{nearest(slot, SLOTS)}")
            return Text(self._environment.from_string(source.strip()), frozenset(slots), source)
        except TemplateError as error:
            self.fault(node, f"{where}: does not compile: {error}")
            return self._nothing
