"""What the command line needs for one message: facts from a file, a request, a suggester, and how an answer is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from model.errors import UsageError
from model.reader import Reader
from serve.schemas import SuggestRequest
from serve.settings import Settings
from serve.suggest import Suggester, Suggestion


def read_json(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    UsageError
        Where there is no such file, or it holds something else.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path}: not valid JSON: {error}") from error


def as_request(given: dict[str, Any]) -> SuggestRequest:
    """Return a valid request; the first fault by its field as `UsageError`."""
    try:
        return SuggestRequest.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def open_suggester() -> Suggester:
    """Return a suggester by the settings of the environment."""
    settings = Settings()
    return Suggester(Reader.open(settings.model), settings)


def print_suggestion(answer: Suggestion) -> None:
    """Print an answer for people; warnings on standard error."""

    def bold(text: str) -> str:
        return typer.style(text, bold=True)

    issues = ", ".join(f"{i['issue']} ({i['confidence']:.0%})" for i in answer["issues"])
    typer.echo(f"{bold('issue')}      {issues}")
    typer.echo(f"{bold('sentiment')}  {answer['sentiment']['level']} ({answer['sentiment']['score']:+.2f})")
    language = answer["language"]
    typer.echo(f"{bold('language')}   {language['tag']}" + ("" if language["supported"] else " (not supported)"))
    typer.echo(f"{bold('priority')}   {answer['priority']}, respond by {answer['respond_by']}")
    if answer["needs_person"]["value"]:
        typer.echo(f"{bold('person')}     {'; '.join(answer['needs_person']['reasons'])}")
    for entity in answer["entities"]:
        typer.echo(f"{bold(entity['kind'])}  {entity['value']}")
    typer.echo("\n" + bold("options"))
    for n, option in enumerate(answer["options"], 1):
        typer.echo(f"  {n}. {option['option']} {option['score']:.2f}  [{', '.join(option['sources'])}]")
        for reason in option["reasons"]:
            typer.echo(f"       - {reason}")
    for reply in answer["replies"]:
        missing = f"; unknown: {', '.join(reply['missing'])}" if reply["missing"] else ""
        typer.echo("\n" + bold(f"reply {reply['template']} ({reply['language']}{missing})"))
        typer.echo(reply["text"])
    for warning in answer["warnings"]:
        typer.echo(f"\nwarning: {warning}", err=True)
