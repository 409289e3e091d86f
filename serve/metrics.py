"""Prometheus metrics of one app; a registry of its own, so that several apps can live in one process."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


class Metrics:
    """Counts and times requests; never a word of a message."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "replydesk_requests_total", "Requests by path and status", ("path", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "replydesk_request_seconds", "Time to answer", ("path",), buckets=_BUCKETS_S, registry=self.registry
        )
        self.messages = Counter(
            "replydesk_messages_total", "Messages read, by language and first issue", ("language", "issue"),
            registry=self.registry,
        )  # fmt: skip
        self.handed_over = Counter(
            "replydesk_needs_person_total", "Messages handed to a person", registry=self.registry
        )

    def render(self) -> bytes:
        """Return the text exposition format."""
        return generate_latest(self.registry)
