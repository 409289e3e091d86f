"""Archives: every row comes out, in order; a broken run goes on to the same bytes."""

import csv
import gzip
import io
import json

import pytest

from model.errors import InputError, UsageError
from serve.archive import label as labelling
from serve.archive.label import LABEL_COLUMNS, label_archives
from serve.archive.rows import read_rows

TEXTS = ["Where is my parcel?", "Es ist kaputt, Geld zurück!", "キャンセルしたいです", "", "ขอบคุณค่ะ ได้รับของแล้ว"]


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "message", "language"])
        writer.writerows([n, TEXTS[n % len(TEXTS)] + ("\nsecond line" if n % 3 == 0 else ""), "?"] for n in range(57))
    return path


def read_csv(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_csv_in_and_out(archive, tmp_path, model_folder):
    out = tmp_path / "out.csv"
    summary = label_archives([archive], out, model=model_folder)
    rows = read_csv(out)
    assert summary.rows == len(rows) == 57
    assert [r["id"] for r in rows] == [str(n) for n in range(57)]
    assert {r["input_language"] for r in rows} == {"?"}  # a column named like ours keeps its content
    assert set(LABEL_COLUMNS) <= set(rows[0])
    assert rows[0]["issue"] == "where_is_order"
    assert rows[1]["language"] == "de"
    assert rows[1]["issues"].split("|")[0] == rows[1]["issue"]
    assert rows[0]["needs_person"] in ("true", "false")
    assert not (tmp_path / "out.csv.partial").exists()


def test_jsonl_keeps_types_and_bad_rows(tmp_path, model_folder):
    path = tmp_path / "in.jsonl"
    lines = ['{"text": "Where is it?", "n": 1, "tags": ["a"]}', "{broken", '{"text": 5, "n": 2}', "[1]", '{"n": 3}', ""]
    path.write_text("\n".join(lines))
    out = tmp_path / "out.jsonl"
    summary = label_archives([path], out, model=model_folder)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert (summary.rows, summary.errors) == (5, 4)
    assert rows[0]["n"] == 1
    assert rows[0]["tags"] == ["a"]
    assert isinstance(rows[0]["issues"], list)
    assert rows[1]["line"] == "{broken"
    assert "line 2: not valid JSON" in rows[1]["error"]
    assert rows[2]["text"] == 5
    assert "no text" in rows[2]["error"]
    assert rows[4]["error"]


def test_faulty_csv_rows_are_kept(tmp_path, model_folder):
    path = tmp_path / "in.csv"
    path.write_bytes(b"id;text\n1;hello\n2\n3;a;b\n4;caf\xe9\n")
    out = tmp_path / "out.csv"
    assert label_archives([path], out, model=model_folder).errors == 3
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8", errors="surrogateescape"))))
    assert [r["id"] for r in rows] == ["1", "2", "3", "4"]
    assert b"caf\xe9" in out.read_bytes()


def test_several_inputs_gzip_and_workers(archive, tmp_path, model_folder):
    packed = tmp_path / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"message": "Wo ist mein Paket?"}\n' * 3))
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    label_archives([archive, packed], one, model=model_folder)
    label_archives([archive, packed], two, model=model_folder, workers=2)
    assert one.read_bytes() == two.read_bytes()
    assert len(one.read_text().splitlines()) == 60


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("stop_after", [1, 3])
def test_broken_off_and_resumed(archive, tmp_path, model_folder, monkeypatch, ending, stop_after):
    monkeypatch.setattr(labelling, "BATCH_ROWS", 10)
    whole, broken = tmp_path / f"whole.{ending}", tmp_path / f"broken.{ending}"
    label_archives([archive], whole, model=model_folder)

    def stop(rows):
        if rows >= 10 * stop_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        label_archives([archive], broken, model=model_folder, progress=stop)
    assert not broken.exists()
    with (tmp_path / f"broken.{ending}.partial").open("ab") as file:
        file.write(b"half a ro")
    label_archives([archive], broken, model=model_folder, resume=True)
    assert broken.read_bytes() == whole.read_bytes()


def test_changed_input_is_not_resumed(archive, tmp_path, model_folder, monkeypatch):
    monkeypatch.setattr(labelling, "BATCH_ROWS", 10)

    def stop(rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        label_archives([archive], tmp_path / "out.csv", model=model_folder, progress=stop)
    archive.write_text(archive.read_text() + "99,late,?\n")
    with pytest.raises(InputError, match="changed since"):
        label_archives([archive], tmp_path / "out.csv", model=model_folder, resume=True)


def test_wrong_use(archive, tmp_path, model_folder):
    with pytest.raises(UsageError, match="no column 'body'"):
        label_archives([archive], tmp_path / "o.csv", model=model_folder, column="body")
    with pytest.raises(UsageError, match="unknown archive format"):
        label_archives([archive], tmp_path / "o.docx", model=model_folder)
    with pytest.raises(UsageError, match="no such file"):
        label_archives([tmp_path / "none.csv"], tmp_path / "o.csv", model=model_folder)
    before = archive.read_bytes()
    with pytest.raises(UsageError, match="an input too"):
        label_archives([archive], archive, model=model_folder)
    assert archive.read_bytes() == before
    unnamed = tmp_path / "u.csv"
    unnamed.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="--text-column"):
        label_archives([unnamed], tmp_path / "o.csv", model=model_folder)
    empty = tmp_path / "e.csv"
    empty.write_text("")
    with pytest.raises(InputError, match="is empty"):
        label_archives([empty], tmp_path / "o.csv", model=model_folder)
    with pytest.raises(InputError, match="is empty"):
        list(read_rows(empty))
