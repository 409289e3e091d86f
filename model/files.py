"""Where data and models lie, and the strict readers that every data file passes through."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from model.errors import DataError, Fault, ReplydeskError

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
INSTALLED_DATA = "replydesk_data"


def data_dir() -> Path:
    """Return the folder of the shipped data.

    `REPLYDESK_DATA` where set; in a clone the folder `data/`; in an installed wheel `replydesk_data/` beside the
    packages.

    Raises
    ------
    ReplydeskError
        If none of these holds `labels.yaml`.
    """
    chosen = os.environ.get("REPLYDESK_DATA")
    candidates = [Path(chosen)] if chosen else [PACKAGE_ROOT / "data", PACKAGE_ROOT / INSTALLED_DATA]
    for folder in candidates:
        if (folder / "labels.yaml").is_file():
            return folder
    places = ", ".join(str(c) for c in candidates)
    raise ReplydeskError(f"no labels.yaml found in {places}; set REPLYDESK_DATA to the folder that holds it")


def in_clone() -> bool:
    """Tell whether the packages are run from a clone of the repository rather than an installed wheel."""
    return (PACKAGE_ROOT / "pyproject.toml").is_file() and (PACKAGE_ROOT / "data").is_dir()


def user_dir() -> Path:
    """Return the folder for what is made at run time: `REPLYDESK_HOME`, or the platform's user data folder."""
    chosen = os.environ.get("REPLYDESK_HOME")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("replydesk", appauthor=False))


def model_dir() -> Path:
    """Return the folder of the default model.

    `REPLYDESK_MODEL` where set; `models/default` in a clone; below the user's data folder for an installed wheel.
    """
    chosen = os.environ.get("REPLYDESK_MODEL")
    if chosen:
        return Path(chosen)
    return (PACKAGE_ROOT if in_clone() else user_dir()) / "models" / "default"


class _StrictLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Every scalar a string (`no` is Norwegian, not False); doubled keys refused; lines remembered."""


_StrictLoader.yaml_implicit_resolvers = {}


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key '{key}' stands twice", key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return Located(seen, node.start_mark.line + 1)


class Located(dict[str, Any]):
    """A mapping that remembers the line of its file where it begins."""

    def __init__(self, values: dict[str, Any], line: int) -> None:
        super().__init__(values)
        self.line = line


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """Read a YAML file in which every scalar is a string and every mapping a `Located`.

    Raises
    ------
    DataError
        If the file is missing, not UTF-8, not YAML, or names a key twice.
    """
    text = _read_text(path)
    try:
        # A loader that only builds str, list and dict: `yaml.load` is as safe with it as `safe_load`.
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise DataError([Fault(str(path), line, f"not valid YAML: {error.problem or error.context}")]) from error
    except yaml.YAMLError as error:
        raise DataError([Fault(str(path), 0, f"not valid YAML: {error}")]) from error


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield `(line number, record)` for every non-empty line of a JSON Lines file.

    Raises
    ------
    DataError
        At the first line that is not a JSON object.
    """
    for number, line in enumerate(_read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataError([Fault(str(path), number, f"not valid JSON: {error}")]) from error
        if not isinstance(record, dict):
            raise DataError([Fault(str(path), number, 'a line must hold one JSON object, like {"text": "…"}')])
        yield number, record


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataError([Fault(str(path), 0, "no such file")]) from error
    except UnicodeDecodeError as error:
        raise DataError([Fault(str(path), 0, f"not UTF-8 (byte {error.start}): save it as UTF-8")]) from error
    except OSError as error:
        raise DataError([Fault(str(path), 0, f"cannot be read: {error.strerror}")]) from error
