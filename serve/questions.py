"""What becomes of a fact that a policy needs and that is unknown: a question to the buyer, or something the agent looks up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.labels import load_labels
from serve.options import load_options
from serve.vocabulary import vocabulary


@dataclass(frozen=True)
class Question:
    """Either `ask` (an option) or `look_up` (where); `what` names the fact for the agent."""

    what: str
    ask: str | None
    look_up: str | None


@lru_cache(maxsize=4)
def load_questions(path: Path | None = None) -> Mapping[str, Question]:
    """Return the question of each fact; raises DataError with every fault."""
    path = path or data_dir() / "questions.yaml"
    options = tuple(load_options())
    facts = vocabulary(load_labels(), options)
    faults, questions = [], {}
    for fact, record in read_yaml(path)["questions"].items():
        if fact not in facts:
            faults.append(Fault(str(path), record.line, f"unknown fact '{fact}'{nearest(fact, list(facts))}"))
        ask, look_up = record.get("ask"), record.get("look_up")
        if (ask is None) == (look_up is None) or not record.get("what"):
            faults.append(Fault(str(path), record.line, f"{fact}: needs 'what', and either 'ask' or 'look_up'"))
        if ask is not None and ask not in options:
            faults.append(Fault(str(path), record.line, f"{fact}: unknown option '{ask}'{nearest(ask, options)}"))
        questions[fact] = Question(record.get("what", ""), ask, look_up)
    if faults:
        raise DataError(faults)
    return questions
