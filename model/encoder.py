"""Sentence encoders that a user may add: a folder or file of his own, whose vectors the blend reads beside the scores.

None is shipped and none is needed. An ONNX export is run by onnxruntime; a sentence-transformers folder by that library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from model.errors import ModelError, UsageError

Floats = npt.NDArray[np.float32]
MAX_TOKENS = 256
BATCH = 64
_ONNX_PLACES = ("model.onnx", "onnx/model.onnx")


class Encoder(Protocol):
    """Turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32 (n_texts, n_dimensions)."""
        ...


class OnnxEncoder:
    """An ONNX export of a transformer with its `tokenizer.json`.

    Token vectors are averaged over the tokens of a text (what sentence-transformers calls mean pooling); an export that
    pools by itself is taken as it is.

    Parameters
    ----------
    model : Path
        The `.onnx` file.
    tokenizer : Path
        The `tokenizer.json` of the Hugging Face library.
    """

    def __init__(self, model: Path, tokenizer: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32 (n_texts, n_dimensions)."""
        return _in_batches(self._encode, texts)

    def _encode(self, texts: list[str]) -> Floats:
        found = self._tokenizer.encode_batch(texts)
        mask = np.array([e.attention_mask for e in found], np.int64)
        given = {
            "input_ids": np.array([e.ids for e in found], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        out = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        if out.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            out = (out * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        return cast("Floats", out.astype(np.float32))


class SentenceTransformersEncoder:
    """A sentence-transformers folder."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(folder), device="cpu")

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, float32 (n_texts, n_dimensions)."""
        return _in_batches(lambda part: self._model.encode(part, show_progress_bar=False, batch_size=BATCH), texts)


def open_encoder(path: Path) -> Encoder:
    """Open an encoder: a sentence-transformers folder, an ONNX file beside its `tokenizer.json`, or a folder with both.

    Raises
    ------
    UsageError
        Where there is nothing of the kind at `path`, or the library that it needs is not installed.
    ModelError
        Where the library cannot read it.
    """
    files = _files(path)
    exported = files[0].suffix == ".onnx"
    try:
        return OnnxEncoder(files[0], files[1]) if exported else SentenceTransformersEncoder(path)
    except ImportError as error:
        what = "'replydesk[encoder]'" if exported else "sentence-transformers"
        raise UsageError(f"{path}: this encoder needs {error.name}; install it with: pip install {what}") from error
    except Exception as error:  # each library has errors of its own
        raise ModelError(f"{path}: the encoder cannot be read: {type(error).__name__}: {error}") from error


def _files(path: Path) -> list[Path]:
    """Return the files that an encoder is made of: the ONNX model first, then its tokenizer; or a whole folder's.

    A folder of sentence-transformers knows how its vectors are pooled, so it is not read as a bare ONNX export.
    """
    if (path / "modules.json").is_file():
        return sorted(f for f in path.rglob("*") if f.is_file() and not f.name.startswith(".") and f.suffix != ".md")
    onnx = next(
        (p for p in (path, *(path / place for place in _ONNX_PLACES)) if p.suffix == ".onnx" and p.is_file()), None
    )
    if onnx is None:
        raise UsageError(
            f"{path}: no encoder here; name an .onnx file, a folder with model.onnx, or one with modules.json"
        )
    tokenizer = next(
        (f / "tokenizer.json" for f in (onnx.parent, onnx.parent.parent) if (f / "tokenizer.json").is_file()), None
    )
    if tokenizer is None:
        raise UsageError(f"{onnx}: no tokenizer.json beside it; export both into one folder")
    return [onnx, tokenizer, *sorted(onnx.parent.glob("*.onnx_data"))]


def describe_encoder(path: Path) -> dict[str, Any]:
    """Return what a model remembers of its encoder: where it is, and a checksum over its files."""
    digest = hashlib.sha256()
    for name in _files(path):
        with name.open("rb") as file:
            digest.update(name.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return {"path": str(path.resolve()), "sha256": digest.hexdigest()}


def reopen_encoder(known: dict[str, Any]) -> Encoder:
    """Open the encoder that a model was trained with.

    Raises
    ------
    ModelError
        Where it is gone, or another now: its vectors would mean nothing to the model.
    """
    path = Path(known["path"])
    if not path.exists():
        raise ModelError(f"the model was trained with the encoder {path}, which is gone; bring it back or train again")
    if describe_encoder(path)["sha256"] != known["sha256"]:
        raise ModelError(f"the encoder {path} is not the one that the model was trained with; train again")
    return open_encoder(path)


def _in_batches(encode: Callable[[list[str]], Floats], texts: Sequence[str]) -> Floats:
    """Encode texts of like length together, since all of a batch are padded to its longest; vectors to unit length."""
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    parts = [encode([texts[n] for n in order[at : at + BATCH]]) for at in range(0, len(order), BATCH)]
    stacked = np.vstack(parts).astype(np.float32)
    out = np.empty_like(stacked)
    out[order] = stacked / np.maximum(np.linalg.norm(stacked, axis=1, keepdims=True), 1e-9)
    return out
