"""From an option and the facts of the order to a letter that can be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision

from model.languages import Language
from model.reader import Reading
from serve.platforms import Platforms
from serve.ranking import Ranked
from serve.schemas import Order
from serve.settings import Settings
from serve.templates import Templates, Text

MAX_CHOICES = 3
PARTIAL = "partial_refund_keep"
# Where what was asked for has no choices of its own among the ranked options.
_USUAL_REMEDIES = ("resend", "partial_refund_keep", "full_refund")


class Gap(str):
    """Stands for an unknown fact: false in a condition, and a marked gap where it is written out after all."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Reply:
    """A filled reply; `missing` names the slots whose facts are unknown."""

    template: str
    option: str
    language: str
    text: str
    score: float
    missing: tuple[str, ...]


def slot_values(
    order: Order | None, reading: Reading, language: Language, *, platforms: Platforms, settings: Settings
) -> dict[str, str]:
    """Return the slots whose facts are known, written as the reply's language writes them."""
    order = order or Order()
    read = {entity.kind: entity.value for entity in reversed(reading.entities)}
    locale = Locale.parse(language.locale)

    def money(amount: Decimal | None) -> str | None:
        if amount is None or not order.currency:
            return None
        return str(format_currency(amount, order.currency.upper(), locale=locale))

    def date(moment: datetime | None) -> str | None:
        return format_date(moment.date(), format="long", locale=locale) if moment else None

    share = None
    if order.item_price is not None and order.currency:
        step = Decimal(1).scaleb(-get_currency_precision(order.currency.upper()))
        share = (order.item_price * settings.partial_refund_share).quantize(step)
    window = platforms.return_window(order.platform, order.country)
    values = {
        "customer_name": order.customer_name,
        "shop_name": settings.shop_name,
        "order_id": order.order_id or read.get("order_id"),
        "item_name": order.item_name,
        "tracking_number": order.tracking_number or read.get("tracking_number"),
        "carrier": order.carrier,
        "last_tracking_event": order.last_tracking_event,
        "last_tracking_at": date(order.last_tracking_at),
        "shipped_at": date(order.shipped_at),
        "delivered_at": date(order.delivered_at),
        "item_price": money(order.item_price),
        "refund_amount": money(share),
        "transit_days": str(settings.transit_days) if settings.transit_days else None,
        "return_address": settings.return_address,
        "return_window_days": str(window) if window else None,
    }
    return {slot: " ".join(value.split()) for slot, value in values.items() if value and value.strip()}


def write_reply(
    ranked: Ranked, others: Sequence[Ranked], templates: Templates, values: Mapping[str, str], *, calm: bool
) -> Reply | None:
    """Write the reply for one option; None where the option has no text of its own.

    Parameters
    ----------
    ranked : Ranked
    others : sequence of Ranked
        All options in order: where the buyer is asked what they prefer, the remedies among them become the choices.
    templates : Templates
        Of the reply's language.
    values : mapping
        As `slot_values` returns them.
    calm : bool
        The tone for angry buyers.
    """
    body = templates.body(ranked.option, ranked.issue, ranked.wording)
    if body is None:
        return None
    opening = templates.openings[ranked.issue, "calm" if calm else "standard"]
    greeting = templates.greeting["named" if "customer_name" in values else "plain"]
    slots: set[str] = {"customer_name"} | (templates.closing.slots - {"shop_name"})
    facts = {slot: Gap(gap) for slot, gap in templates.gaps.items()} | dict(values)

    def fill(text: Text, option: str = "") -> str:
        slots.update(text.slots)
        # The partial sum belongs to a partial refund alone: beside any other option it would be the wrong sum.
        shown = facts if option == PARTIAL else {**facts, "refund_amount": Gap(templates.gaps["refund_amount"])}
        return text.template.render(shown).strip()

    parts = [fill(greeting)]
    # A letter of thanks says it once.
    if ranked.option != "thank" or ranked.issue not in ("thanks", "review"):
        parts.append(fill(opening))
    parts.append(fill(body, ranked.option))
    if ranked.option == "ask_preference":
        remedies = [o.option for o in others if o.option in templates.choices]
        chosen = list(dict.fromkeys([*remedies, *_USUAL_REMEDIES]))[: max(2, min(MAX_CHOICES, len(remedies)))]
        lines = [f"{n}. {fill(templates.choices[option], option)}" for n, option in enumerate(chosen, 1)]
        parts += [fill(templates.choices["intro"]) + "\n" + "\n".join(lines), fill(templates.choices["outro"])]
    parts.append(fill(templates.closing))
    return Reply(
        template=f"{ranked.issue}.{ranked.option}",
        option=ranked.option,
        language=templates.tag,
        text="\n\n".join(part for part in parts if part),
        score=ranked.score,
        missing=tuple(sorted(slot for slot in slots if slot not in values)),
    )
