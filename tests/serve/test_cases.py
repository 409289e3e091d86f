"""Every case has a sensible, consistent, repeatable answer; nothing is asked that was said; the pages agree with the data."""

import json
import random
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from serve.compliance import load_rules
from serve.explain import explain
from serve.options import load_options
from serve.platforms import load_platforms
from serve.policies import load_policies
from serve.policy_page import write_page
from serve.ranking import FALLBACK_SCORE, rank_options
from serve.said import load_said
from serve.schemas import Platform, Status, SuggestRequest
from serve.settings import Settings
from serve.vocabulary import vocabulary

POLICIES, OPTIONS, PLATFORMS = load_policies(), load_options(), load_platforms()
DOCS = Path(__file__).resolve().parents[2] / "docs"
SETTINGS = Settings()


def rank(issues, **facts):
    ranked, _ = rank_options(
        [(issue, 0.9) for issue in issues],
        {"sentiment": "neutral", **facts},
        policies=POLICIES,
        options=OPTIONS,
        settings=SETTINGS,
    )
    return ranked


def of_platform(name):
    platform = PLATFORMS.get(name)
    yes = {True: "yes", False: "no"}
    return {
        "platform": name, "marketing_allowed": yes[platform.marketing], "review_request_allowed": yes[platform.review_request],
        "thank_you_allowed": yes[platform.thank_you], "order_known": "yes",
    }  # fmt: skip


def sampled(labels, seed):
    """One value or none for each fact, by a seed."""
    chance = random.Random(seed)  # noqa: S311
    facts = {}
    for name, fact in vocabulary(labels, tuple(OPTIONS)).items():
        if name in ("issue", "with_issue", "platform", "status") or chance.random() < 0.6:
            continue
        if fact.kind == "number":
            facts[name] = chance.choice([0.0, 0.2, 1.0, 5.0, 12.0, 40.0])
        elif fact.kind == "set":
            facts[name] = frozenset(chance.sample(fact.values, 2))
        else:
            facts[name] = chance.choice(fact.values)
    return facts


def test_every_issue_status_and_platform_under_many_facts(labels):
    rules = load_rules().rules
    for number, (issue, status, name) in enumerate(
        product(labels.issues, (None, *get_args(Status)), get_args(Platform))
    ):
        plain = of_platform(name) | ({"status": status} if status else {})
        for facts in (plain, {**sampled(labels, number), **plain}):
            ranked = rank([issue], **facts)
            top = [entry.option for entry in ranked[:3]]
            assert ranked[0].score > FALLBACK_SCORE or "offered" in facts, (issue, facts)
            assert all(entry.reasons and entry.sources for entry in ranked)
            for option in top:
                assert not set(OPTIONS[option].opposes) & set(top), (issue, facts, top)
            for entry in ranked:
                broken = [rule for rule in OPTIONS[entry.option].breaks if name in rules[rule].platforms]
                assert not broken, (issue, name, entry.option)


def test_same_case_same_answer(labels):
    for seed, issue in enumerate(labels.issues):
        facts = sampled(labels, seed)
        assert rank([issue, "claim"], **facts) == rank([issue, "claim"], **dict(reversed(facts.items())))


@pytest.mark.parametrize(
    ("issue", "facts", "asked"),
    [
        ("damaged", {"photos_received": "yes"}, "ask_photo"), ("exchange_request", {"intact": "yes", "in_stock": "yes"}, "ask_condition"),
        ("cancel_order", {"status": "paid", "reason_given": "unwanted"}, "ask_reason"), ("size_fit", {"size_given": "yes"}, "ask_details"),
        ("change_address", {"status": "paid", "address_given": "yes"}, "ask_details"), ("safety", {"harm": "no"}, "ask_details"),
        ("invoice", {"tax_data_given": "yes"}, "ask_details"), ("damaged", {"wish": "new", "photos_received": "yes"}, "ask_preference"),
    ],
)  # fmt: skip
def test_what_is_known_is_not_asked_first(issue, facts, asked):
    assert rank([issue], **facts)[0].option != asked


@pytest.mark.parametrize(
    ("issue", "facts", "option", "wording"),
    [
        ("safety", {"harm": "yes"}, "stop_use", "hurt_told"), ("warranty", {"in_warranty": "no", "status": "delivered", "severity": "plain"}, "repair", "warranty_over"),
        ("not_shipped", {"status": "unpaid"}, "inform_dispatch_date", "unpaid"), ("change_address", {"status": "paid", "fulfilment": "platform"}, "inform_cannot_change", "platform_changes"),
        ("return_cost", {"status": "refunded", "fault": "seller"}, "full_refund", "deducted_back"), ("refund_status", {"status": "refunded"}, "inform_status", "refunded"),
        ("where_is_order", {"status": "shipped"}, "take_up_with_carrier", "carrier_asked"), ("invoice", {}, "send_invoice", "tax_data_missing"),
    ],
)  # fmt: skip
def test_cases_with_words_of_their_own(issue, facts, option, wording):
    assert {entry.option: entry.wording for entry in rank([issue], **facts)}[option] == wording


def test_missing_facts_become_questions_with_their_names():
    first = rank(["damaged"], cost_class="cheap")[0]
    assert first.option == "ask_photo"
    assert any("not known: whether there are photos (photos_received)" in reason for reason in first.reasons)


def test_anger_feedback_and_repetition_move_options_and_say_so():
    def scores(**given):
        facts = {"sentiment": given.pop("sentiment", "neutral"), **given.pop("facts", {})}
        ranked, _ = rank_options(
            [("damaged", 1.0)], facts, policies=POLICIES, options=OPTIONS, settings=SETTINGS, **given
        )
        return {entry.option: entry for entry in ranked}

    calm, angry = scores(), scores(sentiment="very_negative")
    assert angry["resend"].score > calm["resend"].score
    assert any("P60" in reason for reason in angry["resend"].reasons)
    liked = scores(accepted={"resend": 1.0})
    assert liked["resend"].score > calm["resend"].score
    assert any("100%" in reason for reason in liked["resend"].reasons)
    again = scores(facts={"offered": frozenset({"partial_refund_keep", "ask_photo"})})
    assert any("P26" in reason for reason in again["partial_refund_keep"].reasons)
    assert "ask_photo" not in again


@pytest.mark.parametrize(
    ("tag", "issue", "text", "facts"),
    [
        ("en", "safety", "Smoke came out and I burnt my hand", {"harm": "yes"}), ("ja", "safety", "煙が出ました。怪我はありません", {"harm": "no"}),
        ("de", "missing_item", "Die Schrauben fehlen", {"missing_kind": "part"}), ("zh-Hans", "missing_item", "赠品没有发", {"missing_kind": "gift"}),
        ("it", "cancel_order", "Vorrei annullare, ho ordinato per sbaglio", {"reason_given": "unwanted"}), ("ko", "damaged", "깨졌어요. 환불해 주세요", {"severity": "plain", "wish": "money"}),
        ("fr", "invoice", "Notre numéro de TVA : FR40303265045", {"tax_data_given": "yes"}), ("es", "size_fit", "Mido 170 cm", {"size_given": "yes"}),
        ("en", "where_is_order", "I burnt my hand", {}),
        ("de", "authenticity", "Das Siegel war offen, das Gerät ist gebraucht", {"used": "yes"}), ("ja", "not_as_described", "変な臭いがします", {"severity": "slight", "smell": "yes"}),
        ("pl", "wrong_item", "Dostałam cudzą paczkę", {"others_parcel": "yes"}), ("ko", "payment", "두 번 결제됐어요", {"charge": "twice"}),
        ("id", "exchange_request", "Belum dipakai, label masih ada", {"intact": "yes"}), ("sv", "not_received", "Jag har frågat grannen", {"checked": "yes"}),
        ("vi", "customs", "Hải quan yêu cầu hóa đơn", {"paper_asked": "invoice"}), ("es", "return_request", "Me arrepentí de la compra", {"reason_given": "unwanted"}),
        ("vi", "not_as_described", "Cho mình hỏi sao màu khác hình", {}), ("ar", "safety", "استخدمت الجهاز مرة", {}),
        ("id", "defective", "Barang baru sampai, tombol longgar", {}), ("tr", "damaged", "Vazo paramparça geldi", {}),
        ("de", "return_request", "Funktioniert nicht mehr", {}), ("fr", "not_received", "Un nouvel envoi ne sert plus à rien", {"too_late": "yes"}),
        ("sv", "customs", "Tullen vill ha ett intyg", {"paper_asked": "other"}),
        ("ru", "not_as_described", "Готов оставить себе за скидку", {"wish": "keep"}), ("zh-Hant", "other", "不好意思，傳錯人了", {"nothing_wanted": "yes"}),
    ],
)  # fmt: skip
def test_what_messages_state(tag, issue, text, facts):
    assert load_said().read(text, tag, [issue]) == facts


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("Lost in transit", {"tracking": "lost"}), ("快件遗失", {"tracking": "lost"}), ("Rücksendung an Absender", {"tracking": "returning"}),
        ("持戻", {"tracking": "failed"}), ("1 of 2 parcels delivered", {"tracking": "partial"}), ("Departed from origin country", {}),
    ],
)  # fmt: skip
def test_what_the_carriers_last_event_says(event, facts):
    assert load_said().read_event(event) == facts


def test_explain_names_what_fired_and_what_is_missing(suggester):
    request = SuggestRequest.model_validate(
        {"message": "The cup arrived broken", "order": {"platform": "amazon", "item_price": "18"}}
    )
    said = "\n".join(explain(suggester, request, now=datetime(2026, 11, 22, tzinfo=UTC)))
    for part in ("goods.ask_photo [product.yaml:", "unknown: photos_received", "platform: amazon", "1. ask_photo"):
        assert part in said


def test_expected_costs_are_real(client):
    order = {
        "platform": "amazon",
        "status": "delivered",
        "item_price": 18.9,
        "currency": "USD",
        "photos_received": True,
    }
    answer = client.post("/v1/suggest", json={"message": "The cup arrived broken", "limit": 20, "order": order}).json()
    costs = {option["option"]: option["expected_cost"] for option in answer["options"]}
    assert costs["full_refund_keep"] == 18.9
    assert costs["resend"] == pytest.approx(18.9 * 0.7 + 6 + 0.02 * (18.9 + 20 + 15) / 2, abs=0.01)
    assert json.dumps(answer).count("expected_cost") == len(costs)


def test_the_page_of_policies_is_current():
    assert (DOCS / "policies.md").read_text(encoding="utf-8") == write_page(), "run make docs"
