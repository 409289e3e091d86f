"""CSV and TSV in the dialects that are met: separators, quotes, doubled or escaped, with rows that do not fit."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

import pyarrow as pa

from model.errors import InputError
from serve.archive.formats import CHUNK_BYTES
from serve.archive.names import distinct
from serve.archive.opening import is_undecoded, open_text, show_bytes
from serve.archive.rows import TableChunk
from serve.archive.sources import Source

SEPARATORS = ",;\t|"
SAMPLE_LINES = 100
# A field longer than this is taken for a quote that was opened and never closed; the longest message is 200,000 characters.
MAX_FIELD_CHARS = 1_000_000
_DECLARED = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)  # Excel's own way to name the separator


class Lines:
    """The lines of a stream, with those of the present record held, and a way to give lines back."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self.held: list[str] = []
        self.number = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._back:
            line = self._back.popleft()
        else:
            try:
                line = next(self._stream)
            except StopIteration:
                self.ended = True
                raise
        self.number += 1
        self.held.append(line)
        return line

    def give_back(self) -> str:
        """Return the first line of the present record; the others are read again."""
        first, *others = self.held
        self._back.extendleft(reversed(others))
        self.number -= len(others)
        self.ended = False
        self.held.clear()
        return first


def names(source: Source, *, whole: bool = False) -> list[str]:
    """Return the header."""
    with open_text(source, source.encoding or "utf-8-sig") as (stream, _):
        return _begin(source, stream)[1]


def fields(source: Source) -> dict[str, pa.DataType]:
    """Return the columns, which are all text."""
    return dict.fromkeys(names(source), pa.string())


def chunks(source: Source, size: int) -> Iterator[TableChunk]:
    """Yield the rows; missing fields are empty, surplus ones stay in the last column, both with the error named."""
    with open_text(source, source.encoding or "utf-8-sig") as (stream, place):
        dialect, header, lines = _begin(source, stream)
        schema = pa.schema([(name, pa.string()) for name in header])
        records = _records(lines, dialect)
        while True:
            rows: list[list[str]] = []
            numbers: list[int] = []
            errors: dict[int, str] = {}
            chars = 0
            for row, line, problem in islice(records, size):
                if len(row) != len(header):
                    problem = problem or _fit(row, len(header), dialect)
                if problem:
                    errors[len(rows)] = f"line {line}: {problem}"
                rows.append(row)
                numbers.append(line)
                chars += sum(map(len, row))
                if chars > CHUNK_BYTES:
                    break
            if not rows:
                return
            yield TableChunk(place(), _table(rows, schema, numbers, errors), errors)


def split_record(text: str, dialect: type[csv.Dialect], width: int | None = None) -> tuple[list[str], str]:
    """Take one record apart as `chunks` does; return its fields, as many as there are columns, and what is wrong."""
    row, _, problem = next(_records(Lines(iter(text.splitlines(keepends=True))), dialect), ([], 0, ""))
    if width is not None and len(row) != width:
        problem = problem or _fit(row, width, dialect)
    return row, problem


def find_dialect(sample: str, format_name: str = "csv") -> type[csv.Dialect]:
    r"""Return the dialect of a sample: the separator that gives the most columns in the most lines.

    Examples
    --------
    >>> find_dialect("id;text\n1;a, b, c\n2;d\n").delimiter
    ';'
    >>> find_dialect('id,text\n1,"5\\" pipe"\n').escapechar
    '\\'
    """
    declared = _DECLARED.match(sample.split("\n", 1)[0])
    separator = "\t" if format_name == "tsv" else ","
    escaped = '\\"' in sample and '""' not in sample.replace(',""', "").replace('"",', "")
    if declared:
        separator = declared[1]
    elif format_name != "tsv":
        best = -1.0
        for candidate in SEPARATORS:
            widths = _widths(sample, make_dialect(candidate, escaped=escaped))
            if widths and widths[0] > 1:
                agreeing = sum(width == widths[0] for width in widths) / len(widths)
                score = agreeing + min(widths[0], 50) / 100
                if score > best:
                    best, separator = score, candidate
    return make_dialect(separator, escaped=escaped)


def make_dialect(separator: str, *, escaped: bool) -> type[csv.Dialect]:
    """Return a dialect: quotes within a field doubled, or escaped with a backslash."""

    class Separated(csv.excel):
        delimiter = separator
        doublequote = not escaped
        escapechar = "\\" if escaped else None

    return Separated


def _widths(sample: str, dialect: type[csv.Dialect]) -> list[int]:
    try:
        return [len(row) for row in csv.reader(io.StringIO(sample, newline=""), dialect) if row]
    except csv.Error:
        return []  # a field longer than the sample may be: another separator is right


def _begin(source: Source, stream: TextIO) -> tuple[type[csv.Dialect], list[str], Lines]:
    csv.field_size_limit(MAX_FIELD_CHARS)
    head = list(islice(stream, SAMPLE_LINES))
    dialect = find_dialect("".join(head)[:MAX_FIELD_CHARS], source.format)
    lines = Lines(iter(_chained(head, stream)))
    if head and _DECLARED.match(head[0]):
        next(lines)
    header = next((row for row, _, _ in _records(lines, dialect)), None)
    if not header:
        raise InputError(f"{source.path}: the file is empty; a CSV archive begins with the names of its columns")
    return dialect, distinct(show_bytes(name) for name in header), lines


def _chained(head: list[str], stream: TextIO) -> Iterator[str]:
    yield from head
    yield from stream


def _records(lines: Lines, dialect: type[csv.Dialect]) -> Iterator[tuple[list[str], int, str]]:
    """Yield fields, line number and what is wrong. A quote that is never closed costs its own line, not all that follow."""
    reader = csv.reader(lines, dialect)
    lines.held.clear()
    while True:
        problem = ""
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = str(error)
        if problem or lines.ended:
            number = lines.number - len(lines.held) + 1
            first = lines.give_back()
            alone = csv.reader([first], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
            csv.field_size_limit(2**31 - 1)
            yield next(alone, []), number, "a quote is opened and never closed"
            csv.field_size_limit(MAX_FIELD_CHARS)
            reader = csv.reader(lines, dialect)
            continue
        number = lines.number - len(lines.held) + 1
        lines.held.clear()
        if row:
            yield row, number, ""


def _fit(row: list[str], width: int, dialect: type[csv.Dialect]) -> str:
    found = len(row)
    if found > width:
        row[width - 1 :] = [dialect.delimiter.join(row[width - 1 :])]
        if width == 1:
            return ""  # a list of messages, whose commas are their own
        return f"{found} fields for {width} columns; the surplus stands in the last one"
    row += [""] * (width - found)
    return f"{found} fields for {width} columns"


def _table(rows: list[list[str]], schema: pa.Schema, numbers: list[int], errors: dict[int, str]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True))
    arrays = []
    for name, column in zip(schema.names, columns, strict=True):
        try:
            arrays.append(pa.array(column, pa.string()))
        except UnicodeEncodeError:
            for n, value in enumerate(column):
                if is_undecoded(value):
                    problem = f"'{name}' has bytes that are not of the file's encoding (see --encoding)"
                    errors.setdefault(n, f"line {numbers[n]}: {problem}")
            arrays.append(pa.array(map(show_bytes, column), pa.string()))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
