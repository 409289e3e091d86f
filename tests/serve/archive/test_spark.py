"""The Spark engine gives the rows of the local one, on threads of this machine and on executors of their own."""

import csv
import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model.errors import InputError, UsageError
from serve.archive import spark
from serve.archive.command import run_on_spark
from serve.archive.label import Options
from serve.archive.spark import label_on_spark

LINE = re.compile(r"^line \d+: ")  # executors do not know line numbers
TEXTS = ["Where is my parcel?", "Es ist kaputt, Geld zurück!\nSofort", "キャンセルしたいです", "", 'say "x", ok']
EXECUTORS = "local-cluster[2,1,1024]"


def read_parts(folder):
    rows = []
    for path in sorted(folder.glob("part-*")):
        if path.suffix == ".parquet":
            rows += pq.read_table(path).to_pylist()
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows += list(csv.DictReader(file))
        else:
            rows += [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    return rows


def without_lines(rows):
    return [{**row, "error": row["error"] and LINE.sub("", row["error"])} for row in rows]


@pytest.mark.slow
def test_csv(tmp_path, label, model_folder):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "message", "language", "id"])
        writer.writerows([n, TEXTS[n % 5], "?", ""] for n in range(40))
        file.write("40;too few\r\n41;too;many;fields;here\r\n")
    expected = label(path, output="local.parquet")
    summary = label_on_spark([str(path)], str(tmp_path / "out.parquet"), Options(model_folder), master="local[2]")
    rows = read_parts(tmp_path / "out.parquet")
    assert without_lines(rows) == without_lines(expected)
    assert (summary.rows, summary.errors) == (42, 2)
    assert summary.languages == label.summary.languages
    with pytest.raises(InputError, match=r"Spark: .*already exists"):
        label_on_spark([str(path)], str(tmp_path / "out.parquet"), Options(model_folder), master="local[2]")


@pytest.mark.slow
def test_json_lines_on_two_executors(tmp_path, label, model_folder):
    path = tmp_path / "in.jsonl"
    lines = [json.dumps({"text": TEXTS[n % 5], "n": n, "big": 10**25, "issue": "old"}) for n in range(60)]
    lines[7:9] = ["{broken", '{"n": 8}', ""]
    path.write_text("\n".join(lines) + "\n")
    expected = label(path, suggest=True)
    summary = label_on_spark(
        [str(path)], str(tmp_path / "spark.jsonl"), Options(model_folder, suggest=True), master=EXECUTORS
    )
    rows = read_parts(tmp_path / "spark.jsonl")
    assert without_lines(rows) == without_lines(expected)
    assert (summary.rows, summary.errors) == (60, 2)
    expected = label(path, output="local.parquet")
    label_on_spark([str(path)], str(tmp_path / "out.parquet"), Options(model_folder), master=EXECUTORS)
    assert without_lines(read_parts(tmp_path / "out.parquet")) == without_lines(expected)


@pytest.mark.slow
def test_parquet_to_packed_csv(tmp_path, label, model_folder):
    table = pa.table({"id": range(20), "text": TEXTS * 4, "tags": [["a", "b"]] * 20, "price": [1.5, None] * 10})
    pq.write_table(table, tmp_path / "in.parquet")
    wanted = ("id", "tags", "price", "issue", "supported", "error")
    expected = label(tmp_path / "in.parquet", output="local.csv", columns=wanted)
    label_on_spark(
        [str(tmp_path / "in.parquet")],
        str(tmp_path / "out.csv"),
        Options(model_folder, columns=wanted),
        master="local[2]",
    )
    assert read_parts(tmp_path / "out.csv") == expected


def test_what_is_missing_is_named(monkeypatch, model_folder):
    options = Options(model_folder)
    with monkeypatch.context() as patch:
        patch.setattr(spark.shutil, "which", lambda _: None)
        patch.delenv("JAVA_HOME", raising=False)
        with pytest.raises(UsageError, match="needs Java 17"):
            label_on_spark(["in.csv"], "out.csv", options)
    with monkeypatch.context() as patch:
        patch.setitem(spark.sys.modules, "pyspark", None)
        with pytest.raises(UsageError, match=r"pip install 'replydesk\[spark\]'"):
            label_on_spark(["in.csv"], "out.csv", options)


def test_wrong_use(model_folder):
    with pytest.raises(UsageError, match="--shard is for the local engine"):
        label_on_spark(["in.csv"], "out.csv", Options(model_folder, shard=(1, 2)))
    with pytest.raises(UsageError, match="with --engine spark write"):
        label_on_spark(["in.csv"], "out.xlsx", Options(model_folder))
    with pytest.raises(UsageError, match="--resume is for the local engine"):
        run_on_spark(["in.csv"], "out.csv", Options(model_folder), master=None, workers=1, resume=True)


@pytest.mark.slow
def test_inputs_that_spark_cannot_read(tmp_path, model_folder):
    with pytest.raises(UsageError, match="Spark reads csv, tsv, jsonl, parquet here, not mbox"):
        label_on_spark(["in.mbox"], str(tmp_path / "o.csv"), Options(model_folder), master="local[1]")
    with pytest.raises(InputError, match=r"Spark: .*does not exist"):
        label_on_spark(["none.parquet"], str(tmp_path / "o.csv"), Options(model_folder), master="local[1]")
