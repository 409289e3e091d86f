"""Reading speed and quality beside the textbook pipeline, side by side in one run, on the project's test messages.

The textbook pipeline is scikit-learn's: tf-idf of character n-grams (2 to 5) and words, and a logistic regression,
trained on the same messages. Rates on one thread; machines differ, so read the ratios.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline, make_union

from model.files import data_dir
from model.labels import load_labels
from model.reader import Reader
from training.corpus import Message, read_messages
from training.metrics import macro_f1
from training.train import shipped_corpus

ROUNDS = 3


def textbook() -> Pipeline:
    """Return the pipeline that a data scientist would put together in ten minutes."""
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    # log_loss with SGD: a logistic regression that ends within minutes on this many columns.
    return Pipeline(
        [("features", make_union(characters, words)), ("model", SGDClassifier(loss="log_loss", alpha=1e-6))]
    )


def mean_f1(messages: Sequence[Message], guessed: Sequence[str], issues: Sequence[str]) -> float:
    """Return the mean over languages of macro-F1."""
    by_language: dict[str, list[int]] = {}
    for n, m in enumerate(messages):
        by_language.setdefault(m.lang, []).append(n)
    return statistics.mean(
        macro_f1([messages[n].issues[0] for n in rows], [guessed[n] for n in rows], issues)
        for rows in by_language.values()
    )


def rate(count: int, call: Callable[[], object]) -> float:
    """Return messages a second of one call."""
    started = time.perf_counter()
    call()
    return count / (time.perf_counter() - started)


def main() -> None:
    """Train the textbook pipeline, time both in turn, print a table."""
    console = Console()
    labels = load_labels()
    train = read_messages(shipped_corpus(), labels)
    test = read_messages([data_dir() / "corpora" / "test"], labels)
    texts = [m.text for m in test]
    reader = Reader.open()
    scorer = reader.artifact.scorer
    with console.status("training the textbook pipeline"):
        started = time.perf_counter()
        peer = textbook().fit([m.text for m in train], [m.issues[0] for m in train])
        seconds = time.perf_counter() - started
    calls: dict[str, Callable[[], object]] = {
        "textbook tf-idf + logistic regression, issue alone": lambda: peer.predict(texts),
        "replydesk scores (issues, sentiment, language)": lambda: scorer.scores(scorer.rows(texts)),
        "replydesk read (issues, sentiment, language, doubts)": lambda: reader.read(texts),
        "replydesk read with entities": lambda: reader.read(texts, entities=True),
    }
    rates: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(ROUNDS):
        for name, call in calls.items():
            rates[name].append(rate(len(texts), call))
    base = statistics.median(rates[next(iter(calls))])
    table = Table("what", "messages/s", "ratio", "macro-F1")
    peer_f1 = mean_f1(test, list(peer.predict(texts)), labels.issues)
    own_f1 = mean_f1(test, [r.issues[0][0] for r in reader.read(texts)], labels.issues)
    for n, (name, values) in enumerate(rates.items()):
        middle = statistics.median(values)
        f1 = f"{peer_f1:.3f}" if n == 0 else f"{own_f1:.3f}" if n == 2 else ""
        table.add_row(name, f"{middle:,.0f}", f"{middle / base:.1f}", f1)
    console.print(table)
    trained = reader.artifact.manifest["scores"]["messages"]
    console.print(f"textbook trained in {seconds:.0f} s; both on {trained:,} messages; {len(texts):,} test messages")


if __name__ == "__main__":
    main()
