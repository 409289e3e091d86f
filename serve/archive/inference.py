"""Types of columns that are not declared: what holds every value that was seen."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from serve.archive.rows import Rows


class Inferred:
    """Gathers columns and types over batches of rows."""

    def __init__(self) -> None:
        self._types: dict[str, pa.DataType] = {}

    def add(self, rows: Rows) -> None:
        """Take note of a batch."""
        for name in rows.names:
            seen = type_of(rows.values(name))
            self._types[name] = merge(self._types[name], seen) if name in self._types else seen

    def fields(self) -> dict[str, pa.DataType]:
        """Return columns and types; a null type stands for 'no value seen'."""
        return dict(self._types)


def type_of(values: list[Any]) -> pa.DataType:
    """Return the type that holds all values; text (as JSON) where no other does.

    >>> type_of([1, 2.5]), type_of([1, "a"]), type_of([None]), type_of(["a", None])
    (DataType(double), DataType(string), DataType(null), DataType(string))
    """
    try:
        kind = pa.array(values).type
    except (pa.ArrowException, OverflowError, UnicodeError):
        return pa.string()
    return kind if _storable(kind) else pa.string()


def merge(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return the type that holds both; text where nothing else does.

    >>> merge(pa.int64(), pa.float64()), merge(pa.null(), pa.int64()), merge(pa.bool_(), pa.int64())
    (DataType(double), DataType(int64), DataType(string))
    """
    if one == other:
        return one
    if pa.types.is_boolean(one) != pa.types.is_boolean(other) and pa.null() not in (one, other):
        return pa.string()
    try:
        both = pa.unify_schemas([pa.schema({"": one}), pa.schema({"": other})], promote_options="permissive")
    except pa.ArrowException:
        return pa.string()
    return both.field(0).type


def _storable(kind: pa.DataType) -> bool:
    """Tell whether Parquet can hold it: not a record without fields."""
    if pa.types.is_struct(kind):
        return kind.num_fields > 0 and all(_storable(kind.field(n).type) for n in range(kind.num_fields))
    return _storable(kind.value_type) if pa.types.is_list(kind) else True
