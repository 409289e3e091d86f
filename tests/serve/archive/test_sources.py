"""Which archives the inputs name."""

import io
import sys

import pytest

from model.errors import UsageError
from serve.archive.sources import FORMATS, find_sources


@pytest.fixture
def folder(tmp_path):
    for name in ("b.csv", "a.jsonl.gz", "deep/c.PARQUET", "m/2.eml", "m/1.eml", "_SUCCESS", ".part.crc", "notes.pdf"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path / "in"


def named(sources):
    return [(s.path.name, s.format, s.compression, len(s.mails)) for s in sources]


def test_folders_are_read_in_order_of_names(folder):
    assert named(find_sources([folder])) == [
        ("a.jsonl.gz", "jsonl", "gz", 0), ("b.csv", "csv", "", 0), ("c.PARQUET", "parquet", "", 0), ("in", "eml", "", 2),
    ]  # fmt: skip
    assert [p.name for p in find_sources([folder])[-1].mails] == ["1.eml", "2.eml"]


def test_globs_and_formats_given(folder):
    assert named(find_sources([f"{folder}/*.csv"])) == [("b.csv", "csv", "", 0)]
    assert named(find_sources([folder / "notes.pdf"], form="tsv")) == [("notes.pdf", "tsv", "", 0)]
    assert find_sources([folder / "b.csv"], encoding="gb18030")[0].encoding == "gb18030"


def test_maildir(tmp_path):
    for name in ("cur/1:2,S", "new/2"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"Subject: x\n\nhi")
    assert named(find_sources([tmp_path]))[0][1:] == ("eml", "", 2)


def test_standard_input_is_kept_beside_the_output(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text\nhi\n")))
    (source,) = find_sources(["-"], form="csv", spool=tmp_path / "o.partial.stdin")
    assert source.path.read_bytes() == b"text\nhi\n"
    assert list(tmp_path.iterdir()) == [source.path]


@pytest.mark.parametrize(
    ("inputs", "options", "said"),
    [
        (["none.csv"], {}, "no such file"),
        (["none*.csv"], {}, "no file matches"),
        (["{}/notes.pdf"], {}, r"unknown archive format; name it \.csv"),
        (["{}/b.csv"], {"form": "xml"}, "--format xml is unknown"),
        (["{}/b.csv"], {"form": "jsnol"}, "did you mean 'jsonl'"),
        (["{}/b.csv"], {"encoding": "utf-9"}, "--encoding utf-9 is unknown"),
        (["-"], {}, "'-' needs --format"),
        (["-"], {"form": "csv"}, "standard input cannot be used here"),
        (["{}/empty"], {}, "no archive in this folder"),
        (["{}/x.parquet.gz"], {}, "compressed within"),
    ],
)
def test_what_cannot_be_is_refused(folder, inputs, options, said):
    (folder / "empty").mkdir()
    (folder / "x.parquet.gz").write_bytes(b"")
    with pytest.raises(UsageError, match=said):
        find_sources([name.format(folder) for name in inputs], **options)


def test_every_format_has_its_module():
    from serve.archive.formats import load_format
    from serve.archive.sources import Source

    for form in FORMATS:
        module = load_format(Source(None, form))
        assert all(callable(getattr(module, name)) for name in ("names", "fields", "chunks"))
