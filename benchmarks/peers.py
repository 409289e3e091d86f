"""Readers that one could put together oneself, beside ours: quality, speed, size and training time, in one run.

    python benchmarks/peers.py [--encoder PATH] [--skip NAME]

All are trained on the shipped messages and measured on the project's test set, read on one thread (ours trains on two), for
the primary issue alone (ours gives sentiment, language, second issues and doubts in the same pass). Intervals are those of a paired
bootstrap over messages against ours (10,000 draws). fastText needs `pip install fasttext-numpy2`, an encoder
`pip install 'replydesk[encoder]'`; what is not installed is left out and said.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import spacy
from reading import mean_f1, textbook
from rich.console import Console
from rich.table import Table
from spacy.training import Example
from spacy.util import compounding, minibatch
from threadpoolctl import threadpool_limits

from model.files import data_dir
from model.labels import load_labels
from model.reader import Reader
from training.corpus import Message, read_messages
from training.train import shipped_corpus, train

DRAWS = 10_000
ROUNDS = 3
Guess = Callable[[Sequence[str]], list[str]]


@dataclass
class Peer:
    """A trained reader: how it guesses, how large it is stored, how long it took to train."""

    name: str
    guess: Guess
    megabytes: float
    seconds: float


def ours(name: str, encoder: Path | None = None) -> Peer:
    """Train ours from the start, calibration and all."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        path = Path(folder) / "model"
        train(shipped_corpus(), path, encoder=encoder)
        seconds = time.perf_counter() - started
        reader = Reader.open(path)
        size = sum(file.stat().st_size for file in path.iterdir())
    return Peer(name, lambda texts: [r.issues[0][0] for r in reader.read(texts)], size / 1e6, seconds)


def scikit(messages: Sequence[Message]) -> Peer:
    """Train the textbook pipeline of scikit-learn."""
    started = time.perf_counter()
    pipeline = textbook().fit([m.text for m in messages], [m.issues[0] for m in messages])
    seconds = time.perf_counter() - started
    return Peer(
        "scikit-learn tf-idf + logistic regression", lambda texts: list(pipeline.predict(texts)),
        len(pickle.dumps(pipeline)) / 1e6, seconds,
    )  # fmt: skip


def fasttext(messages: Sequence[Message]) -> Peer:
    """Train fastText supervised, with sub-words and word pairs."""
    import fasttext as library

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        lines = [f"__label__{m.issues[0]} {' '.join(m.text.split())}\n" for m in messages]
        order = np.random.default_rng(0).permutation(len(lines))
        file.write_text("".join(lines[n] for n in order), encoding="utf-8")
        started = time.perf_counter()
        model = library.train_supervised(
            str(file), dim=100, minn=2, maxn=5, wordNgrams=2, epoch=15, lr=0.5, thread=1, verbose=0, seed=0
        )
        seconds = time.perf_counter() - started
        model.save_model(str(Path(folder) / "model.bin"))
        size = (Path(folder) / "model.bin").stat().st_size

    def guess(texts: Sequence[str]) -> list[str]:
        return [labels[0][9:] for labels in model.predict([" ".join(t.split()) for t in texts])[0]]

    return Peer("fastText supervised, d=100, sub-words 2-5", guess, size / 1e6, seconds)


def textcat(messages: Sequence[Message], *, ensemble: bool, passes: int) -> Peer:
    """Train spaCy's text categoriser on the multi-language tokenizer: bag of words, or that and a network."""
    nlp = spacy.blank("xx")
    bow = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 2, "no_output_layer": False,
           "length": 262144}  # fmt: skip
    model = (
        {"@architectures": "spacy.TextCatEnsemble.v2", "linear_model": bow,
         "tok2vec": {"@architectures": "spacy.Tok2Vec.v2",
                     "embed": {"@architectures": "spacy.MultiHashEmbed.v2", "width": 64, "rows": [4000, 4000, 2000],
                               "attrs": ["NORM", "PREFIX", "SUFFIX"], "include_static_vectors": False},
                     "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 64, "window_size": 1,
                                "maxout_pieces": 3, "depth": 2}}}
        if ensemble
        else bow
    )  # fmt: skip
    pipe = nlp.add_pipe("textcat", config={"model": model})
    issues = sorted({m.issues[0] for m in messages})
    for issue in issues:
        pipe.add_label(issue)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(nlp.make_doc(m.text), {"cats": {i: float(i == m.issues[0]) for i in issues}})
        for m in messages
    ]
    started = time.perf_counter()
    optimizer = nlp.initialize(lambda: examples[:2000])
    for epoch in range(passes):
        shuffled = (examples[n] for n in np.random.default_rng(epoch).permutation(len(examples)))
        for batch in minibatch(shuffled, size=compounding(100.0, 1000.0, 1.01)):
            nlp.update(batch, sgd=optimizer, drop=0.2)
    seconds = time.perf_counter() - started

    def guess(texts: Sequence[str]) -> list[str]:
        return [max(doc.cats, key=doc.cats.__getitem__) for doc in nlp.pipe(texts, batch_size=256)]

    name = "spaCy textcat, ensemble" if ensemble else "spaCy textcat, bag of words"
    return Peer(f"{name} ({passes} passes)", guess, len(nlp.to_bytes()) / 1e6, seconds)


def interval(
    messages: Sequence[Message], own: Sequence[str], other: Sequence[str], issues: Sequence[str]
) -> tuple[float, float]:
    """Return the 95 % interval of the difference in accuracy (other minus ours), by paired bootstrap over messages."""
    truth = np.array([m.issues[0] for m in messages])
    gap = (np.array(other) == truth).astype(float) - (np.array(own) == truth)
    drawn = np.random.default_rng(0).integers(0, len(gap), (DRAWS, len(gap)))
    means = gap[drawn].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def main() -> None:
    """Train every peer, measure all in turn, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, help="a sentence encoder to add to ours")
    parser.add_argument("--skip", action="append", default=[], choices=["fasttext", "bow", "ensemble"])
    arguments = parser.parse_args()
    console = Console()
    labels = load_labels()
    messages = [m for m in read_messages(shipped_corpus(), labels) if m.issues]
    test = read_messages([data_dir() / "corpora" / "test"], labels)
    texts = [m.text for m in test]
    makers: list[tuple[str, Callable[[], Peer]]] = [
        ("ours", lambda: ours("replydesk")),
        ("scikit", lambda: scikit(messages)),
        ("fasttext", lambda: fasttext(messages)),
        ("bow", lambda: textcat(messages, ensemble=False, passes=4)),
        ("ensemble", lambda: textcat(messages, ensemble=True, passes=2)),
    ]
    if arguments.encoder:
        makers.append(("encoder", lambda: ours(f"replydesk with {arguments.encoder.name}", arguments.encoder)))
    if not find_spec("fasttext"):
        console.print("fastText is not installed (pip install fasttext-numpy2): left out")
        arguments.skip.append("fasttext")
    peers = []
    with threadpool_limits(1):
        for key, make in makers:
            if key not in arguments.skip:
                with console.status(f"training {key}"):
                    peers.append(make())
        guesses = {peer.name: peer.guess(texts) for peer in peers}
        rates: dict[str, list[float]] = {peer.name: [] for peer in peers}
        for _ in range(ROUNDS):
            for peer in peers:
                started = time.perf_counter()
                peer.guess(texts)
                rates[peer.name].append(len(texts) / (time.perf_counter() - started))
    first = peers[0].name
    table = Table("reader", "macro-F1", "accuracy", "against ours, 95 %", "messages/s", "ratio", "MB", "training, s")
    for peer in peers:
        said = guesses[peer.name]
        low, high = interval(test, guesses[first], said, labels.issues)
        middle = statistics.median(rates[peer.name])
        table.add_row(
            peer.name, f"{mean_f1(test, said, labels.issues):.3f}",
            f"{np.mean([m.issues[0] == g for m, g in zip(test, said, strict=True)]):.3f}",
            "" if peer.name == first else f"{low:+.3f} to {high:+.3f}", f"{middle:,.0f}",
            f"{middle / statistics.median(rates['scikit-learn tf-idf + logistic regression']):.1f}",
            f"{peer.megabytes:.0f}", f"{peer.seconds:.0f}",
        )  # fmt: skip
    console.print(table)
    console.print(f"{len(messages):,} training messages, {len(test):,} test messages")


if __name__ == "__main__":
    main()
