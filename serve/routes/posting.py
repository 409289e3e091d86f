"""How a request with a body becomes an answer: its size, its fields, its documentation, all in one place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError

from serve.problems import from_validation, read_body
from serve.settings import Settings

Wanted = TypeVar("Wanted", bound=BaseModel)


def post(
    app: FastAPI, path: str, wanted: type[Wanted], answer: type[BaseModel], *, tag: str
) -> Callable[[Callable[[Wanted], Awaitable[Any]]], None]:
    """Register a function from a valid body to what is answered; an invalid body never reaches it.

    The body is parsed by hand: FastAPI's own parameters cost more time than the model does.
    """
    settings: Settings = app.state.settings

    def register(handle: Callable[[Wanted], Awaitable[Any]]) -> None:
        async def endpoint(request: Request) -> Response:
            body = await read_body(request, settings.max_body_bytes)
            if isinstance(body, Response):
                return body
            try:
                asked = wanted.model_validate_json(body)
            except ValidationError as error:
                return from_validation(error)
            return as_json(await handle(asked))

        endpoint.__name__, endpoint.__doc__ = handle.__name__, handle.__doc__
        app.post(path, response_model=answer, openapi_extra=_body_docs(wanted), tags=[tag])(endpoint)

    return register


def as_json(content: Any) -> Response:
    """Return a JSON response; msgspec, since the standard encoder takes as long as reading the message."""
    return Response(msgspec.json.encode(content), media_type="application/json")


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
