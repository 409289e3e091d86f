"""The command line as a person uses it: answers, one-line errors, exit statuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def run(model_folder, tmp_path_factory):
    environment = {**os.environ, "REPLYDESK_MODEL": str(model_folder), "PYTHONUTF8": "1"}
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def call(*arguments, stdin=None, cwd=elsewhere):
        command = [sys.executable, "-m", "replydesk", *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env={**environment, "PYTHONPATH": str(ROOT)}, timeout=120)  # fmt: skip

    return call


def test_suggest(run, tmp_path):
    order = tmp_path / "order.json"
    order.write_text('{"platform": "own", "status": "delivered", "customer_name": "Giulia"}')
    done = run("suggest", "Ciao, il pacco risulta consegnato ma non ho ricevuto nulla", "--order", order)
    shown = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert "not_received" in shown
    assert "Giulia" in shown


def test_suggest_json_from_standard_input(run):
    answer = json.loads(run("suggest", "-", "--json", stdin=b"Where is my parcel?").stdout)
    assert answer["issues"][0]["issue"] == "where_is_order"
    binary = run("suggest", "-", "--json", stdin=bytes(range(256)))
    assert binary.returncode == 0
    assert json.loads(binary.stdout)["needs_person"]["value"]


def test_label_and_evaluate(run, tmp_path):
    (tmp_path / "in.csv").write_text("id,text\n1,Where is my parcel?\n")
    done = run("label", tmp_path / "in.csv", "--output", tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.jsonl").read_text())["issue"] == "where_is_order"
    (tmp_path / "t.jsonl").write_text(
        '{"id": "1", "lang": "en", "text": "Where is it?", "issues": ["where_is_order"], "sentiment": "neutral"}\n'
    )
    done = run("evaluate", tmp_path / "t.jsonl", "--report", tmp_path / "report")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "report" / "issues.csv").is_file()


def test_label_and_report(run, tmp_path):
    (tmp_path / "in.csv").write_text("date,sku,text\n2026-03-02,A,Where is my parcel?\n2026-03-09,B,It is too small\n")
    assert run("label", tmp_path / "in.csv", "--output", tmp_path / "out.csv").returncode == 0
    done = run("report", tmp_path / "out.csv", "--output", tmp_path / "report.html")
    assert done.returncode == 0, done.stderr
    assert b"2 messages, 0 rows with an error" in done.stdout
    assert "where is order" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_label_from_standard_input(run, tmp_path):
    stdin = b"text;n\nWhere is my parcel?;1\n"
    done = run("label", "-", "--format", "csv", "--output", tmp_path / "o.parquet", stdin=stdin)
    assert done.returncode == 0, done.stderr
    assert b"1 rows, 0 with an error" in done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["o.parquet"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["suggest"], 2, "Missing argument"),
        (["sugest", "x"], 2, "No such command"),
        (["suggest", "x", "--limit", "0"], 2, "--limit"),
        (["suggest", "x", "--order", "none.json"], 2, "none.json"),
        (["suggest", "x", "--reply-language", "xx"], 2, "reply_language"),
        (["label", "none.csv", "--output", "o.csv"], 2, "no such file"),
        (["label", "none.csv", "--output", "o.csv", "--engine", "dask"], 2, "there are local and spark"),
        (["label", "-", "--output", "o.csv"], 2, "'-' needs --format"),
        (["label", "none.csv", "--output", "o.csv", "--shard", "9/3"], 2, "write i/n"),
        (["report", "none.csv", "--output", "o.html"], 2, "no such file"),
        (["report", "none.csv", "--output", "o.txt"], 2, "name it with .html"),
        (["report", str(ROOT / "data" / "corpora" / "test"), "--output", "o.html"], 2, "label it first"),
        (["evaluate", "none.jsonl"], 2, "no such file"),
        (["evaluate", str(ROOT / "tests" / "cases"), "--model", "nowhere"], 1, "no model in"),
        (["train", "--labels", str(ROOT / "data" / "labels.yaml")], 2, "needs --corpus"),
        (["train", "--corpus", "none"], 2, "no such file"),
    ],
)  # fmt: skip
def test_errors_are_one_line(run, arguments, status, said):
    done = run(*arguments)
    lines = done.stderr.decode().strip().splitlines()
    assert done.returncode == status, done.stderr
    assert len(lines) == 1, lines
    assert lines[0].startswith("replydesk: ")
    assert said in lines[0]


def test_debug_shows_the_traceback(run):
    assert b"Traceback" in run("--debug", "label", "none.csv", "--output", "o.csv").stderr


def test_faulty_order_is_named(run, tmp_path):
    order = tmp_path / "order.json"
    order.write_text('{"status": "flying"}')
    done = run("suggest", "x", "--order", order)
    assert done.returncode == 2
    assert b"order.status" in done.stderr
