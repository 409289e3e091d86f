"""Every template of every language renders clean, with all facts and with none."""

import re
from decimal import Decimal

import pytest

from model.errors import DataError
from model.languages import load_languages
from model.reader import Reading
from serve.compliance import load_checker
from serve.options import load_options
from serve.platforms import load_platforms
from serve.ranking import Ranked
from serve.replies import slot_values, write_reply
from serve.schemas import Order
from serve.settings import Settings
from serve.templates import load_templates

TEMPLATES = load_templates()
PLATFORMS, CHECKER, OPTIONS = load_platforms(), load_checker(), load_options()
FULL = Order.model_validate(
    {
        "platform": "amazon", "country": "DE", "item_price": "1234.5", "currency": "EUR", "item_name": "Lamp 3W",
        "customer_name": "Kim Rossi", "order_id": "112-7654321-1234567", "tracking_number": "LX123456785CN",
        "carrier": "DHL", "shipped_at": "2026-11-03", "delivered_at": "2026-11-14T10:00:00Z",
        "last_tracking_event": "Arrived at hub", "last_tracking_at": "2026-11-12T08:00:00+01:00",
    }
)  # fmt: skip
SETTINGS = Settings(shop_name="Nordlicht", return_address="Hafenstr. 1", transit_days=15)
UNREAD = Reading("en", 1.0, True, [("other", 1.0)], "neutral", 0.0, 1.0, [])
LEFT_OVERS = re.compile(r"\{\{|\}\}|\{%|\bNone\b|\bnan\b|  |\n\n\n| ,|\(\)|\"\"|„“|「」|«»")


def every_reply(tag, order, settings):
    values = slot_values(order, UNREAD, load_languages()[tag], platforms=PLATFORMS, settings=settings)
    others = [Ranked(o, "damaged", 0.5) for o in ("resend", "partial_refund_keep", "return_seller_pays")]
    for (option, issue), calm in ((key, calm) for key in TEMPLATES[tag].bodies for calm in (False, True)):
        entry = Ranked(option, "damaged" if issue == "default" else issue, 0.9)
        yield write_reply(entry, others, TEMPLATES[tag], values, calm=calm), values


@pytest.mark.parametrize("tag", TEMPLATES)
@pytest.mark.parametrize(("order", "settings"), [(FULL, SETTINGS), (None, Settings())], ids=["all facts", "no facts"])
def test_rendered_clean_and_allowed_everywhere(tag, order, settings):
    for reply, values in every_reply(tag, order, settings):
        assert not LEFT_OVERS.search(reply.text), (reply.template, reply.text)
        assert not set(reply.missing) & set(values)
        excused = OPTIONS[reply.option].breaks
        found = [f for f in CHECKER.check(reply.text, languages=[tag], platform="amazon") if f.rule not in excused]
        assert found == [], (reply.template, reply.text)
        if order is None:
            assert "customer_name" in reply.missing


def test_the_languages_of_this_release():
    assert {"en", "zh-Hans", "zh-Hant", "it", "ja", "de"} <= set(TEMPLATES)


def test_numbered_choices():
    values = slot_values(FULL, UNREAD, load_languages()["en"], platforms=PLATFORMS, settings=SETTINGS)
    others = [Ranked(o, "damaged", 0.5) for o in ("resend", "partial_refund_keep")]
    reply = write_reply(Ranked("ask_preference", "damaged", 0.9), others, TEMPLATES["en"], values, calm=False)
    assert "\n1. " in reply.text
    assert "\n2. " in reply.text
    assert "\n3. " not in reply.text


def test_money_and_dates_as_the_language_writes_them():
    german = slot_values(FULL, UNREAD, load_languages()["de"], platforms=PLATFORMS, settings=SETTINGS)
    assert german["item_price"] == "1.234,50 €"
    assert german["delivered_at"] == "14. November 2026"
    assert german["refund_amount"] == "370,35 €"
    assert german["return_window_days"] == "14"
    yen = FULL.model_copy(update={"item_price": Decimal(3200), "currency": "JPY"})
    japanese = slot_values(yen, UNREAD, load_languages()["ja"], platforms=PLATFORMS, settings=SETTINGS)
    assert japanese["refund_amount"] in ("¥960", "￥960")


def test_the_partial_sum_stands_with_a_partial_refund_alone():
    for tag in TEMPLATES:
        values = slot_values(FULL, UNREAD, load_languages()[tag], platforms=PLATFORMS, settings=SETTINGS)
        for option in ("inform_status", "store_credit", "full_refund", "partial_refund_keep"):
            reply = write_reply(Ranked(option, "refund_status", 0.9), [], TEMPLATES[tag], values, calm=False)
            assert (values["refund_amount"] in reply.text) == (option == "partial_refund_keep")


def test_options_that_do_not_speak_have_no_text():
    for option in load_options().values():
        assert ((option.name, "default") in TEMPLATES["en"].bodies) == option.speaks


def test_faulty_templates_are_refused(tmp_path):
    (tmp_path / "en.yaml").write_text(
        'language: de\nclosing: "{{ shop }}"\ngreeting: {named: "{% if %}", plain: "Hi"}\nbodys: {}\n'
    )
    with pytest.raises(DataError) as error:
        load_templates(tmp_path)
    said = "\n".join(map(str, error.value.faults))
    for part in (
        "unknown slot 'shop'",
        "does not compile",
        "unknown key 'bodys'",
        "name of the file",
        "openings.damaged.calm is missing",
    ):
        assert part in said
