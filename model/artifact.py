"""A saved model: a folder with `manifest.json` and `scorer.joblib`.

The manifest says what the model was made from and carries a checksum of every file; they are verified before anything
is unpickled, since unpickling a file that somebody changed runs what they wrote into it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import joblib

from model.errors import ModelError
from model.labels import Labels, load_labels
from model.scorer import Scorer

FORMAT = 2
ENCODER_FORMAT = 3
MANIFEST = "manifest.json"
SCORER = "scorer.joblib"
LABELS = "labels.yaml"
LIBRARIES = ("numpy", "numba", "scikit-learn", "joblib", "opencc")


@dataclass(frozen=True)
class Artifact:
    """A loaded model.

    Parameters
    ----------
    scorer : Scorer
    labels : Labels
    manifest : dict
    version : str
        Names the model in answers and archives: the product's version and the first digits of the checksum.
    """

    scorer: Scorer
    labels: Labels
    manifest: dict[str, Any]
    version: str

    @property
    def encoder(self) -> dict[str, Any] | None:
        """The encoder that the model was trained with, as `model.encoder.describe_encoder` tells it; usually none."""
        return self.manifest.get("encoder")


def save(
    folder: Path,
    scorer: Scorer,
    *,
    labels_file: Path,
    data_digest: str,
    scores: dict[str, Any],
    note: str = "",
    encoder: dict[str, Any] | None = None,
) -> None:
    """Write a model folder; an existing one is replaced only when the new one is whole.

    Parameters
    ----------
    folder : Path
    scorer : Scorer
    labels_file : Path
        Copied in, so that the model carries the label set it speaks.
    data_digest : str
        SHA-256 over the training messages.
    scores : dict
        Measured figures, kept for the record.
    encoder : dict, optional
        See `Artifact.encoder`.
    """
    partial = folder.with_name(folder.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    shutil.copyfile(labels_file, partial / LABELS)
    joblib.dump(scorer.state(), partial / SCORER)
    manifest = {
        "product": "replydesk",
        # A replydesk that knows no encoders must not read such a model.
        "format": ENCODER_FORMAT if encoder else FORMAT,
        "replydesk": _version("replydesk"),
        "labels": load_labels(partial / LABELS).digest,
        "data": data_digest,
        "libraries": {name: _version(name) for name in LIBRARIES},
        "scores": scores,
        "note": note,
        "files": {name: _sha256(partial / name) for name in (SCORER, LABELS)},
    }
    if encoder:
        manifest["encoder"] = encoder
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)


def load(folder: Path) -> Artifact:
    """Load a model folder, memory-mapped, so that several processes share it.

    Raises
    ------
    ModelError
        If the folder is missing, is no replydesk model, was made for another format, or a file was changed.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest["files"].items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise ModelError(f"{folder}: the model is incomplete, {name} is missing; train it again")
        if _sha256(path) != expected:
            raise ModelError(
                f"{path} is damaged or was changed: its checksum is not the manifest's; train again or copy it anew"
            )
    try:
        scorer = Scorer.from_state(joblib.load(folder / SCORER, mmap_mode="r"))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder}: the scorer cannot be read ({error}); train the model again") from error
    labels = load_labels(folder / LABELS)
    if labels.digest != manifest["labels"]:
        raise ModelError(f"{folder}: the label set is not the one the model was trained with; train it again")
    return Artifact(scorer, labels, manifest, f"{manifest['replydesk']}+{manifest['files'][SCORER][:8]}")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest alone; raises ModelError as `load` does."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelError(
            f"no model in {folder} ({MANIFEST} is missing); make one with: replydesk train --output {folder}"
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        known = manifest["product"] == "replydesk" and isinstance(manifest["format"], int)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} is not a replydesk manifest ({type(error).__name__}); train the model again"
        ) from error
    if not known:
        raise ModelError(f"{path} belongs to another product; name a folder that `replydesk train` wrote")
    if manifest["format"] > ENCODER_FORMAT:
        raise ModelError(
            f"{folder} has model format {manifest['format']}, newer than the {ENCODER_FORMAT} known here; update replydesk"
        )
    if manifest["format"] < FORMAT:
        raise ModelError(f"{folder} has the old model format {manifest['format']}; train it again: replydesk train")
    missing = [key for key in ("files", "labels", "replydesk") if key not in manifest]
    if missing or SCORER not in manifest["files"]:
        raise ModelError(f"{path}: '{(missing or [SCORER])[0]}' is missing; train the model again")
    return dict(manifest)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
