"""Deadlines: by the clock, by business days of a country, by law; each figure with its source."""

from datetime import UTC, datetime, timedelta

import pytest

from model.errors import DataError
from model.reader import Reading
from serve.business_days import add_business_days, is_business_day
from serve.clock import deadlines, priority, respond_by
from serve.facts import gather_facts
from serve.platforms import load_platforms
from serve.schemas import Order
from serve.settings import Settings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
PLATFORMS = load_platforms()


def order(**facts):
    return Order.model_validate(facts)


def facts(issue="refund_status", **given):
    reading = Reading("en", 1.0, True, [(issue, 1.0)], "neutral", 0.0, 1.0, [])
    return gather_facts(order(**given), reading, now=NOW, platforms=PLATFORMS, settings=Settings())


@pytest.mark.parametrize(
    ("start", "days", "country", "end"),
    [
        ("2026-11-20", 2, None, "2026-11-24"),  # over a weekend
        ("2026-12-23", 2, "DE", "2026-12-28"),  # Christmas on Friday and Saturday
        ("2026-11-25", 1, "US", "2026-11-27"),  # Thanksgiving on Thursday
        ("2026-11-19", 1, "SA", "2026-11-22"),  # Friday and Saturday are the weekend
        ("2026-10-01", 1, "CN", "2026-10-08"),  # the week of the national day
        ("2026-11-20", 0, "XX", "2026-11-20"),
    ],
)
def test_business_days(start, days, country, end):
    moment = datetime.fromisoformat(start).replace(hour=9, tzinfo=UTC)
    assert add_business_days(moment, days, country).date().isoformat() == end
    assert add_business_days(moment, days, country).hour == 9


def test_unknown_countries_have_weekends_alone():
    assert is_business_day(datetime(2026, 12, 25).date(), "ZZ")
    assert not is_business_day(datetime(2026, 12, 26).date(), "ZZ")


@pytest.mark.parametrize(
    ("platform", "hours"), [("amazon", 24), ("shopee", 12), ("tiktok_shop", 12), ("taobao", 0.05), (None, 24)]
)
def test_answers_are_due_weekends_too(platform, hours):
    due = respond_by(PLATFORMS.get(platform), order(platform=platform), ["where_is_order"], now=NOW)
    assert due == NOW + timedelta(hours=hours)


def test_an_open_claim_makes_its_own_clock():
    claimed = order(platform="amazon", claim_opened_at=NOW - timedelta(hours=40))
    due = deadlines(PLATFORMS.get("amazon"), claimed, ["claim"], now=NOW)
    assert (due[0].what, due[0].due) == ("claim", NOW + timedelta(hours=8))
    assert priority(["claim"], "neutral", claimed, due, now=NOW) == "urgent"
    late = order(platform="amazon", claim_opened_at=NOW - timedelta(days=9))
    assert respond_by(PLATFORMS.get("amazon"), late, ["claim"], now=NOW) == NOW
    ebay = order(platform="ebay", country="US", claim_opened_at="2026-11-20T12:00:00Z")
    assert deadlines(PLATFORMS.get("ebay"), ebay, ["claim"], now=NOW)[-1].due.date().isoformat() == "2026-11-25"


def test_an_overdue_refund_is_high():
    returned = order(status="return_received", country="DE", return_received_at="2026-11-17T10:00:00Z")
    due = deadlines(PLATFORMS.get(None), returned, ["refund_status"], now=NOW)
    assert due[0].what == "refund"
    assert priority(["refund_status"], "neutral", returned, due, now=NOW) == "high"
    assert priority(["refund_status"], "neutral", None) == "normal"
    assert (
        facts(status="return_received", country="DE", return_received_at="2026-11-17T10:00:00Z")["refund_overdue"]
        == "yes"
    )
    assert (
        facts(status="return_received", country="DE", return_received_at="2026-11-20T10:00:00Z")["refund_overdue"]
        == "no"
    )


@pytest.mark.parametrize(
    ("platform", "country", "days_ago", "window"),
    [
        ("taobao", "CN", 6, "open"), ("taobao", "CN", 8, "closed"), ("amazon", "DE", 13, "open"), ("amazon", "GB", 15, "closed"),
        ("rakuten", "JP", 1, "none"), ("amazon", "US", 3, None), ("taobao", None, 8, "closed"), ("amazon", "DE", None, None),
    ],
)  # fmt: skip
def test_return_windows_by_law_and_platform(platform, country, days_ago, window):
    given = {"platform": platform, "country": country}
    if days_ago:
        given["delivered_at"] = NOW - timedelta(days=days_ago)
    assert facts(**given).get("return_window") == window


def test_the_legal_guarantee_stands_in_for_an_unknown_warranty():
    delivered = {"delivered_at": NOW - timedelta(days=400)}
    assert facts("warranty", country="DE", **delivered)["in_warranty"] == "yes"
    assert facts("warranty", country="DE", warranty_months=12, **delivered)["in_warranty"] == "no"
    assert "in_warranty" not in facts("warranty", country="US", **delivered)


def test_every_figure_has_its_source_and_date():
    for platform in PLATFORMS.by_name.values():
        for figure in platform.figures.values():
            assert figure["source"]
            assert figure["date"] >= "2026-01"


def test_faulty_figures_are_refused(tmp_path):
    from model.files import data_dir

    text = (data_dir() / "platforms.yaml").read_text(encoding="utf-8")
    path = tmp_path / "platforms.yaml"
    path.write_text(
        text.replace('answer_hours: {is: "24", source:', 'answer_hours: {is: "soon", source:', 1).replace(
            "  lazada:\n", "  lazzada:\n    speed: {is: '1'}\n"
        )
    )
    with pytest.raises(DataError) as error:
        load_platforms(path)
    found = "\n".join(map(str, error.value.faults))
    for part in (
        "a number, not 'soon'",
        "unknown platform 'lazzada'",
        "unknown figure 'speed'",
        "every figure has",
        "platform 'lazada' is missing",
    ):
        assert part in found
