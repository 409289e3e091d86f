"""The HTTP door. `create_app(settings)` builds the app; the model is loaded when it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from threading import Thread

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from model.entities.photo import warm_up
from model.errors import InputError, ReplydeskError
from model.reader import Reader
from serve.metrics import Measured, Metrics
from serve.problems import problem
from serve.routes.lists import add_lists
from serve.routes.operations import add_operations
from serve.routes.reading import add_reading
from serve.schemas import SuggestRequest
from serve.settings import Settings
from serve.suggest import Suggester


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
        list(suggester.templates.values())  # read now: they are compiled on demand
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
    add_reading(app)
    add_lists(app)
    add_operations(app)
    return app


def _add_errors(app: FastAPI) -> None:
    app.add_middleware(Measured, metrics=app.state.metrics)

    @app.exception_handler(InputError)
    async def wrong_input(_request: Request, error: InputError) -> Response:
        return problem(422, str(error))

    @app.exception_handler(ReplydeskError)
    async def failed(_request: Request, error: ReplydeskError) -> Response:
        return problem(500, str(error))

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail))


def _version() -> str:
    try:
        return version("replydesk")
    except PackageNotFoundError:
        return "0"
