"""The closed vocabulary of policies: every fact a `when` may speak of, with its kind and its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from model.labels import Labels
from serve.schemas import Platform, Status

YES_NO = ("yes", "no")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fact:
    """A fact that policies may ask for.

    Parameters
    ----------
    kind : str
        'choice': one of `values`; 'set': any of the named is present; 'number': a range with `min` and `max`.
    values : tuple of str
    """

    kind: str
    values: tuple[str, ...] = ()


def vocabulary(labels: Labels, options: tuple[str, ...]) -> dict[str, Fact]:
    """Return every fact by name."""
    choices: dict[str, tuple[str, ...]] = {
        "issue": ("*", *labels.issues),
        "sentiment": labels.sentiments,
        "platform": get_args(Platform),
        "status": get_args(Status),
        "fulfilment": ("seller", "platform"),
        "fault": ("seller", "carrier", "buyer"),
        "cost_class": ("cheap", "dear"),
        "return_window": ("open", "closed", "none"),
        "claim_window": ("open", "closed"),
        "severity": ("slight", "plain"),
        "wish": ("keep", "money", "new"),
        "missing_kind": ("gift", "part"),
        "reason_given": ("unwanted", "unsatisfied"),
        "tracking": ("lost", "returning", "failed", "partial"),
        "charge": ("twice", "made"),
        "paper_asked": ("invoice", "other"),
    }
    yes_no = (
        "photos_received", "intact", "in_stock", "part_in_stock", "freight_insurance", "redirect_possible",
        "order_known", "in_warranty", "cross_border", "resaleable", "marketing_allowed", "review_request_allowed",
        "thank_you_allowed", "harm", "size_given", "address_given", "tax_data_given", "refund_overdue", "dispatch_overdue",
        "claim_open", "review_left", "smell", "others_parcel", "used", "small_deviation", "refund_short", "too_late",
        "duty_paid", "duty_asked", "nothing_wanted", "shop_question", "checked", "promised",
        "reason_told", "unsure",
    )  # fmt: skip
    numbers = (
        "previous_contacts", "buyer_returns_90d", "days_since_paid", "days_since_shipped", "days_since_delivered",
        "days_since_return_received", "days_since_claim", "days_since_review", "days_since_tracking",
        "sum_share", "claim_hours_left", "claim_days_left", "appeal_days_left",
    )  # fmt: skip
    facts = {name: Fact("choice", values) for name, values in choices.items()}
    facts |= {name: Fact("choice", YES_NO) for name in yes_no}
    facts |= {name: Fact("number") for name in numbers}
    facts["with_issue"] = Fact("set", labels.issues)
    facts["offered"] = Fact("set", options)
    return facts
