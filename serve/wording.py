"""Whether templates keep the rules of `data/compliance/`: asked when they are loaded, before any buyer reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from serve.compliance import Checker
from serve.options import Option
from serve.templates import Templates, Text

_SLOT = re.compile(r"\{\{.*?\}\}")
_CONDITION = re.compile(r"\{%.*?%\}")


def check_wording(templates: Templates, checker: Checker, options: Mapping[str, Option]) -> list[str]:
    """Return every breach of a rule in a language's texts; rules that an option breaks by its nature are left out."""
    found = []
    for where, option, text in _texts(templates):
        excused = options[option].breaks if option else ()
        shown = _CONDITION.sub("", _SLOT.sub("…", text.source))
        for finding in checker.check(shown, languages=[templates.tag]):
            if finding.rule not in excused:
                found.append(f"{where}: {finding.rule}: {finding.explanation} ('{finding.text}')")
    return found


def _texts(templates: Templates) -> Iterator[tuple[str, str, Text]]:
    yield "closing", "", templates.closing
    for name, text in templates.greeting.items():
        yield f"greeting.{name}", "", text
    for (issue, tone), text in templates.openings.items():
        yield f"openings.{issue}.{tone}", "", text
    for (option, issue), text in templates.bodies.items():
        yield f"bodies.{option}.{issue}", option, text
    for (option, name), text in templates.wordings.items():
        yield f"wordings.{name}", option, text
    for name, text in templates.choices.items():
        yield f"choices.{name}", "" if name in ("intro", "outro") else name, text
