"""What comes in at the doors, checked: requests as pydantic models, unknown fields refused by name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

MAX_MESSAGE_CHARS = 200_000
MAX_BATCH = 1_000
MAX_CHECKED_CHARS = 50_000

Platform = Literal[
    "amazon", "ebay", "taobao", "tmall", "jd", "pinduoduo", "douyin", "kuaishou", "shopee", "lazada", "aliexpress",
    "temu", "tiktok_shop", "rakuten", "coupang", "mercadolibre", "shopify", "own",
]  # fmt: skip
Status = Literal[
    "unpaid", "paid", "shipped", "out_for_delivery", "delivered", "return_in_transit", "return_received", "refunded",
    "cancelled",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Order(_Strict):
    """Facts of the order, every one optional; what is unknown is never guessed. Times without a zone are read as UTC."""

    platform: Platform | None = None
    country: Annotated[str | None, Field(pattern=r"^[A-Za-z]{2}$", description="ISO 3166-1 alpha-2")] = None
    fulfilment: Literal["seller", "platform"] | None = None
    status: Status | None = None
    item_price: Annotated[Decimal | None, Field(ge=0, le=10**12)] = None
    currency: Annotated[str | None, Field(pattern=r"^[A-Za-z]{3}$", description="ISO 4217")] = None
    item_name: Annotated[str | None, Field(max_length=500)] = None
    category: Annotated[str | None, Field(max_length=100)] = None
    customer_name: Annotated[str | None, Field(max_length=200)] = None
    order_id: Annotated[str | None, Field(max_length=100)] = None
    tracking_number: Annotated[str | None, Field(max_length=100)] = None
    carrier: Annotated[str | None, Field(max_length=100)] = None
    paid_at: AwareDatetime | None = None
    shipped_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    return_received_at: AwareDatetime | None = None
    claim_opened_at: AwareDatetime | None = None
    reviewed_at: AwareDatetime | None = None
    last_tracking_event: Annotated[str | None, Field(max_length=500)] = None
    last_tracking_at: AwareDatetime | None = None
    photos_received: bool | None = None
    fault: Literal["seller", "carrier", "buyer"] | None = None
    intact: bool | None = None
    in_stock: bool | None = None
    part_in_stock: bool | None = None
    warranty_months: Annotated[int | None, Field(ge=0, le=1200)] = None
    freight_insurance: bool | None = None
    redirect_possible: bool | None = None
    previous_contacts: Annotated[int | None, Field(ge=0, le=100_000)] = None
    previous_options: list[str] | None = None
    buyer_returns_90d: Annotated[int | None, Field(ge=0, le=100_000)] = None

    @field_validator(
        "paid_at", "shipped_at", "delivered_at", "return_received_at", "claim_opened_at", "reviewed_at",
        "last_tracking_at", mode="before",
    )  # fmt: skip
    @classmethod
    def _zone(cls, value: Any) -> Any:
        """Read a time without a zone (and a bare date) as UTC: sellers' exports often leave it out."""
        if isinstance(value, str):
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                return value  # pydantic says what is wrong with it
            if moment.tzinfo is None:
                return moment.isoformat() + "+00:00"
        return value


class SuggestRequest(_Strict):
    """One message and, where known, its order."""

    message: Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)]
    reply_language: Annotated[
        str | None, Field(max_length=35, description="BCP 47 tag; the buyer's language by default")
    ] = None
    limit: Annotated[int, Field(ge=1, le=20)] = 3
    order: Order | None = None


class CheckRequest(_Strict):
    """A text that an agent means to send."""

    text: Annotated[str, Field(max_length=MAX_CHECKED_CHARS)]
    language: Annotated[
        str | None, Field(max_length=35, description="BCP 47 tag; recognised from the text by default")
    ] = None
    platform: Annotated[Platform | None, Field(description="Rules of all platforms by default")] = None


class ClassifyRequest(_Strict):
    """Messages that only want labels."""

    messages: Annotated[
        list[Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)]], Field(min_length=1, max_length=MAX_BATCH)
    ]
