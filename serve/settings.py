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
    claim_cost_usd: Decimal = Field(
        Decimal(20), ge=0, description="What a claim costs beside the item: fees, defect rate."
    )
    review_cost_usd: Decimal = Field(Decimal(15), ge=0, description="What a bad review costs in lost sales.")
    anger_factor: float = Field(
        2.0, ge=1, le=10, description="How much likelier an angry buyer answers a refusal with a claim or bad review."
    )
    sentiment_weight: float = Field(
        0.04, ge=0, le=1, description="Added to remedies, and taken from questions, where the buyer is very angry."
    )
    same_standard_weight: float = Field(
        0.03, ge=0, le=1, description="Added to a remedy that was given before: the same standard again."
    )
    question_weight: float = Field(
        0.7, ge=0, le=1, description="Weight of a question beside the option that its answer would allow."
    )
    feedback_weight: float = Field(
        0.1, ge=0, le=1, description="How far agents' acceptance of an option moves it, where it is known."
    )
    own_data: Path | None = Field(None, description="Folder of your own templates and policies, over the shipped ones.")
    max_body_bytes: int = Field(16_000_000, ge=1000, description="Largest accepted HTTP body.")
