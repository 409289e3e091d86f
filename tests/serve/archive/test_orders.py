"""Facts of the order in an archive's columns; and order ids in its messages."""

from datetime import UTC, datetime

from serve.archive.orders import moments_of, orders_of
from serve.archive.rows import RecordRows

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def rows(*records):
    return RecordRows(list(records), [None] * len(records), {})


def test_facts_with_the_contracts_names_are_taken():
    (order,) = orders_of(rows({"platform": "TikTok Shop", "status": " Delivered", "item_price": "18.90", "photos_received": "true",
                               "delivered_at": "2026-03-01", "previous_options": "ask_photo|resend", "text": "x", "other": 1}))  # fmt: skip
    assert (order.platform, order.status, str(order.item_price)) == ("tiktok_shop", "delivered", "18.90")
    assert order.photos_received is True
    assert order.delivered_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert order.previous_options == ["ask_photo", "resend"]


def test_what_is_not_of_the_contract_is_left_out():
    found = orders_of(
        rows(
            {"platform": "bazaar", "status": "paid"},
            {"platform": ""},
            {"warranty_months": float("nan")},
            {"warranty_months": 12.0, "order_id": 12},
        )
    )
    assert found[0].platform is None
    assert found[0].status == "paid"
    assert found[1] is None
    assert found[2] is None
    assert (found[3].warranty_months, found[3].order_id) == (12, "12")
    assert orders_of(rows({"text": "x"})) == [None]


def test_moments():
    given = rows({"date": "2026-03-01"}, {"date": "yesterday"}, {"date": datetime(2026, 3, 2)}, {})
    assert moments_of(given, "date", NOW) == [
        datetime(2026, 3, 1, tzinfo=UTC),
        NOW,
        datetime(2026, 3, 2, tzinfo=UTC),
        NOW,
    ]
    assert moments_of(given, None, NOW) == [NOW] * 4
