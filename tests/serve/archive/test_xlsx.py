"""Excel in and out."""

import sys
from datetime import datetime

import openpyxl
import pytest

from model.errors import InputError, UsageError


@pytest.fixture
def book(tmp_path):
    def make(*rows):
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        workbook.save(tmp_path / "in.xlsx")
        return tmp_path / "in.xlsx"

    return make


def test_cells_keep_their_types(book, label, tmp_path):
    path = book(
        ["id", "message", "at", "n"], [1, "Where is it?", datetime(2026, 3, 1), 1.5], [None] * 4, [2, 5, None, 2]
    )
    rows = label(path, output="o.parquet")
    assert [(r["id"], r["n"]) for r in rows] == [(1, 1.5), (2, 2.0)]
    assert rows[0]["at"] == datetime(2026, 3, 1)
    assert rows[1]["error"] == "'message' holds no text"
    assert rows[1]["message"] == "5"


def test_out(book, label, tmp_path):
    label(book(["text"], ["=1+1"], ["Where is it?"]), output="o.csv")
    from serve.archive.label import Options, label_archives

    path = book(["text", "n"], ["Where is it?", 1], ["=SUM(A1)", 2])
    label_archives([path], tmp_path / "o.xlsx", Options(model=label.model))
    rows = list(openpyxl.load_workbook(tmp_path / "o.xlsx").active.iter_rows(values_only=True))
    assert rows[0][:4] == ("text", "n", "language", "supported")
    assert rows[1][:4] == ("Where is it?", 1, "en", True)
    assert len(rows) == 3


def test_what_is_no_workbook_is_refused(tmp_path, label, book, monkeypatch):
    (tmp_path / "bad.xlsx").write_bytes(b"PK this is none")
    with pytest.raises(InputError, match="not an Excel workbook"):
        label(tmp_path / "bad.xlsx")
    with pytest.raises(InputError, match="the first sheet is empty"):
        label(book())
    path = book(["text"], ["hi"])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"pip install 'replydesk\[excel\]'"):
        label(path)
    with pytest.raises(UsageError, match=r"pip install 'replydesk\[excel\]'"):
        label(path, output="o.xlsx")
