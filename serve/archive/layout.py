"""What comes out: which columns, under which names, of which types; the same for every batch of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from model.errors import UsageError, nearest
from serve.archive.inference import merge
from serve.archive.names import LABEL_COLUMNS, SUGGEST_COLUMNS, renamed
from serve.archive.opening import show_bytes

LABEL_TYPES: dict[str, pa.DataType] = {
    "language": pa.string(),
    "supported": pa.bool_(),
    "issue": pa.string(),
    "issues": pa.list_(pa.string()),
    "issue_confidence": pa.float64(),
    "sentiment": pa.string(),
    "sentiment_score": pa.float64(),
    "priority": pa.string(),
    "needs_person": pa.bool_(),
    "order_id": pa.string(),
    "model_version": pa.string(),
    "error": pa.string(),
    "option": pa.string(),
    "template": pa.string(),
}


@dataclass(frozen=True)
class Column:
    """One column that comes out.

    Parameters
    ----------
    name : str
        As it comes out.
    source : str or None
        The input column; None for a label.
    type : pyarrow.DataType
    """

    name: str
    source: str | None
    type: pa.DataType


@dataclass(frozen=True)
class Layout:
    """The columns that come out.

    Parameters
    ----------
    columns : tuple of Column or None
        None where every row keeps the columns that it has, as JSON Lines may.
    labels : tuple of str
        The labels that come out where `columns` is None.
    """

    columns: tuple[Column, ...] | None
    labels: tuple[str, ...]

    @property
    def schema(self) -> pa.Schema:
        """Arrow's own account of the columns."""
        return pa.schema([(column.name, column.type) for column in self.columns or ()])


def label_names(*, suggest: bool) -> tuple[str, ...]:
    """Return the columns that are added; `error` stays the last.

    >>> label_names(suggest=True)[-3:]
    ('option', 'template', 'error')
    """
    return (*LABEL_COLUMNS[:-1], *(SUGGEST_COLUMNS if suggest else ()), LABEL_COLUMNS[-1])


def free_layout(*, suggest: bool) -> Layout:
    """Return the layout in which every row keeps what it has."""
    return Layout(None, label_names(suggest=suggest))


def fixed_layout(
    tables: Sequence[Mapping[str, pa.DataType]], *, suggest: bool, wanted: Sequence[str] | None = None
) -> Layout:
    """Return the layout of archives whose columns are known.

    Parameters
    ----------
    tables : sequence of mappings
        Columns and types of each archive.
    suggest : bool
        Whether option and template are added.
    wanted : sequence of str, optional
        Names that come out, in this order; all by default.

    Raises
    ------
    UsageError
        If a wanted column does not exist.

    Examples
    --------
    >>> layout = fixed_layout([{"id": pa.int64()}, {"id": pa.float64(), "issue": pa.string()}], suggest=False)
    >>> [column.name for column in layout.columns][:3], str(layout.columns[0].type)
    (['id', 'input_issue', 'language'], 'double')
    """
    types: dict[str, pa.DataType] = {}
    for table in tables:
        for name, kind in table.items():
            types[name] = merge(types[name], kind) if name in types else kind
    labels = label_names(suggest=suggest)
    # A column in which no value was seen is text: Parquet's null type is read by few programs.
    columns = [
        Column(show_bytes(renamed(name, labels, types)), name, pa.string() if pa.types.is_null(kind) else kind)
        for name, kind in types.items()
    ]
    columns += [Column(name, None, LABEL_TYPES[name]) for name in labels]
    if wanted is not None:
        by_name = {column.name: column for column in columns}
        for name in wanted:
            if name not in by_name:
                there = ", ".join(by_name)
                raise UsageError(
                    f"--columns: there is no column '{name}'{nearest(name, list(by_name))}; there are {there}"
                )
        columns = [by_name[name] for name in dict.fromkeys(wanted)]
    return Layout(tuple(columns), labels)
