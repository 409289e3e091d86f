"""Errors as `application/problem+json` (RFC 9457): what was wrong, in which field, what to do."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "The request cannot be read",
    404: "There is no such address",
    405: "This address takes another method",
    413: "The request is too large",
    422: "The request is not valid",
    500: "Something went wrong on our side",
    503: "Not ready yet",
}


def problem(status: int, detail: str, *, errors: list[dict[str, str]] | None = None) -> Response:
    """Return a problem response; `errors` lists single fields with their faults."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "The request failed"),
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(msgspec.json.encode(body), status_code=status, media_type=MEDIA_TYPE)


def from_validation(error: ValidationError) -> Response:
    """Turn pydantic's findings into a problem; what was sent is not repeated."""
    errors = []
    for found in error.errors(include_input=False, include_url=False, include_context=False):
        field = ".".join(str(part) for part in found["loc"])
        errors.append({"field": field, "message": found["msg"]})
    first = errors[0]
    if any(found["type"] == "json_invalid" for found in error.errors(include_input=False, include_context=False)):
        return problem(400, f"the body is not valid JSON: {first['message']}")
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    where = f"{first['field']}: " if first["field"] else ""
    return problem(422, f"{where}{first['message']}{more}", errors=errors)


async def read_body(request: Request, limit: int) -> bytes | Response:
    """Return the body, or a 413 problem as soon as it passes `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        return problem(413, f"the body has {declared} bytes; at most {limit} are taken")
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            return problem(413, f"the body has more than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
