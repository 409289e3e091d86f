"""Prometheus metrics of one app; a registry of its own, so that several apps can live in one process."""

from __future__ import annotations

import time

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.problems import problem

_log = structlog.get_logger("replydesk")

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


class Measured:
    """Counts and times requests, and answers what nobody foresaw; plain ASGI, since a request must not pay for more."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            _log.exception("request failed", path=scope["path"])
            if status != 500:  # the answer had begun: a second one cannot be sent
                raise
            answer = problem(500, "the request could not be answered; the server's log has the reason")
            await answer(scope, receive, send)
        path = getattr(scope.get("route"), "path", "unknown")
        self.metrics.requests.labels(path, status).inc()
        self.metrics.seconds.labels(path).observe(time.perf_counter() - started)
