"""A saved model loads as it was; a damaged, foreign or too new one is refused before anything is unpickled."""

import json
import pickle
import shutil

import numpy as np
import pytest

from model import artifact
from model.errors import ModelError


@pytest.fixture
def folder(model_folder, tmp_path):
    return shutil.copytree(model_folder, tmp_path / "model")


def edit_manifest(folder, **changes):
    path = folder / artifact.MANIFEST
    manifest = json.loads(path.read_text())
    manifest.update(changes)
    path.write_text(json.dumps({k: v for k, v in manifest.items() if v is not None}))


def test_saved_equals_loaded(folder, reader):
    again = artifact.load(folder)
    texts = ["Where is my parcel?", "kaputt", "壊れていました"]
    original = reader.artifact.scorer
    assert np.array_equal(original.scores(original.rows(texts)), again.scorer.scores(again.scorer.rows(texts)))
    assert again.version == reader.version
    assert again.manifest["scores"]["messages"] > 1000


def test_changed_file_is_refused_unopened(folder):
    class Planted:
        def __reduce__(self):
            return (pytest.fail, ("the planted file was unpickled",))

    (folder / artifact.SCORER).write_bytes(pickle.dumps(Planted()))
    with pytest.raises(ModelError, match="checksum"):
        artifact.load(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 99}, "newer than"),
        ({"format": 0}, "old model format"),
        ({"product": "other"}, "another product"),
        ({"files": None}, "'files' is missing"),
        ({"labels": "0" * 64}, "label set"),
    ],
)
def test_foreign_manifest_is_refused(folder, changes, said):
    edit_manifest(folder, **changes)
    with pytest.raises(ModelError, match=said):
        artifact.load(folder)


def test_missing_and_garbled(folder, tmp_path):
    with pytest.raises(ModelError, match="no model in"):
        artifact.load(tmp_path / "nowhere")
    (folder / artifact.LABELS).unlink()
    with pytest.raises(ModelError, match="incomplete"):
        artifact.load(folder)
    (folder / artifact.MANIFEST).write_text("{")
    with pytest.raises(ModelError, match="not a replydesk manifest"):
        artifact.load(folder)


def test_file_outside_the_folder_is_refused(folder):
    manifest = json.loads((folder / artifact.MANIFEST).read_text())
    edit_manifest(folder, files={**manifest["files"], "../evil": "0"})
    with pytest.raises(ModelError, match="incomplete"):
        artifact.load(folder)
