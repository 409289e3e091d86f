"""What may not be said is found in every language, and what may be said is left alone."""

from pathlib import Path
from typing import get_args

import pytest

from model.errors import DataError
from model.files import read_yaml
from model.languages import load_languages
from serve.compliance import load_checker, load_rules
from serve.compliance.folding import fold_with_places, undisguised
from serve.schemas import Platform

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "compliance"
CASES = {path.stem: read_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))}
CHECKER = load_checker()
FORBIDDEN = [(tag, rule, text) for tag, c in CASES.items() for rule, texts in c["forbidden"].items() for text in texts]
HARMLESS = [(tag, text) for tag, cases in CASES.items() for text in cases["harmless"]]


def rules_of(text, *tags, platform=None):
    return {finding.rule for finding in CHECKER.check(text, languages=tags, platform=platform)}


def test_the_set_is_large_enough():
    assert set(CASES) == set(load_languages())
    assert len(FORBIDDEN) >= 200
    assert len(HARMLESS) >= 200
    for tag, cases in CASES.items():
        assert sum(map(len, cases["forbidden"].values())) >= 10, tag
        assert len(cases["harmless"]) >= 10, tag
    assert {rule for _, rule, _ in FORBIDDEN} == set(load_rules().rules)


@pytest.mark.parametrize(("tag", "rule", "text"), FORBIDDEN)
def test_forbidden_phrasings_are_found(tag, rule, text):
    assert rule in rules_of(text, tag, "en")


@pytest.mark.parametrize(("tag", "text"), HARMLESS)
def test_harmless_phrasings_pass(tag, text):
    assert rules_of(text, tag, "en") == set()


@pytest.mark.parametrize(
    "text",
    [
        "please change your r e v i e w", "please change your r.e.v.i.e.w", "please change your ｒｅｖｉｅｗ", "PLEASE CHANGE YOUR REVIEW",
        "please ch\u200bange your rev\u00adiew", "please change your r\u0435vi\u0435w", "please change your rev1ew", "pleáse chànge your revïew",
    ],
)  # fmt: skip
def test_disguises_are_seen_through(text):
    assert "review_change" in rules_of(text, "en")


@pytest.mark.parametrize("text", ["请给5-星", "请给 五 星", "請給五星", "请给５星", "请打5★"])
def test_disguises_in_chinese(text):
    assert "review_positive" in rules_of(text, "zh-Hans")


def test_offsets_are_of_the_original():
    text = "Straße 5. Bitte ändern Sie Ihre ﬁne Bewertung 😀 nicht?"
    for finding in CHECKER.check(text, languages=["de"]):
        assert text[finding.start : finding.end] == finding.text
    folded = fold_with_places("ﬁn r e v i e w")
    bare = undisguised(folded)
    at = bare.text.index("review")
    assert bare.span(at, at + 6) == (3, 14)


def test_each_platform_has_its_rules():
    assert "coupon" in rules_of("We send you a coupon", "en", platform="amazon")
    assert "coupon" not in rules_of("We send you a coupon", "en", platform="shopee")
    assert rules_of("Write to help@shop.com or visit www.shop.com", "en", platform="own") == set()
    assert "claim_trade" in rules_of("Once you close the claim, we refund you", "en", platform="own")
    for platform in get_args(Platform):
        assert "review_incentive" in rules_of("Leave a review and get a free gift", "en", platform=platform)


@pytest.mark.parametrize(
    "text",
    ["Amazon.de", "amazon.co.uk", "Ebay.com", "manual.pdf", "It arrived.It works", "Version 2.0.1", "e.g. this", "z.B. so", "Mon.Fri", "3.5 in"],
)  # fmt: skip
def test_no_links(text):
    assert "link" not in rules_of(f"Look at {text}, please", "en")


def test_the_platform_s_own_pages_may_be_linked():
    assert rules_of("https://www.amazon.com/returns", "en", platform="amazon") == set()
    assert rules_of("https://www.amazon.com/returns", "en", platform="ebay") == {"link"}


@pytest.mark.parametrize(
    "text",
    ["112-7654321-1234567", "1Z999AA10123456784", "LX123456785CN", "2026-11-22 10:30", "12.11.2026", "1.250.000 Rp", "4006381333931", "3-5", "10:00-18:00"],
)  # fmt: skip
def test_no_phone_numbers(text):
    assert rules_of(f"It says {text} here", "en") == set()


def test_the_endpoint(client):
    body = {"text": "Bitte ändern Sie Ihre Bewertung.", "language": "de-AT", "platform": "amazon"}
    answer = client.post("/v1/check", json=body).json()
    assert answer["language"] == "de"
    finding = answer["findings"][0]
    assert (finding["rule"], finding["severity"]) == ("review_change", "error")
    assert body["text"][finding["start"] : finding["end"]] == finding["text"]
    unsaid = client.post(
        "/v1/check", json={"text": "Bitte löschen Sie Ihre negative Bewertung, wir bitten darum."}
    ).json()
    assert (unsaid["language"], unsaid["findings"][0]["rule"]) == ("de", "review_change")
    assert client.post("/v1/check", json={"text": "Thank you."}).json()["findings"] == []
    assert client.post("/v1/check", json={"text": "x", "language": "xx"}).status_code == 422
    assert client.post("/v1/check", json={"text": "x", "platform": "amazn"}).status_code == 422


def test_slots_are_checked_when_filled(client):
    order = {
        "platform": "amazon",
        "status": "shipped",
        "carrier": "Fast www.fast-parcel.com",
        "tracking_number": "LX123456785CN",
    }
    answer = client.post("/v1/suggest", json={"message": "Where is my parcel?", "order": order}).json()
    assert any(w.startswith("link: ") for w in answer["warnings"])
    order["carrier"] = "DHL"
    assert client.post("/v1/suggest", json={"message": "Where is my parcel?", "order": order}).json()["warnings"] == []


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("id: a, severity: fatal, finder: link, explanation: x, source: x, date: x", "severity is one of"),
        ("id: a, severity: error, finder: lnk, explanation: x, source: x, date: x", "unknown finder 'lnk' (did you mean 'link'?)"),
        ("id: a, severity: error, explanation: x, source: x, date: x", "either 'shapes' or 'finder'"),
        ("id: a, severity: error, shapes: [{chain: [reviw], reach: '1'}], explanation: x, source: x, date: x", "unknown concept 'reviw'"),
        ("id: a, severity: error, shapes: [{chain: [review]}], explanation: x, source: x, date: x", "needs 'chain' and 'reach'"),
        ("id: a, severity: error, finder: link, platforms: [amazn], explanation: x, source: x, date: x", "unknown platform 'amazn'"),
        ("id: a, severity: error, finder: link, explanation: x, source: x", "'date' is missing"),
    ],
)  # fmt: skip
def test_faulty_rules_are_refused(tmp_path, record, said):
    (tmp_path / "rules.yaml").write_text(f"concepts: {{review: x}}\nrules:\n  - {{{record}}}\n")
    (tmp_path / "en.yaml").write_text("languages: [en, xx]\norder: sideways\nwords: {review: ['(x'], clam: [y]}\n")
    with pytest.raises(DataError) as error:
        load_rules(tmp_path)
    found = "\n".join(map(str, error.value.faults))
    for part in (
        said,
        "no words for 'de'",
        "unknown language 'xx'",
        "order is one of",
        "unknown concept 'clam'",
        "review: ",
    ):
        assert part in found
