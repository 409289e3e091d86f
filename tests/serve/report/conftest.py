"""Small labelled archives, and one call that makes their page."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from serve.report.columns import Wanted
from serve.report.command import run

START = datetime(2026, 3, 2, 9, 0)
ISSUES = ("damaged", "size_fit", "not_as_described", "where_is_order", "thanks")


def make_row(n: int, **facts) -> dict:
    """One row as `label` writes it."""
    issue = facts.pop("issue", ISSUES[n % len(ISSUES)])
    sent = START + timedelta(hours=12 * n)
    return {
        "sent_at": f"{sent.isoformat()}Z", "sku": f"SKU-{n % 4}", "marketplace": ("Amazon.de", "Shopee")[n % 2],
        "answered_at": f"{(sent + timedelta(hours=2 if n % 3 else 30)).isoformat()}Z",
        "message": f"Number {n}: it does not look like the photo. Kind regards, Tom Weber", "language": "en",
        "supported": True, "issue": issue, "issues": [issue], "issue_confidence": 0.9, "sentiment": "negative",
        "sentiment_score": -0.5, "priority": "normal", "needs_person": n % 4 == 0, "order_id": None,
        "model_version": "1+abc", "error": None, **facts,
    }  # fmt: skip


@pytest.fixture
def row():
    return make_row


@pytest.fixture
def write(tmp_path):
    """Write rows as JSON Lines; return the path."""

    def call(rows, name="labelled.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
        return path

    return call


@pytest.fixture
def report(write, tmp_path):
    """Make the page of rows or files; return its text."""

    def call(*inputs, wanted=None, **options):
        paths = [str(write(given)) if isinstance(given, list) else str(given) for given in inputs]
        call.tally = run(paths, tmp_path / "report.html", wanted or Wanted(), **options)
        return (tmp_path / "report.html").read_text(encoding="utf-8")

    return call
