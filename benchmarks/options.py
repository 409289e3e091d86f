"""How often the first options are those of an experienced agent: `data/cases/*.jsonl`, composed apart from the policies.

Three sets: policies were mended by `dev`, then by `dev2` too; `fresh` was composed later by others, is only ever measured,
and its misses are not shown.

hit@1: the first option is one that the agent would choose first. hit@3: one of those is among the first three. never: an
option that would be a mistake is among the first three. Once with the true labels given, once from the text alone.

    python benchmarks/options.py [--show]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.files import data_dir
from model.reader import Reader
from serve.schemas import SuggestRequest
from serve.settings import Settings
from serve.suggest import Suggester

SETS = ("dev", "dev2", "fresh")
UNSEEN = "fresh"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def cases(name: str) -> list[dict[str, Any]]:
    """Read the cases of a set."""
    file = data_dir() / "cases" / f"{name}.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def measure(suggester: Suggester, every: list[dict[str, Any]], *, given: bool, show: bool) -> dict[str, Any]:
    """Return hit rates over all cases."""
    first = top = bad = warned = 0
    misses: Counter[str] = Counter()
    times = []
    for case in every:
        request = SuggestRequest.model_validate({"message": case["message"], "order": case["order"], "limit": 3})
        started = time.perf_counter()
        reading = suggester.reader.read([case["message"]], entities=True, evidence=True)[0]
        if given:
            issues = [(issue, 0.95 - n / 10) for n, issue in enumerate(case["issues"])]
            reading = replace(reading, issues=issues, sentiment=case["sentiment"], doubts=[], alternatives=[])
        answer = suggester.suggest_for(reading, request, now=NOW)
        times.append(time.perf_counter() - started)
        options = [entry["option"] for entry in answer["options"]]
        hit1, hit3 = options[0] in case["first"], bool(set(options) & set(case["first"]))
        wrong = [option for option in options if option in case["never"]]
        first, top, bad = first + hit1, top + hit3, bad + bool(wrong)
        warned += any(":" in warning for warning in answer["warnings"])
        if not hit1:
            misses[case["issues"][0]] += 1
        if show and given and (not hit1 or wrong):
            print(f"{case['id']:24} {options} wanted {case['first']} never {wrong} | {case['why']}")
    return {
        "cases": len(every), "hit@1": first / len(every), "hit@3": top / len(every), "never": bad, "compliance": warned,
        "ms": statistics.median(times) * 1000, "most missed": dict(misses.most_common(6)),
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print the cases that differ, `fresh` left out")
    parser.add_argument("--model", type=Path, help="model folder")
    arguments = parser.parse_args()
    settings = Settings()
    suggester = Suggester(Reader.open(arguments.model or settings.model), settings)
    for name in SETS:
        every = cases(name)
        for given in (True, False):
            figures = measure(suggester, every, given=given, show=arguments.show and name != UNSEEN)
            print(name, "true labels given" if given else "from the text alone", figures)


if __name__ == "__main__":
    main()
