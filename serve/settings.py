"""Settings, from the environment (`REPLYDESK_…`) or the code that builds an app; every one has a documented default."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of suggestions and of the server."""

    model_config = SettingsConfigDict(env_prefix="REPLYDESK_", extra="ignore", protected_namespaces=())

    model: Path | None = Field(None, description="Model folder; the default model where unset.")
    shop_name: str = Field("", description="Signs the replies; a neutral team signature where empty.")
    return_address: str = Field("", description="Where returns go; a marked gap in replies where empty.")
    seller_country: str = Field("", description="ISO 3166-1 alpha-2; tells whether an order crosses borders.")
    transit_days: int | None = Field(None, ge=1, le=120, description="Usual transit of a second parcel, in days.")
    cheap_below_usd: Decimal = Field(Decimal(30), description="Items below this price are of the cost class 'cheap'.")
    partial_refund_share: Decimal = Field(
        Decimal("0.3"), ge=0, le=1, description="Part of the price offered for keeping an item."
    )
    postage_usd: Decimal = Field(Decimal(6), ge=0, description="One parcel leg, for the expected cost of options.")
    second_issue_weight: float = Field(
        0.6, ge=0, le=1, description="Weight of a second or third issue's options beside the first's."
    )
    confidence_weight: float = Field(0.3, ge=0, le=1, description="How far an uncertain issue lowers its options.")
    repeat_factor: float = Field(0.3, ge=0, le=1, description="Factor for questions and explanations given before.")
    cost_weight: float = Field(0.03, ge=0, le=1, description="Deduction for an option that costs the whole price.")
    max_body_bytes: int = Field(16_000_000, ge=1000, description="Largest accepted HTTP body.")
