"""Entities: cases as data, offsets, overlaps, languages, and that every check refuses."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from pathlib import Path

import pytest

from model.entities import (
    Entity,
    amount,
    carrier,
    checks,
    date,
    find_entities,
    find_order_id,
    order_id,
    photo,
    tracking_number,
)
from model.entities.lexicon import lexicon
from model.entities.reading import read
from model.errors import DataError
from model.files import read_jsonl
from model.languages import load_languages

CASES = [row for _, row in read_jsonl(Path(__file__).parent.parent / "cases" / "entities.jsonl")]
KINDS = ("order_id", "tracking_number", "amount", "date", "carrier", "photo_attached")
VALID = {
    "order_id": None,
    "tracking_number": None,
    "amount": amount,
    "date": date,
    "carrier": carrier,
    "photo_attached": photo,
}


@pytest.mark.parametrize("case", CASES, ids=[f"{c['label']}-{n}" for n, c in enumerate(CASES)])
def test_case(case: dict) -> None:
    found = find_entities(case["text"], case["lang"])
    assert [(e.kind, e.text, e.value) for e in found] == [(e["kind"], e["text"], e["value"]) for e in case["expect"]]


@pytest.mark.parametrize("case", CASES, ids=[f"{c['label']}-{n}" for n, c in enumerate(CASES)])
def test_offsets_order_and_overlaps_within_a_longer_message(case: dict) -> None:
    text = f"😀 İ\n{case['text']}\n…"
    found = find_entities(text, case["lang"])
    assert all(text[e.start : e.end] == e.text for e in found)
    assert [e.start for e in found] == sorted(e.start for e in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    modules = {kind: module for kind, module in VALID.items() if module}
    assert all(modules[e.kind].is_valid(e.value) for e in found if e.kind in modules)


def test_every_language_has_a_case_of_every_kind_and_one_without() -> None:
    seen = Counter((c["lang"], e["kind"]) for c in CASES for e in c["expect"])
    empty = {c["lang"] for c in CASES if not c["expect"]}
    assert [(tag, kind) for tag in load_languages() for kind in KINDS if not seen[tag, kind]] == []
    assert empty == set(load_languages())


def test_ids_win_over_amounts_and_dates() -> None:
    found = find_entities("order 20240612-1234-1 paid 20240612 €", "en")
    assert next(e.kind for e in found) == "order_id"
    assert all(isinstance(e, Entity) for e in found)


def test_currency_of_a_bare_sign_follows_the_language() -> None:
    values = {tag: find_entities("$50", tag)[0].value for tag in ("en", "es", "zh-Hant", "de")}
    assert values == {"en": "USD 50", "es": "MXN 50", "zh-Hant": "TWD 50", "de": "USD 50"}


def test_date_order_follows_the_language() -> None:
    assert {t: find_entities("03/04/2024", t)[0].value for t in ("en", "fr")} == {
        "en": "2024-03-04?",
        "fr": "2024-04-03?",
    }
    assert find_entities("13/04/2024", "en")[0].value == "2024-04-13"


def test_an_unknown_language_is_read_all_the_same() -> None:
    assert [e.value for e in find_entities("112-7654321-1234567", "und")] == ["112-7654321-1234567"]


def test_impossible_dates_are_refused() -> None:
    assert [e.kind for e in find_entities("am 31.02.2024 und 45.13.2024", "de")] == []
    assert not date.is_valid("2023-02-29")


@pytest.mark.parametrize("check", [checks.s10, checks.ups, checks.gs1, checks.fedex])
def test_check_digits_refuse_every_other_last_digit(check) -> None:
    good = {
        "s10": "RB123456785GB",
        "ups": "1Z5R89390357567127",
        "gs1": "00340434161094022115",
        "fedex": "986578788855",
    }[check.__name__]
    at = 10 if check is checks.s10 else len(good) - 1
    passing = [d for d in "0123456789" if check(good[:at] + d + good[at + 1 :])]
    assert passing == [good[at]]


def test_shapes() -> None:
    assert order_id.is_valid("PO-211-07469532812631992")
    assert not order_id.is_valid("12345")
    assert tracking_number.is_valid("JJD014600003612345678")
    assert not tracking_number.is_valid("RB123456784GB")


def test_reading_keeps_positions() -> None:
    text = "İ１２٣ⅷ—\u00a0ﬁ"
    reading = read(text, "tr")
    assert len(reading.folded) == len(reading.low) == len(text)
    assert reading.folded[1:4] == "123"


def test_carriers_are_many_and_named_once() -> None:
    names = [r["name"] for r in lexicon("carriers")["carriers"]]
    assert len(names) >= 120
    assert [n for n, count in Counter(names).items() if count > 1] == []


def test_word_lists_cover_all_languages_and_a_missing_one_is_refused(tmp_path, monkeypatch) -> None:
    for name in ("numbers", "dates", "photo", "quotes"):
        assert set(lexicon(name)["languages"]) == set(load_languages())
    from model.entities import lexicon as module

    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "planted.yaml").write_text(
        "languages:\n  en: {words: [a]}\n  xy: {words: [b]}\n", encoding="utf-8"
    )
    monkeypatch.setattr(module, "data_dir", lambda: tmp_path)
    with pytest.raises(DataError) as error:
        lexicon("planted")
    told = [str(f) for f in error.value.faults]
    assert any("unknown language 'xy'" in t for t in told)
    assert any("'de' is missing" in t for t in told)


def test_long_messages_take_linear_time() -> None:
    def seconds(text: str) -> float:
        start = time.perf_counter()
        find_entities(text, "en")
        return time.perf_counter() - start

    for piece in (
        "1",
        "1 ",
        "12,",
        "1-",
        "order ",
        "$",
        "a1",
        "photo ",
        "12/",
        "DHL ",
        "see photo ",
        "5€ ",
        "not sent photo, ",
    ):
        find_entities(piece * 100, "en")
        small, large = seconds(piece * 5_000), seconds(piece * 20_000)
        assert large < max(9 * small, 0.5), piece


@pytest.mark.slow
def test_order_ids_are_those_among_all_entities(reader, messages):
    some = [m for m in messages if sum(c.isdigit() for c in m.text) > 2]
    extra = [
        f"{m.text} {number}"
        for m, number in zip(
            some, ["#112-7654321-1234567", "UPS 1Z999AA10123456784", "Order 4711-AB", "٢٥٠١٢٣٤٥٦"] * 99, strict=False
        )
    ]
    texts = [m.text for m in some[::5]] + extra
    for text, reading in zip(texts, reader.read(texts, entities=True), strict=True):
        expected = next((e.value for e in reading.entities if e.kind == "order_id"), None)
        assert find_order_id(text, reading.tag) == expected, text
