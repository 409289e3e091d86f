"""The strict readers refuse what is faulty and say where."""

import pytest

from model.errors import DataError, nearest
from model.files import read_jsonl, read_yaml


def test_every_yaml_scalar_is_a_string(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("languages: [no, 1, 1.5, yes, null]\n")
    assert read_yaml(path) == {"languages": ["no", "1", "1.5", "yes", "null"]}


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [("a: 1\nb: 2\na: 3\n", 3, "stands twice"), ("a: [1\n", 2, "not valid YAML"), ("a: b: c\n", 1, "not valid YAML")],
)
def test_faulty_yaml_is_refused(tmp_path, content, line, said):
    path = tmp_path / "a.yaml"
    path.write_text(content)
    with pytest.raises(DataError) as error:
        read_yaml(path)
    assert error.value.faults[0].line == line
    assert said in str(error.value)


@pytest.mark.parametrize("content", [b'{"a": 1}\n[1]\n', b'{"a": 1}\n{"a"\n'])
def test_faulty_jsonl_names_its_line(tmp_path, content):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.jsonl:2: "):
        list(read_jsonl(path))


def test_not_utf8_and_missing(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(DataError, match="not UTF-8"):
        list(read_jsonl(path))
    with pytest.raises(DataError, match="no such file"):
        read_yaml(tmp_path / "none.yaml")


def test_nearest_names_the_likely_word():
    assert "'damaged'" in nearest("damged", ["damaged", "spam"])
    assert nearest("zzz", ["damaged"]) == ""
