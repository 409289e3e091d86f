"""Whole archives: every row comes out, in order, with its columns, in every format."""

import csv
import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import InputError, UsageError
from serve.archive.layout import label_names
from serve.archive.names import LABEL_COLUMNS
from serve.archive.opening import open_binary
from serve.archive.sources import Source


def test_csv_in_and_out(archive, label, tmp_path):
    rows = label(archive, output="out.csv")
    assert label.summary.rows == len(rows) == 57
    assert [r["id"] for r in rows] == [str(n) for n in range(57)]
    assert {r["input_language"] for r in rows} == {"?"}  # a column named like ours keeps its content
    assert list(rows[0]) == ["id", "message", "input_language", *LABEL_COLUMNS]
    assert rows[0]["issue"] == "where_is_order"
    assert rows[1]["language"] == "de"
    assert rows[1]["issues"].split("|")[0] == rows[1]["issue"]
    assert rows[0]["needs_person"] in ("true", "false")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("output", ["out.csv", "out.jsonl", "out.parquet"])
def test_every_output_says_the_same(archive, label, output):
    expected = label(archive, output="expected.jsonl")
    rows = label(archive, output=output)
    assert [str(r["issue"]) for r in rows] == [r["issue"] for r in expected]
    assert [float(r["sentiment_score"]) for r in rows] == [r["sentiment_score"] for r in expected]
    assert [r["message"] for r in rows] == [r["message"] for r in expected]


def test_parquet_keeps_types(tmp_path, label):
    table = pa.table(
        {
            "message": ["Where is it?", None],
            "n": pa.array([1, 2], pa.int16()),
            "price": pa.array(["1.50", "2.00"]).cast(pa.decimal128(9, 2)),
            "at": pa.array([0, 1], pa.timestamp("ns", tz="Europe/Rome")),
            "tags": [["a"], []],
            "shop": pa.array(["x", "y"]).dictionary_encode(),
            "more": [{"a": 1}, {"a": 2}],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    label(tmp_path / "in.parquet", output="out.parquet")
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.select(table.schema.names).equals(table)
    assert out.schema.field("issues").type == pa.list_(pa.string())
    assert out["error"].to_pylist() == [None, "'message' holds no text"]
    rows = label(tmp_path / "in.parquet", output="out.jsonl")
    assert rows[0]["at"].startswith("1970-01-01T01:00:00.000000000+0100")
    assert rows[0]["price"] == "1.50"
    assert rows[1]["more"] == {"a": 2}
    rows = label(tmp_path / "in.parquet", output="out.csv")
    assert (rows[0]["tags"], rows[1]["more"], rows[0]["n"]) == ("a", '{"a": 2}', "1")


def test_arrow_files_and_streams(tmp_path, label):
    table = pa.table({"text": ["Where is it?"] * 3, "n": [1, 2, 3]})
    with pa.ipc.new_file(tmp_path / "f.arrow", table.schema) as file:
        file.write_table(table)
    with pa.ipc.new_stream(tmp_path / "s.arrows", table.schema) as stream:
        stream.write_table(table, max_chunksize=2)
    rows = label(tmp_path / "f.arrow", tmp_path / "s.arrows")
    assert [r["n"] for r in rows] == [1, 2, 3, 1, 2, 3]


def test_inputs_of_different_columns_come_together(tmp_path, label):
    (tmp_path / "a.csv").write_text("id,text\n1,Where is it?\n")
    (tmp_path / "b.jsonl").write_text(
        '{"id": 2, "message": "Broken!", "n": 1.5}\n{"id": "x", "message": "hi", "n": 2}\n'
    )
    rows = label(tmp_path / "a.csv", tmp_path / "b.jsonl", output="o.parquet")
    assert [(r["id"], r["text"], r["message"], r["n"]) for r in rows] == [
        ("1", "Where is it?", None, None), ("2", None, "Broken!", 1.5), ("x", None, "hi", 2.0),
    ]  # fmt: skip
    assert all(r["error"] is None for r in rows)


@pytest.mark.parametrize("ending", ["csv.gz", "jsonl.gz", "csv.zst", "jsonl.zst"])
def test_packed_outputs_read_as_plain_ones(archive, label, tmp_path, small_batches, ending):
    plain = ending.rsplit(".", 1)[0]
    label(archive, output=f"plain.{plain}")
    label(archive, output=f"packed.{ending}")
    with open_binary(Source(tmp_path / f"packed.{ending}", plain, ending.rsplit(".", 1)[1])) as (file, _):
        assert file.read() == (tmp_path / f"plain.{plain}").read_bytes()


def test_several_inputs_and_workers(archive, label, tmp_path, small_batches):
    packed = tmp_path / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"message": "Wo ist mein Paket?"}\n' * 3))
    label(archive, packed, output="one.jsonl")
    rows = label(archive, packed, output="two.jsonl", workers=2)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert len(rows) == 60


def test_chosen_columns(archive, label):
    rows = label(archive, output="o.csv", columns=("issue", "id", "input_language"))
    assert list(rows[0]) == ["issue", "id", "input_language"]
    rows = label(archive, output="o.jsonl", columns=("issue", "id"))
    assert list(rows[0]) == ["issue", "id"]
    with pytest.raises(UsageError, match="did you mean 'issue'"):
        label(archive, columns=("isue",))


def test_first_option_and_template(tmp_path, label, suggester):
    path = tmp_path / "in.csv"
    path.write_text(
        "text,platform,status,delivered_at,date,customer_name\n"
        "Il pacco risulta consegnato ma non ho ricevuto nulla,Amazon,delivered,2026-03-01,2026-03-04,G\n"
        "The cup arrived broken,nowhere,,,,\n",
        encoding="utf-8",
    )
    rows = label(path, suggest=True)
    assert set(label_names(suggest=True)) <= set(rows[0])
    assert rows[0]["template"] == f"{rows[0]['issue']}.{rows[0]['option']}" or rows[0]["template"]
    assert rows[1]["option"] in suggester.options
    assert rows[1]["error"] is None  # a platform that is unknown is left out, not held against the row
    assert label(path, suggest=True) == rows
    assert rows[0]["issue"] == label(path)[0]["issue"]


def test_an_open_claim_is_urgent(tmp_path, label):
    path = tmp_path / "in.jsonl"
    text = "I have opened an A-to-z claim because you did not refund me"
    path.write_text(
        json.dumps({"text": text, "claim_opened_at": "2026-01-02"}) + "\n" + json.dumps({"text": text}) + "\n"
    )
    rows = label(path)
    assert "claim" in rows[0]["issues"]
    assert [r["priority"] for r in rows] == ["urgent", "high"]


def test_shards_make_the_whole(archive, label, small_batches):
    whole = label(archive)
    parts = [label(archive, shard=(n, 4)) for n in (1, 2, 3, 4)]
    assert [len(part) for part in parts] == [20, 17, 10, 10]
    assert sorted((row for part in parts for row in part), key=lambda r: int(r["id"])) == whole
    assert parts[1][0]["id"] == "10"


def test_progress_reaches_the_end(archive, label, small_batches):
    seen = []
    label(archive, progress=seen.append)
    assert [p.rows for p in seen] == [10, 20, 30, 40, 50, 57]
    assert seen[-1].done_bytes == seen[-1].total_bytes == archive.stat().st_size


def test_csv_output_survives_any_text(tmp_path, label):
    texts = ["a\rb", 'say "x"', "a\r\nb", "a\nb", "semi;colon,comma", "\ud83d half", " lead", "'=1+1", "nul\x00", "|"]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    label(path, output="o.csv")
    read = list(csv.DictReader(io.StringIO((tmp_path / "o.csv").read_bytes().decode(), newline="")))
    assert [r["text"] for r in read] == [t.replace("\ud83d", "\\ud83d") for t in texts]


def test_wrong_use(archive, label, tmp_path):
    with pytest.raises(UsageError, match="no column 'body'"):
        label(archive, column="body")
    with pytest.raises(UsageError, match=r"cannot be written.*\.parquet"):
        label(archive, output="o.docx")
    with pytest.raises(UsageError, match="cannot be written"):
        label(archive, output="o.parquet.gz")
    with pytest.raises(UsageError, match="no such file"):
        label(tmp_path / "none.csv")
    before = archive.read_bytes()
    with pytest.raises(UsageError, match="an input too"):
        label(archive, output="in.csv")
    assert archive.read_bytes() == before
    unnamed = tmp_path / "u.csv"
    unnamed.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="--text-column"):
        label(unnamed)
    empty = tmp_path / "e.csv"
    empty.write_text("")
    with pytest.raises(InputError, match="is empty"):
        label(empty)
    broken = tmp_path / "b.parquet"
    broken.write_bytes(b"PAR1 this is none")
    with pytest.raises(InputError, match=r"b\.parquet: cannot be read"):
        label(broken)
    cut = tmp_path / "c.jsonl.gz"
    cut.write_bytes(gzip.compress(b'{"text": "hi"}\n' * 1000)[:-20])
    with pytest.raises(InputError, match="cannot be read"):
        label(cut)
