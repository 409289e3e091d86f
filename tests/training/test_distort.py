"""Distorted copies: the same for the same seed, never the message itself, and silent about sentiment where case changed."""

from training.corpus import Message
from training.distort import distorted_copies

MESSAGES = [
    Message(f"{tag}-a-damaged-{n}", tag, text, ("damaged",), "negative")
    for tag, text in (
        ("fr", "Où est ma commande passée hier ?"),
        ("th", "ผ้าขาดตั้งแต่แกะกล่อง"),
        ("ja", "箱が潰れていました"),
    )
    for n in range(60)
]


def test_same_seed_same_copies():
    assert distorted_copies(MESSAGES) == distorted_copies(MESSAGES)
    assert distorted_copies(MESSAGES) != distorted_copies(MESSAGES, seed=1)


def test_copies_differ_and_keep_their_labels():
    copies = distorted_copies(MESSAGES)
    assert [(c.issues, c.lang) for c in copies] == [(m.issues, m.lang) for m in MESSAGES]
    same = sum(c.text == m.text for c, m in zip(copies, MESSAGES, strict=True))
    assert same < len(MESSAGES) / 20  # two like letters may change places


def test_sentiment_is_left_out_only_where_case_changed():
    copies = distorted_copies(MESSAGES)
    silent = [c for c in copies if c.sentiment is None]
    assert {c.lang for c in silent} == {"fr"}
    assert all(c.text in (m.upper(), m.lower()) for c in silent for m in [MESSAGES[0].text])
