"""What tests share: a small model of the shipped corpus, trained once a session, and everything built on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.classifier import MessageClassifier
from model.labels import Labels, load_labels
from model.reader import Reader
from serve.api import create_app
from serve.settings import Settings
from serve.suggest import Suggester
from training.corpus import Message, read_messages
from training.train import shipped_corpus, train

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def labels() -> Labels:
    return load_labels()


@pytest.fixture(scope="session")
def messages(labels: Labels) -> list[Message]:
    return read_messages(shipped_corpus(), labels)


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Every second message: what the tests ask of a model holds as well, in half the time.
    corpus = tmp_path_factory.mktemp("corpus")
    for path in sorted(shipped_corpus()[0].glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (corpus / path.name).write_text("".join(lines[::2]), encoding="utf-8")
    folder = tmp_path_factory.mktemp("models") / "small"
    train([corpus], folder, classifier=MessageClassifier(bits=20, epochs=8))
    return folder


@pytest.fixture(scope="session")
def reader(model_folder: Path) -> Reader:
    return Reader.open(model_folder)


@pytest.fixture(scope="session")
def suggester(reader: Reader) -> Suggester:
    return Suggester(reader, Settings(_env_file=None))


@pytest.fixture(scope="session")
def client(reader: Reader) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), reader=reader), raise_server_exceptions=False) as client:
        yield client
