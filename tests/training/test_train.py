"""Training end to end: deterministic, with labels of one's own, and measured."""

import json

import numpy as np
import pytest

from model import artifact
from model.classifier import MessageClassifier
from model.errors import ReplydeskError
from model.evidence import character_shares, contrast
from model.reader import Reader
from training.evaluate import evaluate, evaluate_file, render, write_report
from training.train import train


@pytest.fixture
def small(tmp_path, messages):
    path = tmp_path / "small.jsonl"
    chosen = [m for m in messages if m.lang in ("en", "de")][::8]
    fields = ("id", "lang", "text", "issues", "sentiment")
    path.write_text("".join(json.dumps({f: getattr(m, f) for f in fields}) + "\n" for m in chosen))
    return path


@pytest.mark.slow
def test_same_data_and_seed_same_model(small, tmp_path):
    settings = MessageClassifier(bits=14, epochs=2, seed=3)
    for name in ("one", "two"):
        train([small], tmp_path / name, classifier=settings)
    one, two = (artifact.load(tmp_path / name) for name in ("one", "two"))
    assert one.version == two.version
    assert np.array_equal(one.scorer.table, two.scorer.table)
    assert one.scorer.calibration == two.scorer.calibration


def test_a_label_set_of_ones_own(tmp_path):
    labels = tmp_path / "labels.yaml"
    labels.write_text("issues: [billing, shipping]\n")
    corpus = tmp_path / "mine.jsonl"
    rows = [("money was charged twice", "billing"), ("the parcel is late", "shipping")] * 20
    corpus.write_text(
        "".join(
            json.dumps({"id": str(n), "lang": "en", "text": f"{t} {n}", "issues": [i], "sentiment": None}) + "\n"
            for n, (t, i) in enumerate(rows)
        )
    )
    train([corpus], tmp_path / "model", labels_file=labels, classifier=MessageClassifier(bits=12))
    reader = Reader.open(tmp_path / "model")
    assert [r.issues[0][0] for r in reader.read(["charged twice", "my parcel is late"])] == ["billing", "shipping"]
    assert reader.read(["late"])[0].sentiment == "neutral"


def test_evaluation_counts_and_writes(reader, messages, tmp_path, model_folder):
    some = [m for m in messages if m.lang in ("en", "ja")][::20]
    result = evaluate(reader, some)
    assert result.overall["messages"] == len(some)
    assert set(result.languages) == {"en", "ja"}
    right = [t == g for t, g in zip(result.truth, result.guessed, strict=True)]
    assert result.overall["accuracy"] == pytest.approx(np.mean(right))
    assert "ja" in render(result)
    write_report(result, tmp_path / "report")
    assert {p.name for p in (tmp_path / "report").iterdir()} == {
        "languages.csv", "issues.csv", "confusion.csv", "confusion.png"
    }  # fmt: skip
    with pytest.raises(ReplydeskError, match="no messages"):
        evaluate(reader, [])


def test_evaluate_file_reads_a_folder(model_folder, tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": "1", "lang": "en", "text": "Where is it?", "issues": ["where_is_order"], "sentiment": "neutral"}\n'
    )
    assert evaluate_file(tmp_path, model_folder).overall["messages"] == 1


class Letters:
    """An encoder that tells how often four letters stand in a text."""

    def encode(self, texts):
        return np.array([[t.lower().count(letter) for letter in "aeio"] for t in texts], np.float32)


def test_an_encoder_of_ones_own(small, tmp_path, monkeypatch):
    path = tmp_path / "letters"
    path.mkdir()
    (path / "modules.json").write_text("[]")
    monkeypatch.setattr("training.train.open_encoder", lambda _path: Letters())
    monkeypatch.setattr("model.encoder.open_encoder", lambda _path: Letters())
    train([small], tmp_path / "model", classifier=MessageClassifier(bits=14, epochs=2), encoder=path)
    reader = Reader.open(tmp_path / "model")
    scorer = reader.artifact.scorer
    assert {len(blend.enter) - scorer.inputs.stop for blend in scorer.blends.values()} == {4}
    text = "The parcel is late, where is it?"
    vectors, rows = Letters().encode([text]), scorer.rows([text], spans=True)
    head = scorer.head("primary")
    scores = scorer.scores(rows, vectors)[0, head.columns]
    for column, issue in enumerate(head.classes):
        shares = character_shares(scorer, len(text), rows, issue, vectors)
        constant = contrast(scorer, scorer.raw_scores(rows), column, vectors)[1]
        assert shares.sum() + constant == pytest.approx(scores[column] - scores.mean(), abs=1e-3)
    assert reader.read([text], evidence=True)[0].evidence
    (path / "modules.json").write_text("[{}]")
    with pytest.raises(ReplydeskError, match="train again"):
        Reader.open(tmp_path / "model")
