"""The buyer's own words: cases as data, positions, and time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from model.files import read_jsonl
from model.languages import load_languages
from model.text import join_own, own_words

CASES = [row for _, row in read_jsonl(Path(__file__).parent.parent / "cases" / "quotes.jsonl")]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES, ids=[c["label"] for c in CASES])
def test_case(case: dict, newline: str) -> None:
    text = case["text"].replace("\n", newline)
    kept = "\n".join(text[a:b].replace(newline, "\n") for a, b in own_words(text))
    assert kept == "\n".join(case["expect"])


@pytest.mark.parametrize("case", CASES, ids=[c["label"] for c in CASES])
def test_offsets_lead_back_to_the_original(case: dict) -> None:
    kept, offsets = join_own(case["text"])
    assert len(kept) == len(offsets)
    assert list(offsets) == sorted(set(offsets))
    assert all(char == case["text"][at] for char, at in zip(kept, offsets, strict=True) if char != "\n")


def test_every_language_has_each_form() -> None:
    labels = {c["label"] for c in CASES}
    forms = (
        "Gmail reply",
        "reply without quote marks",
        "bottom posting",
        "header block",
        "telephone",
        "original message",
    )
    assert [f"{tag} {form}" for tag in load_languages() for form in forms if f"{tag} {form}" not in labels] == []


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n", "Where is it?", "> a\n> b"])
def test_where_nothing_would_remain_the_whole_text_is_kept(text: str) -> None:
    assert own_words(text) == [(0, len(text))]


@pytest.mark.parametrize(
    "line", ["> quoted\n", "It is broken.\n", "On 3 May 2024 you said\n", "From: x\n", "-", "wrote: ", "Order: a b\n"]
)
def test_a_megabyte_takes_linear_time(line: str) -> None:
    def seconds(size: int) -> float:
        text = (line * (size // len(line) + 1))[:size]
        start = time.perf_counter()
        own_words(text)
        return time.perf_counter() - start

    own_words("warm\nup")
    # A generous bound for a shared machine; quadratic time would take minutes.
    assert seconds(1_000_000) < max(24 * seconds(125_000), 1.0)
