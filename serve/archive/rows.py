"""Archives as streams of rows. A row that cannot be read is a row too: it carries its error."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from model.errors import InputError, UsageError

TEXT_COLUMNS = (
    "text", "message", "body", "content", "message_text", "buyer_message", "customer_message", "msg", "comment",
    "question", "review", "nachricht", "mensaje", "messaggio", "mensagem", "内容", "消息", "留言", "メッセージ", "메시지",
)  # fmt: skip
FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


@dataclass(slots=True)
class Row:
    """One row of an archive: its fields as they came, or what is wrong with it."""

    fields: dict[str, Any]
    error: str = ""


def archive_format(path: Path) -> str:
    """Return 'csv' or 'jsonl' by the ending (`.gz` aside); raises UsageError for any other."""
    name = path.name.removesuffix(".gz")
    for ending, kind in FORMATS.items():
        if name.lower().endswith(ending):
            return kind
    raise UsageError(f"{path}: unknown archive format; name it {', '.join(FORMATS)} (or with .gz behind)")


def read_rows(path: Path) -> Iterator[Row]:
    """Yield every row of an archive, in order, one at a time.

    Raises
    ------
    InputError
        If the file cannot be opened, or a CSV file has no header.
    """
    reader = _read_csv if archive_format(path) == "csv" else _read_jsonl
    try:
        with _open(path) as file:
            yield from reader(file, path)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def columns_of(path: Path) -> list[str]:
    """Return the names of all columns, in order of appearance (JSON Lines are read through for it)."""
    if archive_format(path) == "csv":
        with _open(path) as file:
            return list(csv.DictReader(file, dialect=_dialect(file)).fieldnames or ())
    names: dict[str, None] = {}
    for row in read_rows(path):
        names.update(dict.fromkeys(row.fields))
    return list(names)


def text_column(columns: Sequence[str], wanted: str | None, path: Path) -> str:
    """Return the column that holds the message; raises UsageError where none is recognised or the wanted one is missing."""
    if wanted:
        if wanted not in columns:
            raise UsageError(f"{path}: there is no column '{wanted}'; there are {', '.join(columns)}")
        return wanted
    if not columns:
        raise InputError(f"{path}: the file is empty")
    by_name = {name.strip().lower(): name for name in columns}
    for candidate in TEXT_COLUMNS:
        if candidate in by_name:
            return by_name[candidate]
    raise UsageError(f"{path}: which column holds the message? Say --text-column NAME; there are {', '.join(columns)}")


def _open(path: Path) -> IO[str]:
    # Bytes that are no UTF-8 pass through as lone surrogates: the row is marked, and written as it came.
    if path.name.lower().endswith(".gz"):
        opened = gzip.open(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")  # noqa: SIM115
        return cast("IO[str]", opened)
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _dialect(file: IO[str]) -> type[csv.Dialect] | csv.Dialect:
    head = file.readline()
    file.seek(0)

    class Separated(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Separated


def _read_csv(file: IO[str], path: Path) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)
    reader = csv.DictReader(file, dialect=_dialect(file), restkey="")
    if not reader.fieldnames:
        raise InputError(f"{path}: the file is empty; a CSV archive begins with the names of its columns")
    while True:
        try:
            fields: dict[Any, Any] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row({}, f"line {reader.line_num}: {error}")
            continue
        problem = ""
        if "" in fields and fields[""] and "" not in (reader.fieldnames or ()):
            surplus = fields.pop("")
            problem = f"line {reader.line_num}: {len(surplus)} more fields than the header has columns"
        elif any(value is None for value in fields.values()):
            fields = {key: "" if value is None else value for key, value in fields.items()}
            problem = f"line {reader.line_num}: fewer fields than the header has columns"
        yield Row(fields, problem or _undecodable(fields, reader.line_num))


def _read_jsonl(file: IO[str], path: Path) -> Iterator[Row]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError as error:
            yield Row({"line": line.rstrip("\r\n")}, f"line {number}: not valid JSON: {error}")
            continue
        if isinstance(fields, dict):
            yield Row(fields, _undecodable(fields, number))
        else:
            yield Row({"line": line.rstrip("\r\n")}, f"line {number}: not a JSON object")


def _undecodable(fields: dict[str, Any], line: int) -> str:
    for name, value in fields.items():
        if isinstance(value, str) and not value.isascii() and any("\udc80" <= c <= "\udcff" for c in value):
            return f"line {line}: '{name}' is not UTF-8"
    return ""
