"""Reading in all twenty languages; order and batch do not matter; nothing is claimed where nothing can be read."""

import json
from pathlib import Path

import pytest

CASES = [json.loads(line) for line in (Path(__file__).parent.parent / "cases" / "inbox.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["lang"] for case in CASES])
def test_everyday_message(reader, case):
    reading = reader.read([case["text"]], entities=True, evidence=True)[0]
    assert reading.tag == case["lang"]
    assert reading.supported
    assert reading.issues[0][0] == case["issue"]
    assert -1 <= reading.sentiment_score <= 1
    assert reading.evidence
    for piece in reading.evidence:
        assert 0 <= piece.start < piece.end <= len(case["text"])
        assert piece.issue == case["issue"]


def test_batch_is_one_by_one_whatever_the_order(reader):
    texts = [case["text"] for case in CASES] + ["", "🙂", "12345"]
    batch = reader.read(texts, entities=True, evidence=True)
    assert batch == [reader.read([text], entities=True, evidence=True)[0] for text in texts]
    assert batch[::-1] == reader.read(texts[::-1], entities=True, evidence=True)
    assert reader.read([]) == []


@pytest.mark.parametrize(
    "text", ["", "   \n", "🙂🙂🙂", "!!!", "12345", "\ud800", "\x00\x01", "xqzwv kjhgf", "\u202e\u200f"]
)
def test_nothing_to_read_is_no_confident_label(reader, text):
    reading = reader.read([text], entities=True, evidence=True)[0]
    assert reading.doubts
    assert reading.issues[0][1] < 0.9


@pytest.mark.parametrize(
    ("text", "tag"),
    [("Πού είναι το δέμα μου;", "el"), ("איפה החבילה שלי?", "he"), ("என் பார்சல் எங்கே?", "ta"), ("Де моя посилка, вона ще їде?", "uk"),
     ("Hol van a csomagom? Már két hete várok rá.", "hu"), ("Missä pakettini on? Olen odottanut kaksi viikkoa.", "fi")],
)  # fmt: skip
def test_other_languages_are_not_supported(reader, text, tag):
    reading = reader.read([text])[0]
    assert (reading.tag, reading.supported) == (tag, False)
    assert reading.issues[0][0] == "other"
    assert reading.doubts


def test_simplified_against_traditional(reader):
    simplified, traditional = reader.read(["我的订单还没发货", "我的訂單還沒出貨"])
    assert (simplified.tag, traditional.tag) == ("zh-Hans", "zh-Hant")
    assert simplified.issues[0][0] == traditional.issues[0][0] == "not_shipped"


def test_romanised_hindi_is_hindi(reader):
    assert reader.read(["bhai mera order kab tak aayega, abhi tak nahi mila"])[0].tag == "hi"


def test_quoted_words_do_not_decide(reader):
    quoted = "Please cancel my order.\n\nOn Mon, 3 Nov 2025 at 10:12, Shop wrote:\n> Your parcel was damaged, we are sorry.\n> The invoice is attached."
    assert reader.read([quoted])[0].issues[0][0] == "cancel_order"


def test_very_long_message(reader):
    assert reader.read(["Where is my parcel? " + "x" * 1_000_000])[0].tag == "en"
