"""Encoders of one's own: run, remembered, refused where they changed."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from model.encoder import describe_encoder, open_encoder, reopen_encoder
from model.errors import ModelError, UsageError

UNKNOWN = "[UNK]"
WORDS = ["[PAD]", UNKNOWN, "cup", "broken", "where", "parcel"]


@pytest.fixture
def folder(tmp_path):
    """An encoder of three dimensions: the vector of a word is a row of a table, that of a text their mean."""
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    table = np.array([[9, 9, 9], [0, 0, 1], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["vectors"])],
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", "t", 3])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(tmp_path / "model.onnx"))
    return tmp_path


def test_texts_become_unit_vectors_in_their_order(folder):
    texts = ["where", "cup broken cup", "", "parcel cup"] * 40
    vectors = open_encoder(folder).encode(texts)
    half = 0.5**0.5
    assert np.allclose(vectors[:4], [[0, 1, 0], [1, 0, 0], [0, 0, 0], [half, half, 0]], atol=1e-6)
    assert np.array_equal(vectors[4:8], vectors[:4])
    assert np.allclose(open_encoder(folder / "model.onnx").encode(texts), vectors)


def test_the_one_of_the_model_or_none(folder):
    known = describe_encoder(folder)
    assert reopen_encoder(known).encode(["cup"]).tolist() == [[1, 0, 0]]
    with (folder / "model.onnx").open("ab") as file:
        file.write(b" " * 64)
    with pytest.raises(ModelError, match="is not the one that the model was trained with"):
        reopen_encoder(known)
    with pytest.raises(ModelError, match="which is gone"):
        reopen_encoder({**known, "path": str(folder / "nowhere")})


def test_what_is_no_encoder(folder, tmp_path_factory):
    with pytest.raises(UsageError, match="no encoder here"):
        open_encoder(tmp_path_factory.mktemp("empty"))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(UsageError, match=r"no tokenizer\.json"):
        open_encoder(folder)
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be read"):
        open_encoder(folder)


def test_the_tokenizer_belongs_to_it(folder):
    known = describe_encoder(folder / "model.onnx")
    (folder / "notes.txt").write_text("of no account")
    assert describe_encoder(folder / "model.onnx")["sha256"] == known["sha256"]
    with (folder / "tokenizer.json").open("a") as file:
        file.write(" ")
    with pytest.raises(ModelError, match="is not the one"):
        reopen_encoder(known)
