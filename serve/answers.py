"""What goes out, for the API's documentation and its tests; answers themselves are written without a detour over models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", protected_namespaces=())


class Language(_Answer):
    tag: str = Field(description="BCP 47, or 'und'")
    confidence: float = Field(ge=0, le=1)
    supported: bool


class Issue(_Answer):
    issue: str
    confidence: float = Field(ge=0, le=1, description="Calibrated chance that it is right")


class Sentiment(_Answer):
    level: str
    score: float = Field(ge=-1, le=1)
    confidence: float = Field(ge=0, le=1)


class Entity(_Answer):
    kind: str
    text: str
    start: int = Field(ge=0, description="In code points of the message")
    end: int
    value: str


class Evidence(_Answer):
    start: int
    end: int
    issue: str
    weight: float


class NeedsPerson(_Answer):
    value: bool
    reasons: list[str]


class Option(_Answer):
    option: str
    score: float = Field(ge=0, le=1)
    reasons: list[str]
    sources: list[str]
    expected_cost: float | None = Field(description="In the order's currency; null where the price is unknown")


class Reply(_Answer):
    template: str
    option: str
    language: str
    text: str
    score: float
    missing: list[str]


class SuggestAnswer(_Answer):
    """The answer of `POST /v1/suggest`."""

    language: Language
    issues: list[Issue]
    sentiment: Sentiment
    entities: list[Entity]
    evidence: list[Evidence]
    priority: Literal["urgent", "high", "normal", "low"]
    respond_by: str
    needs_person: NeedsPerson
    options: list[Option]
    replies: list[Reply]
    warnings: list[str]
    model_version: str
    suggestion_id: str


class Classified(_Answer):
    """The labels of one message."""

    language: Language
    issues: list[Issue]
    sentiment: Sentiment
    needs_person: NeedsPerson


class ClassifyAnswer(_Answer):
    """The answer of `POST /v1/classify`: one entry for each message, in order."""

    results: list[Classified]
    model_version: str


class Finding(_Answer):
    rule: str
    start: int = Field(ge=0, description="In code points of the text")
    end: int
    text: str
    severity: Literal["error", "warning"]
    explanation: str
    source: str


class CheckAnswer(_Answer):
    """The answer of `POST /v1/check`; no findings: nothing speaks against the text."""

    findings: list[Finding]
    language: str
    platform: str | None


class HealthAnswer(_Answer):
    status: str
    model_version: str | None = None
    warnings: list[str] | None = Field(None, description="What is not as it should be, though it serves")
