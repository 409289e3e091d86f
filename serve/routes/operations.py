"""The console, and what those who run the server ask it."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from serve.answers import HealthAnswer
from serve.console import page
from serve.metrics import Metrics
from serve.problems import problem
from serve.routes.posting import as_json


def add_operations(app: FastAPI) -> None:
    """Add the console, `/healthz`, `/readyz` and `/metrics`."""

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def console() -> str:
        return page()

    @app.get("/healthz", response_model=HealthAnswer, tags=["operations"])
    async def healthz() -> Response:
        """The process lives."""
        return as_json({"status": "ok"})

    @app.get("/readyz", response_model=HealthAnswer, tags=["operations"])
    async def readyz() -> Response:
        """The model is loaded."""
        suggester = getattr(app.state, "suggester", None)
        if suggester is None:
            return problem(503, "the model is still being loaded; try again in a few seconds")
        suggester.overlay.current()
        fault = suggester.overlay.fault
        ready = {"status": "ready", "model_version": suggester.reader.version}
        return as_json({**ready, "warnings": [fault]} if fault else ready)

    @app.get("/metrics", tags=["operations"])
    async def metrics() -> Response:
        """Prometheus metrics."""
        return Response(app.state.metrics.render(), media_type=Metrics.content_type)
