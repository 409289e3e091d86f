"""JSON Lines: rows keep what they hold, and what cannot be read is a row too."""

import json


def test_types_and_bad_rows_are_kept(tmp_path, label):
    path = tmp_path / "in.jsonl"
    lines = ['{"text": "Where is it?", "n": 1, "tags": ["a"]}', "{broken", '{"text": 5, "n": 2}', "[1]", '{"n": 3}', ""]
    path.write_text("\n".join(lines))
    rows = label(path)
    assert (label.summary.rows, label.summary.errors) == (5, 4)
    assert (rows[0]["n"], rows[0]["tags"]) == (1, ["a"])
    assert isinstance(rows[0]["issues"], list)
    assert rows[1]["line"] == "{broken"
    assert "line 2: not valid JSON" in rows[1]["error"]
    assert rows[2]["text"] == 5
    assert "no text" in rows[2]["error"]
    assert rows[3]["error"] == "line 4: not a JSON object"
    assert rows[4]["error"] == "'text' holds no text"
    assert "line" not in rows[0]


def test_a_row_comes_out_as_it_was_written(tmp_path, label):
    row = '{"text":"Where?", "n": 1.10, "big": 123456789012345678901234567890, "half": "\\ud83d", "nan": NaN }'
    (tmp_path / "in.jsonl").write_text(row + "\n{ }\n")
    label(tmp_path / "in.jsonl", output="o.jsonl", column="text")
    first, second = (tmp_path / "o.jsonl").read_text().splitlines()
    assert first.startswith(row[:-2] + ',"language":')
    assert json.loads(second)["error"] == "'text' holds no text"


def test_columns_named_like_ours_are_kept(tmp_path, label):
    (tmp_path / "in.jsonl").write_text(
        '{"text": "Where?", "issue": "x", "input_issue": 10000000000000000000000, "n": 1.0}\n'
    )
    (row,) = label(tmp_path / "in.jsonl")
    assert (row["input_input_issue"], row["input_issue"]) == ("x", 10**22)
    assert row["issue"] != "x"


def test_rows_of_different_columns_and_types_become_a_table(tmp_path, label):
    rows = [
        {"text": "a", "n": 1},
        {"text": "b", "n": 2.5, "x": {"k": 1}},
        {"text": "c", "x": {"l": "2"}, "m": [1, "a"], "e": {}},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    out = label(tmp_path / "in.jsonl", output="o.parquet")
    assert [r["n"] for r in out] == [1.0, 2.5, None]
    assert out[1]["x"] == {"k": 1, "l": None}
    assert (out[2]["m"], out[2]["e"]) == ('[1, "a"]', "{}")
    flat = label(tmp_path / "in.jsonl", output="o.csv")
    assert (flat[1]["x"], flat[0]["n"], flat[2]["m"]) == ('{"k": 1}', "1", '[1, "a"]')


def test_numbers_that_no_column_holds_are_named(tmp_path, label):
    (tmp_path / "in.jsonl").write_text('{"text": "a", "n": 0.5}\n' * 10_000 + '{"text": "b", "n": 9007199254740993}\n')
    out = label(tmp_path / "in.jsonl", output="o.parquet", columns=("n", "error"))
    assert out[-1] == {"n": None, "error": "'n' is not of its column's type, double"} or out[-1]["n"] == 2**53 + 1


def test_a_text_column_that_begins_late_is_found(tmp_path, label):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "k": 2}\n' * 10_001 + '{"message": "Where?"}\n')
    rows = label(tmp_path / "in.jsonl")
    assert rows[-1]["error"] is None
    assert rows[0]["error"] == "'message' holds no text"
