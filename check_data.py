"""`replydesk data check`: every file in `data/`, alone and against the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model.errors import DataError, Fault, nearest
from model.files import data_dir, read_yaml
from model.labels import Labels, load_labels
from model.languages import load_languages, load_others
from serve.compliance import load_checker, load_rules
from serve.options import Option, load_options
from serve.platforms import load_platforms
from serve.policies import Policies, Policy, Range, load_policies
from serve.privacy_words import load_words
from serve.questions import load_questions
from serve.ranking import rank_options
from serve.report.improvements import load_improvements
from serve.said import load_said
from serve.schemas import SuggestRequest
from serve.settings import Settings
from serve.templates import load_templates
from serve.vocabulary import UNKNOWN, vocabulary
from serve.wording import check_wording
from training.challenge import check_challenge
from training.corpus import OTHERS_FILE, Message, read_messages
from training.soundness import check_corpus, check_frozen, check_leaks, check_others

MIN_TRAIN_A_CELL = 96
MIN_TEST_A_CELL = 4
MAX_TRIES = 60  # combinations of facts tried for a policy before it is called unreachable
_CASE_FIELDS = ("id", "lang", "message", "issues", "sentiment", "order", "first", "accept", "never", "why")
RULES = tuple(f"P{n}" for n in range(1, 63))


def check_all(folder: Path | None = None) -> tuple[list[Fault], dict[str, int]]:
    """Check the data folder.

    Returns
    -------
    faults : list of Fault
        Everything wrong, file by file.
    counts : dict of str to int
        What was looked at.
    """
    folder = folder or data_dir()
    faults: list[Fault] = []
    counts: dict[str, int] = {}

    def attempt(name: str, step: Callable[[], int]) -> None:
        try:
            counts[name] = step()
        except DataError as error:
            faults.extend(error.faults)

    attempt("issue types", lambda: len(load_labels(folder / "labels.yaml").issues))
    attempt("languages", lambda: len(load_languages(folder / "languages.yaml")))
    attempt("other languages", lambda: len(load_others(folder / "languages.yaml")))
    if faults:
        return faults, counts  # all that follows speaks of labels and languages
    labels, languages = load_labels(folder / "labels.yaml"), load_languages(folder / "languages.yaml")
    attempt("options", lambda: len(load_options(folder / "options.yaml")))
    attempt("compliance rules", lambda: len(load_rules(folder / "compliance").rules))
    attempt("platforms", lambda: len(load_platforms(folder / "platforms.yaml").by_name))
    attempt("stated facts", lambda: len(load_said(folder / "said.yaml").values))
    attempt("improvements", lambda: len(load_improvements(folder / "improvements.yaml")))
    attempt("languages to mask names in", lambda: len(load_words(folder / "privacy.yaml")))
    attempt("questions", lambda: len(load_questions(folder / "questions.yaml")))
    attempt("policies", lambda: len(load_policies(folder / "policies")))
    attempt("template files", lambda: len(load_templates(folder / "templates")))
    attempt("option cases", lambda: check_cases(folder, labels, tuple(languages)))
    attempt("challenge cases", lambda: check_challenge(folder / "challenge", labels))
    if not faults:
        faults += check_playbook(folder)
        faults += check_policies(folder, labels)
        faults += check_template_wording(folder)
    splits: dict[str, list[Message]] = {}
    for split, minimum in (("train", MIN_TRAIN_A_CELL), ("test", MIN_TEST_A_CELL)):
        place = folder / "corpora" / split

        def read(split: str = split, place: Path = place, minimum: int = minimum) -> int:
            splits[split] = read_messages([place], labels, languages=tuple(languages))
            faults.extend(check_corpus(splits[split], place, labels, languages, minimum))
            return len(splits[split])

        attempt(f"{split} messages", read)
    faults += check_frozen(folder / "corpora" / "test")
    faults += check_leaks(splits.get("train", []), splits.get("test", []), folder / "corpora" / "test")
    faults += check_others(folder / "corpora" / OTHERS_FILE, load_others(folder / "languages.yaml"))
    return faults, counts


def check_cases(folder: Path, labels: Labels, languages: tuple[str, ...]) -> int:
    """Check the cases that options are measured by: what they name exists, ids are theirs alone, nothing is both right and wrong.

    Returns the number of cases; raises DataError with every fault. No message is shown.
    """
    options, faults = tuple(load_options(folder / "options.yaml")), []
    seen: set[str] = set()
    for path in sorted((folder / "cases").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                case = json.loads(line)
            except json.JSONDecodeError:
                case = None
            if not isinstance(case, dict) or not set(_CASE_FIELDS) <= set(case):
                faults.append(Fault(str(path), number, f"a case is an object with {', '.join(_CASE_FIELDS)}"))
                continue
            faults += [
                Fault(str(path), number, f"{case['id']}: {said}") for said in _case(case, labels, languages, options)
            ]
            if case["id"] in seen:
                faults.append(Fault(str(path), number, f"{case['id']} stands twice"))
            seen.add(case["id"])
    if faults:
        raise DataError(faults)
    return len(seen)


def _case(case: Mapping[str, Any], labels: Labels, languages: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    for known, names in (
        (labels.issues, case["issues"]),
        (labels.sentiments, [case["sentiment"]]),
        (languages, [case["lang"]]),
    ):
        yield from (f"unknown '{name}'{nearest(name, known)}" for name in names if name not in known)
    for kind in ("first", "accept", "never"):
        yield from (f"{kind}: unknown option '{o}'{nearest(o, options)}" for o in case[kind] if o not in options)
    if not case["issues"] or not case["first"]:
        yield "names no issue, or nothing that would be done first"
    both = {*case["first"], *case["accept"]} & set(case["never"])
    if both:
        yield f"both right and never: {', '.join(sorted(both))}"
    try:
        SuggestRequest.model_validate({"message": case["message"], "order": case["order"]})
    except ValidationError as error:
        yield from (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())


def check_playbook(folder: Path) -> list[Fault]:
    """Every rule P1 to P62 is implemented by a policy, or `playbook.yaml` says by what, or what is missing."""
    path = folder / "playbook.yaml"
    notes = read_yaml(path)["rules"]
    cited = {source for policy in load_policies(folder / "policies") for source in policy.sources}
    faults = [
        Fault(str(path), 0, f"{rule}: no policy cites it and nothing is said of it here")
        for rule in RULES
        if rule not in cited and rule not in notes
    ]
    for rule, note in notes.items():
        if rule not in RULES:
            faults.append(Fault(str(path), notes.line, f"{rule}: there is no such rule (P1 to P62)"))
        elif not isinstance(note, dict) or not note or not set(note) <= {"by", "missing"}:
            faults.append(Fault(str(path), notes.line, f"{rule}: say 'by' what it is done, or what is 'missing'"))
    return faults


def check_policies(folder: Path, labels: Labels) -> list[Fault]:
    """Every issue, status and platform yields an option; every example holds."""
    policies, options = load_policies(folder / "policies"), load_options(folder / "options.yaml")
    settings = Settings()
    faults = []
    known = vocabulary(labels, tuple(options))
    for issue in labels.issues:
        for status in (None, *known["status"].values):
            known_facts: dict[str, Any] = {"sentiment": "neutral", "order_known": "no"}
            if status:
                known_facts["status"] = status
            ranked, _ = rank_options([(issue, 1.0)], known_facts, policies=policies, options=options, settings=settings)
            if ranked[0].score <= 0.1:
                faults.append(
                    Fault(
                        str(folder / "policies"), 0, f"no policy fits issue {issue} with status {status or 'unknown'}"
                    )
                )
    faults += [
        Fault(policy.place, 0, f"policy {policy.id} is unreachable: whenever it fires, its option is ruled out")
        for policy in policies
        if policy.option and not _reachable(policy, policies, options, settings)
    ]
    for policy in policies:
        for example in policy.examples:
            given = dict(example["given"])
            issue = given.pop("issue", "other")
            offered = given.pop("previous_options", None)
            platform = load_platforms(folder / "platforms.yaml").get(given.get("platform"))
            facts: dict[str, Any] = {
                "sentiment": "neutral", "order_known": "yes",
                "marketing_allowed": "yes" if platform.marketing else "no",
                "review_request_allowed": "yes" if platform.review_request else "no", **given,
            }  # fmt: skip
            if offered:
                facts["offered"] = frozenset(offered)
            ranked, _ = rank_options([(issue, 1.0)], facts, policies=policies, options=options, settings=settings)
            names = [entry.option for entry in ranked]
            said = f"policy {policy.id}: example {dict(example['given'])}"
            if "first" in example and names[0] != example["first"]:
                faults.append(Fault(policy.place, 0, f"{said}: first is {names[0]}, not {example['first']}"))
            if "not" in example and example["not"] in names[:3]:
                faults.append(Fault(policy.place, 0, f"{said}: {example['not']} is among the first three"))
            if "never" in example and example["never"] in names:
                faults.append(Fault(policy.place, 0, f"{said}: {example['never']} is suggested"))
    return faults


def _reachable(policy: Policy, policies: Policies, options: Mapping[str, Option], settings: Settings) -> bool:
    """Tell whether some facts fire a policy and let its option be suggested."""
    wanted: dict[str, Any] = {}
    for name, condition in policy.when.items():
        if isinstance(condition, Range):
            low, high = condition.minimum, condition.maximum
            wanted[name] = [value for value in (low, high, 0.0) if value is not None][:1]
        else:
            wanted[name] = sorted(condition - {UNKNOWN}) or [None]
    names = list(wanted)
    for issue, sentiment in product(sorted(policy.issues), ("neutral", "negative")):
        for values in islice(product(*(wanted[name] for name in names)), MAX_TRIES):
            facts: dict[str, Any] = {
                "sentiment": sentiment,
                "marketing_allowed": "yes",
                "review_request_allowed": "yes",
            }
            facts |= {n: v for n, v in zip(names, values, strict=True) if v is not None}
            for several in ("offered", "with_issue"):
                if several in facts:
                    facts[several] = frozenset({facts[several]})
            # A second issue brings policies of its own, so it is named as a fact only.
            ranked, _ = rank_options([(issue, 1.0)], facts, policies=policies, options=options, settings=settings)
            if policy.missing(facts) == [] and policy.option in {entry.option for entry in ranked}:
                return True
    return False


def check_template_wording(folder: Path) -> list[Fault]:
    """No text of a template breaks a rule of `compliance/`, save those that its option breaks by its nature."""
    options = load_options(folder / "options.yaml")
    faults = [
        Fault(str(folder / "options.yaml"), 0, f"{option.name}: breaks unknown rule '{rule}'")
        for option in options.values()
        for rule in option.breaks
        if rule not in load_rules(folder / "compliance").rules
    ]
    for templates in load_templates(folder / "templates").values():
        path = str(folder / "templates" / f"{templates.tag}.yaml")
        found = check_wording(templates, load_checker(folder / "compliance"), options)
        faults += [Fault(path, 0, said) for said in found]
    return faults
