"""Policies: three-valued conditions, ranking, and a sensible option for every case there is."""

from itertools import product
from typing import get_args

import pytest

from model.errors import DataError
from serve.options import load_options
from serve.policies import load_policies
from serve.ranking import rank_options
from serve.schemas import Platform, Status
from serve.settings import Settings

POLICIES, OPTIONS = load_policies(), load_options()


def names(issue, **facts):
    facts = {"sentiment": "neutral", "order_known": "yes", "marketing_allowed": "yes", **facts}
    ranked, _ = rank_options([(issue, 1.0)], facts, policies=POLICIES, options=OPTIONS, settings=Settings())
    return [entry.option for entry in ranked]


@pytest.mark.parametrize(
    ("issue", "facts", "first"),
    [
        ("cancel_order", {"status": "paid"}, "cancel_and_refund"),
        ("cancel_order", {"status": "shipped"}, "refuse_parcel_then_refund"),
        ("change_address", {"status": "paid"}, "change_address"),
        ("change_address", {"status": "shipped", "redirect_possible": "no", "cost_class": "cheap"}, "resend_to_new_address"),
        ("change_address", {"status": "shipped", "redirect_possible": "no", "cost_class": "dear"}, "inform_cannot_change"),
        ("where_is_order", {"status": "shipped"}, "inform_status"),
        ("where_is_order", {"status": "shipped", "days_since_tracking": 12.0}, "trace_parcel"),
        ("not_shipped", {"status": "paid"}, "inform_dispatch_date"),
        ("damaged", {"photos_received": "no"}, "ask_photo"),
        ("damaged", {"photos_received": "yes"}, "ask_preference"),
        ("safety", {}, "stop_use"),
        ("refund_status", {"status": "return_received", "days_since_return_received": 3.0}, "full_refund"),
        ("return_request", {"fault": "seller", "status": "delivered"}, "return_seller_pays"),
        ("return_request", {"return_window": "closed", "status": "delivered", "offered": frozenset({"ask_reason"})}, "store_credit"),
        ("return_request", {"status": "delivered"}, "ask_reason"),
        ("return_request", {"status": "delivered", "offered": frozenset({"ask_reason"})}, "inform_return_steps"),
        ("damaged", {"status": "refunded"}, "inform_status"),
        ("claim", {}, "contact_claimant"),
        ("spam", {}, "ignore"),
        ("thanks", {}, "thank"),
    ],
)  # fmt: skip
def test_what_an_experienced_seller_does_first(issue, facts, first):
    assert names(issue, **facts)[0] == first


def test_every_issue_status_platform_has_a_consistent_answer(labels):
    for issue, status, platform in product(labels.issues, (None, *get_args(Status)), get_args(Platform)):
        facts = {"platform": platform} | ({"status": status} if status else {})
        found = names(issue, **facts)
        assert found
        for option in found:
            assert not set(OPTIONS[option].opposes) & set(found)


def test_unknown_facts_are_never_guessed():
    assert "resend_to_new_address" not in names("change_address", status="shipped")
    facts = {"sentiment": "neutral", "status": "shipped", "redirect_possible": "no"}
    _, almost = rank_options([("change_address", 1.0)], facts, policies=POLICIES, options=OPTIONS, settings=Settings())
    assert ("cost_class",) in [a.missing for a in almost if a.option == "resend_to_new_address"]


def test_what_was_asked_is_not_asked_again():
    before = names("damaged", photos_received="no")
    after = names("damaged", photos_received="no", offered=frozenset({"ask_photo"}))
    assert before[0] == "ask_photo"
    assert after[0] != "ask_photo"


def test_amazon_forbids_vouchers_and_review_requests():
    for issue in ("missing_item", "price_promo", "review", "not_as_described"):
        found = names(issue, marketing_allowed="no", review_request_allowed="no", offered=frozenset({"resend"}))
        assert not {"coupon", "ask_review_again"} & set(found)


def test_danger_is_never_bargained_with():
    assert not {"coupon", "partial_refund_keep", "store_credit"} & set(names("safety"))


def test_a_parcel_on_its_way_back_is_told_of_as_a_refund():
    facts = {"sentiment": "neutral", "status": "cancelled"}
    ranked, _ = rank_options([("where_is_order", 1.0)], facts, policies=POLICIES, options=OPTIONS, settings=Settings())
    assert (ranked[0].option, ranked[0].wording) == ("inform_status", "refund_status")


def test_second_issues_weigh_less():
    facts = {"sentiment": "neutral"}
    ranked, _ = rank_options(
        [("damaged", 0.9), ("claim", 0.7)], facts, policies=POLICIES, options=OPTIONS, settings=Settings()
    )
    by_name = {entry.option: entry for entry in ranked}
    assert ranked[0].issue == "damaged"
    assert by_name["contact_claimant"].score < by_name["ask_photo"].score


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("id: a, when: {issue: [damaged]}, option: ask_foto, fit: '1', reason: x, sources: [P1]", "unknown option 'ask_foto' (did you mean 'ask_photo'?)"),
        ("id: a, when: {issue: [damaged], wether: [x]}, option: thank, fit: '1', reason: x, sources: [P1]", "unknown fact 'wether'"),
        ("id: a, when: {issue: [damaged], status: [flying]}, option: thank, fit: '1', reason: x, sources: [P1]", "unknown value 'flying'"),
        ("id: a, when: {issue: [damaged]}, option: thank, fit: '2', reason: x, sources: [P1]", "'fit' must be a number"),
        ("id: a, when: {issue: [damaged]}, option: thank, fit: '1', reason: x, sources: [P63]", "unknown source 'P63'"),
        ("id: a, when: {status: [paid]}, option: thank, fit: '1', reason: x, sources: [P1]", "must name the issue"),
        ("id: a, when: {issue: [damaged]}, fit: '1', reason: x, sources: [P1]", "either 'option' or 'forbid'"),
        ("id: a, when: {issue: [damaged], previous_contacts: {least: '2'}}, option: thank, fit: '1', reason: x, sources: [P1]", "takes {min"),
        ("id: a, when: {issue: [damaged]}, option: thank, fit: '1', reason: x, sources: [P1], colour: red", "unknown field 'colour'"),
    ],
)  # fmt: skip
def test_faulty_policies_are_refused(tmp_path, record, said):
    (tmp_path / "a.yaml").write_text(f"policies:\n  - {{{record}}}\n")
    with pytest.raises(DataError) as error:
        load_policies(tmp_path)
    assert any(said in str(fault) and ":2:" in str(fault) for fault in error.value.faults)


def test_an_unsure_reading_keeps_to_what_is_safe_under_both():
    facts = {"sentiment": "neutral", "status": "delivered", "marketing_allowed": "yes"}
    given = {"policies": POLICIES, "options": OPTIONS, "settings": Settings()}
    sure, _ = rank_options([("defective", 0.5)], facts, **given)
    unsure, _ = rank_options([("defective", 0.5)], facts, **given, alternatives=[("safety", 0.4)])
    assert "stop_use" in [entry.option for entry in unsure[:3]]
    assert "partial_refund_keep" in [entry.option for entry in sure]
    assert "partial_refund_keep" not in [entry.option for entry in unsure]
