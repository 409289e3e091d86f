"""CSV and TSV: dialects, and rows that do not fit."""

import pytest

from model.errors import InputError
from serve.archive.formats import separated
from serve.archive.sources import Source


def read(tmp_path, text, name="in.csv", size=1000):
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    form = "tsv" if name.endswith("tsv") else "csv"
    rows, errors = [], {}
    for chunk in separated.chunks(Source(path, form), size):
        errors |= {len(rows) + n: error for n, error in chunk.errors.items()}
        rows += chunk.batch.to_pylist()
    return rows, errors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,text\n1,a\n", {"id": "1", "text": "a"}),
        ("id;text\n1;a, b, c\n", {"id": "1", "text": "a, b, c"}),
        ("id\ttext\n1\ta, b\n", {"id": "1", "text": "a, b"}),
        ("id|text\n1|a, b\n", {"id": "1", "text": "a, b"}),
        ("sep=;\nid;text\n1;a\n", {"id": "1", "text": "a"}),
        ('id,text\r\n1,"a\r\nb"\r\n', {"id": "1", "text": "a\r\nb"}),
        ("id,text\r1,a\r", {"id": "1", "text": "a"}),
        ('id,text\n1,"say ""x"""\n', {"id": "1", "text": 'say "x"'}),
        ('id,text\n1,"say \\"x\\", ok"\n', {"id": "1", "text": 'say "x", ok'}),
        ("\ufeffid,text\n1,a", {"id": "1", "text": "a"}),
        ("id,,id\n1,2,3\n", {"id": "1", "column_2": "2", "id_2": "3"}),
        ("text\n\nhello, you\n", {"text": "hello, you"}),
    ],
)
def test_dialects(tmp_path, text, expected):
    rows, errors = read(tmp_path, text)
    assert rows[0] == expected
    assert not errors or expected.keys() == {"text"}


def test_tsv_keeps_commas(tmp_path):
    rows, _ = read(tmp_path, "a,b\ttext\n1\tx\n", "in.tsv")
    assert rows == [{"a,b": "1", "text": "x"}]


def test_rows_that_do_not_fit_are_kept(tmp_path):
    rows, errors = read(tmp_path, "id,text\n1,hello\n2\n3,a,b\n4,x\n")
    assert rows == [
        {"id": "1", "text": "hello"}, {"id": "2", "text": ""}, {"id": "3", "text": "a,b"}, {"id": "4", "text": "x"},
    ]  # fmt: skip
    assert errors == {
        1: "line 3: 1 fields for 2 columns",
        2: "line 4: 3 fields for 2 columns; the surplus stands in the last one",
    }


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_quote_that_is_never_closed_costs_one_row(tmp_path, size):
    text = "id,text\n1,a\n" + '2,"broken\n' + "".join(f"{n},line {n}\n" for n in range(3, 50))
    rows, errors = read(tmp_path, text, size=size)
    assert [r["id"] for r in rows] == [str(n) for n in range(1, 50)]
    assert rows[1]["text"] == '"broken'
    assert errors == {1: "line 3: a quote is opened and never closed"}


def test_so_does_one_in_a_large_file(tmp_path, monkeypatch):
    monkeypatch.setattr(separated, "MAX_FIELD_CHARS", 500)
    text = 'id,text\n1,"broken\n' + "".join(f"{n},line {n}\n" for n in range(2, 500)) + '500,"a\nb"\n'
    rows, errors = read(tmp_path, text)
    assert len(rows) == 500
    assert list(errors) == [0]
    assert rows[-1]["text"] == "a\nb"


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="is empty"):
        read(tmp_path, "")
