"""Corpora are read strictly; splits keep a hand on one side."""

import json

import numpy as np
import pytest

from model.errors import DataError
from training.corpus import Message, corpus_digest, read_messages
from training.split import held_out_voices

GOOD = {"id": "de-a-damaged-1", "lang": "de", "text": "kaputt", "issues": ["damaged"], "sentiment": "neutral"}


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issues": ["damgaed"]}, "did you mean 'damaged'"),
        ({"issues": []}, "one to 3"),
        ({"issues": ["damaged", "damaged"]}, "stands twice"),
        ({"issues": ["thanks", "damaged"]}, "'thanks' stands alone"),
        ({"sentiment": "sad"}, "unknown level"),
        ({"text": "  "}, "something in it"),
        ({"text": 5}, "something in it"),
        ({"lang": "xx"}, "not among"),
        ({"id": 7}, "must be strings"),
    ],
)
def test_faulty_messages_are_refused_with_line(tmp_path, labels, change, said):
    path = write(tmp_path / "a.jsonl", GOOD, {**GOOD, "id": "other", **change})
    with pytest.raises(DataError, match=said) as error:
        read_messages([path], labels, languages=("de", "en"))
    assert error.value.faults[0].line == 2


def test_all_faults_come_in_one_report(tmp_path, labels):
    path = write(tmp_path / "a.jsonl", {**GOOD, "issues": ["x"]}, GOOD, GOOD, {"id": "a"})
    with pytest.raises(DataError) as error:
        read_messages([path], labels)
    assert [fault.line for fault in error.value.faults] == [1, 3, 4]


def test_digest_changes_with_a_label(tmp_path, labels):
    one = read_messages([write(tmp_path / "a.jsonl", GOOD)], labels)
    other = read_messages([write(tmp_path / "b.jsonl", {**GOOD, "issues": ["defective"]})], labels)
    assert corpus_digest(one) != corpus_digest(other)


def test_no_voice_on_both_sides(messages):
    held = held_out_voices(messages)
    sides = {}
    for message, out in zip(messages, held, strict=True):
        assert sides.setdefault(message.voice, bool(out)) == bool(out)
    assert 0.05 < held.mean() < 0.5
    assert np.array_equal(held, held_out_voices(messages))


def test_one_voice_alone_stays_for_training():
    many = [Message(f"de-a-damaged-{n}", "de", "x", ("damaged",), None) for n in range(5)]
    assert not held_out_voices(many).any()
