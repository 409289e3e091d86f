"""The HTTP door. `create_app(settings)` builds the app; the model is loaded when it starts."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from threading import Thread
from typing import Any, TypeVar

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.entities.photo import warm_up
from model.errors import InputError, ReplydeskError
from model.reader import Reader
from serve.answers import CheckAnswer, ClassifyAnswer, HealthAnswer, SuggestAnswer
from serve.console import page
from serve.metrics import Metrics
from serve.problems import from_validation, problem, read_body
from serve.schemas import CheckRequest, ClassifyRequest, SuggestRequest
from serve.settings import Settings
from serve.suggest import Suggester

# A message this long is read outside the event loop, so that short ones need not wait for it.
LONG_MESSAGE_CHARS = 5_000
_log = structlog.get_logger("replydesk")
Model = TypeVar("Model", bound=BaseModel)


def create_app(settings: Settings | None = None, *, reader: Reader | None = None) -> FastAPI:
    """Build the app.

    Parameters
    ----------
    settings : Settings, optional
        From the environment by default.
    reader : Reader, optional
        A loaded reader; by default the settings' model is loaded at start-up.

    Raises
    ------
    ModelError, DataError
        At start-up, where the model or the data cannot be used.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        suggester = Suggester(reader or Reader.open(settings.model), settings)
        # The first reading compiles the kernels and fills the caches: not on a buyer's time.
        suggester.suggest(SuggestRequest(message="Where is my parcel?"))
        app.state.suggester = suggester
        # Words in photos' neighbourhood need spaCy, whose tokenizers take seconds to build: beside the first requests.
        Thread(target=warm_up, args=(tuple(suggester.reader.languages),), daemon=True).start()
        yield

    # Offline: the documentation page loads nothing from elsewhere.
    app: FastAPI = FastAPIOffline(
        title="replydesk",
        version=_version(),
        description="Reads buyers' messages in twenty languages; ranks policy options and replies.",
        lifespan=lifespan,
    )
    app.state.metrics = Metrics()
    app.state.settings = settings
    _add_errors(app)
    _add_reading(app, settings)
    _add_checking(app, settings)
    _add_lists(app)
    _add_operations(app)
    return app


def _body_docs(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=f"#/components/schemas/{model.__name__}.{{model}}")
    for name, part in schema.pop("$defs", {}).items():
        schema = _inline(schema, f"#/components/schemas/{model.__name__}.{name}", part)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _inline(node: Any, reference: str, part: Any) -> Any:
    if isinstance(node, dict):
        if node.get("$ref") == reference:
            return part
        return {key: _inline(value, reference, part) for key, value in node.items()}
    return [_inline(value, reference, part) for value in node] if isinstance(node, list) else node


def _add_reading(app: FastAPI, settings: Settings) -> None:
    # The bodies are parsed by hand: FastAPI's own parameters cost more time than the model does.
    @app.post("/v1/suggest", response_model=SuggestAnswer, openapi_extra=_body_docs(SuggestRequest), tags=["reading"])
    async def suggest(request: Request) -> Response:
        """Labels, ranked options and ranked replies for one message."""
        wanted = await _parse(request, SuggestRequest, settings)
        if isinstance(wanted, Response):
            return wanted
        suggester: Suggester = app.state.suggester
        if len(wanted.message) > LONG_MESSAGE_CHARS:
            answer = await run_in_threadpool(suggester.suggest, wanted)
        else:
            answer = suggester.suggest(wanted)
        metrics: Metrics = app.state.metrics
        metrics.messages.labels(answer["language"]["tag"], answer["issues"][0]["issue"]).inc()
        if answer["needs_person"]["value"]:
            metrics.handed_over.inc()
        return _json(answer)

    @app.post(
        "/v1/classify", response_model=ClassifyAnswer, openapi_extra=_body_docs(ClassifyRequest), tags=["reading"]
    )
    async def classify(request: Request) -> Response:
        """Labels alone, for up to 1,000 messages."""
        wanted = await _parse(request, ClassifyRequest, settings)
        if isinstance(wanted, Response):
            return wanted
        suggester: Suggester = app.state.suggester
        readings = await run_in_threadpool(suggester.reader.read, wanted.messages)
        results = [
            {
                "language": {"tag": r.tag, "confidence": round(r.language_confidence, 4), "supported": r.supported},
                "issues": [{"issue": issue, "confidence": round(c, 4)} for issue, c in r.issues],
                "sentiment": {
                    "level": r.sentiment,
                    "score": round(r.sentiment_score, 4),
                    "confidence": round(r.sentiment_confidence, 4),
                },
                "needs_person": {"value": bool(r.doubts), "reasons": r.doubts},
            }
            for r in readings
        ]
        return _json({"results": results, "model_version": suggester.reader.version})


def _add_checking(app: FastAPI, settings: Settings) -> None:
    @app.post("/v1/check", response_model=CheckAnswer, openapi_extra=_body_docs(CheckRequest), tags=["checking"])
    async def check(request: Request) -> Response:
        """What a text of an agent's own may not say on a platform."""
        wanted = await _parse(request, CheckRequest, settings)
        if isinstance(wanted, Response):
            return wanted
        return _json(await run_in_threadpool(app.state.suggester.check, wanted))


async def _parse(request: Request, model: type[Model], settings: Settings) -> Model | Response:
    body = await read_body(request, settings.max_body_bytes)
    if isinstance(body, Response):
        return body
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        return from_validation(error)


def _add_lists(app: FastAPI) -> None:
    @app.get("/v1/labels", tags=["lists"])
    async def labels() -> Response:
        """Issue types, levels of sentiment and languages."""
        reader = app.state.suggester.reader
        known = reader.labels
        return _json(
            {
                "issues": [{"issue": i, "group": known.groups[i], "meaning": known.meanings[i]} for i in known.issues],
                "sentiments": [
                    {"level": level, "score": score}
                    for level, score in zip(known.sentiments, known.sentiment_scores, strict=True)
                ],
                "languages": [{"tag": t, "name": lang.name} for t, lang in reader.languages.items()],
            }
        )

    @app.get("/v1/options", tags=["lists"])
    async def options() -> Response:
        """The policy options and what they mean."""
        known = app.state.suggester.options.values()
        fields = ("group", "speaks", "meaning", "remedy")
        return _json({"options": [{"option": o.name, **{f: getattr(o, f) for f in fields}} for o in known]})

    @app.get("/v1/templates", tags=["lists"])
    async def templates(language: str | None = None) -> Response:
        """The texts that replies are made of, by language."""
        known = app.state.suggester.templates
        if language is not None and language not in known:
            return problem(404, f"no templates in '{language}'; there are {', '.join(known)}")
        chosen = [known[language]] if language else known.values()
        texts = [
            {
                "template": f"{issue}.{option}" if issue != "default" else f"*.{option}",
                "option": option,
                "language": part.tag,
                "text": text.source,
                "slots": sorted(text.slots),
            }
            for part in chosen
            for (option, issue), text in part.bodies.items()
        ]
        return _json({"templates": texts})


def _add_operations(app: FastAPI) -> None:
    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def console() -> str:
        return page()

    @app.get("/healthz", response_model=HealthAnswer, tags=["operations"])
    async def healthz() -> Response:
        """The process lives."""
        return _json({"status": "ok"})

    @app.get("/readyz", response_model=HealthAnswer, tags=["operations"])
    async def readyz() -> Response:
        """The model is loaded."""
        suggester = getattr(app.state, "suggester", None)
        if suggester is None:
            return problem(503, "the model is still being loaded; try again in a few seconds")
        suggester.overlay.current()
        fault = suggester.overlay.fault
        ready = {"status": "ready", "model_version": suggester.reader.version}
        return _json({**ready, "warnings": [fault]} if fault else ready)

    @app.get("/metrics", tags=["operations"])
    async def metrics() -> Response:
        """Prometheus metrics."""
        return Response(app.state.metrics.render(), media_type=Metrics.content_type)


def _add_errors(app: FastAPI) -> None:
    app.add_middleware(_Measured, metrics=app.state.metrics)

    @app.exception_handler(InputError)
    async def wrong_input(_request: Request, error: InputError) -> Response:
        return problem(422, str(error))

    @app.exception_handler(ReplydeskError)
    async def failed(_request: Request, error: ReplydeskError) -> Response:
        return problem(500, str(error))

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail))


class _Measured:
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
            # No message text in the log: the traceback shows code only.
            _log.exception("request failed", path=scope["path"])
            answer = problem(500, "the request could not be answered; the server's log has the reason")
            await answer(scope, receive, send)
        path = getattr(scope.get("route"), "path", "unknown")
        self.metrics.requests.labels(path, status).inc()
        self.metrics.seconds.labels(path).observe(time.perf_counter() - started)


def _json(content: Any) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")


def _version() -> str:
    try:
        return version("replydesk")
    except PackageNotFoundError:
        return "0"
