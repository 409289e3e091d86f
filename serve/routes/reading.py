"""Reading messages: labels, options, replies; and checking an agent's own text."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from serve.answers import CheckAnswer, ClassifyAnswer, SuggestAnswer
from serve.metrics import Metrics
from serve.routes.posting import post
from serve.schemas import CheckRequest, ClassifyRequest, SuggestRequest
from serve.suggest import Suggester, Suggestion

# A message this long is read outside the event loop, so that short ones need not wait for it.
LONG_MESSAGE_CHARS = 5_000


def add_reading(app: FastAPI) -> None:
    """Add `/v1/suggest`, `/v1/classify` and `/v1/check`."""

    @post(app, "/v1/suggest", SuggestRequest, SuggestAnswer, tag="reading")
    async def suggest(wanted: SuggestRequest) -> Suggestion:
        """Labels, ranked options and ranked replies for one message."""
        suggester: Suggester = app.state.suggester
        if len(wanted.message) > LONG_MESSAGE_CHARS:
            answer = await run_in_threadpool(suggester.suggest, wanted)
        else:
            answer = suggester.suggest(wanted)
        metrics: Metrics = app.state.metrics
        metrics.messages.labels(answer["language"]["tag"], answer["issues"][0]["issue"]).inc()
        if answer["needs_person"]["value"]:
            metrics.handed_over.inc()
        return answer

    @post(app, "/v1/classify", ClassifyRequest, ClassifyAnswer, tag="reading")
    async def classify(wanted: ClassifyRequest) -> dict[str, Any]:
        """Labels alone, for up to 1,000 messages."""
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
        return {"results": results, "model_version": suggester.reader.version}

    @post(app, "/v1/check", CheckRequest, CheckAnswer, tag="checking")
    async def check(wanted: CheckRequest) -> Any:
        """What a text of an agent's own may not say on a platform."""
        return await run_in_threadpool(app.state.suggester.check, wanted)
