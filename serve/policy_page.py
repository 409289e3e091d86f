"""The page of all policies, for people: written from the data by `make docs`, so that it never says anything else."""

from __future__ import annotations

from collections.abc import Iterator

from model.files import data_dir, read_yaml
from model.labels import load_labels
from serve.options import load_options
from serve.platforms import load_platforms
from serve.policies import Policies, Policy, Range, load_policies
from serve.ranking import rank_options
from serve.settings import Settings

_HEAD = """# Policies

Written from `data/` by `make docs`; do not edit it by hand. How to write a policy: [writing-policies.md](writing-policies.md).

To look a case up ('damaged, no photo, Amazon, 18 USD'): go to the issue, and read the rows whose conditions hold; the highest
fit comes first. 18 USD is `cost_class: cheap` (below `REPLYDESK_CHEAP_BELOW_USD`), no photo is `photos_received: no`. A condition
on a fact that is unknown does not hold unless `unknown` is among its values. What a message states by itself is read from
`data/said.yaml`. `replydesk data explain` does the look-up for a message and an order.
"""
_CASES: tuple[tuple[str, dict[str, str]], ...] = (
    ("nothing known", {}),
    ("paid", {"status": "paid"}),
    ("shipped", {"status": "shipped"}),
    ("delivered, no photo, cheap", {"status": "delivered", "photos_received": "no", "cost_class": "cheap"}),
    ("delivered, photo, cheap", {"status": "delivered", "photos_received": "yes", "cost_class": "cheap"}),
    ("delivered, photo, dear", {"status": "delivered", "photos_received": "yes", "cost_class": "dear"}),
    ("refunded", {"status": "refunded"}),
)


def write_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *_issues(), *_forbidden(), *_clocks(), *_playbook()]) + "\n"


def _issues() -> Iterator[str]:
    labels, policies = load_labels(), load_policies()
    for issue in labels.issues:
        yield f"## {issue}\n\n{labels.meanings[issue]}.\n"
        yield "First three on Amazon, for an order that is known, with nothing said before:\n"
        yield "| case | options |\n| --- | --- |"
        yield from (f"| {name} | {_first_three(issue, facts, policies)} |" for name, facts in _CASES)
        yield "\n| fit | option | when | why | rules | policy |\n| --- | --- | --- | --- | --- | --- |"
        rows = [p for p in policies.by_issue.get(issue, ()) if p.option]
        for policy in sorted(rows, key=lambda p: (-p.fit, p.id)):
            sources = ", ".join(policy.sources)
            yield f"| {policy.fit:g} | `{policy.option}` | {_when(policy)} | {policy.reason} | {sources} | {policy.id} |"
        yield ""


def _first_three(issue: str, facts: dict[str, str], policies: Policies) -> str:
    here = {
        "sentiment": "neutral", "order_known": "yes", "platform": "amazon", "marketing_allowed": "no",
        "review_request_allowed": "no", "thank_you_allowed": "no", **facts,
    }  # fmt: skip
    ranked, _ = rank_options(
        [(issue, 1.0)], here, policies=policies, options=load_options(), settings=Settings.model_construct()
    )
    return ", ".join(f"`{entry.option}`" for entry in ranked[:3])


def _when(policy: Policy) -> str:
    if not policy.when:
        return "always"
    return "; ".join(f"{name}: {_values(wanted)}" for name, wanted in policy.when.items())


def _values(wanted: frozenset[str] | Range) -> str:
    if isinstance(wanted, frozenset):
        return " or ".join(sorted(wanted))
    low = "" if wanted.minimum is None else f"at least {wanted.minimum:g}"
    high = "" if wanted.maximum is None else f"at most {wanted.maximum:g}"
    return " and ".join(part for part in (low, high) if part)


def _forbidden() -> Iterator[str]:
    yield "## Never\n\n| options | issues | when | why | policy |\n| --- | --- | --- | --- | --- |"
    every = len(load_labels().issues)
    for policy in load_policies():
        if policy.forbid:
            issues = "all" if len(policy.issues) == every else ", ".join(sorted(policy.issues))
            options = ", ".join(f"`{option}`" for option in policy.forbid)
            yield f"| {options} | {issues} | {_when(policy)} | {policy.reason} | {policy.id} |"
    yield ""


def _clocks() -> Iterator[str]:
    platforms = load_platforms()
    yield "## Clocks and rules of platforms\n\n| platform | figure | is | source | date |\n| --- | --- | --- | --- | --- |"
    for name, figures in read_yaml(data_dir() / "platforms.yaml")["platforms"].items():
        for key, figure in (figures or platforms.get(name).figures).items():
            yield f"| {name} | {key} | {figure['is']} | {figure['source']} | {figure['date']} |"
    yield ""


def _playbook() -> Iterator[str]:
    notes = read_yaml(data_dir() / "playbook.yaml")["rules"]
    cited: dict[str, list[str]] = {}
    for policy in load_policies():
        for source in policy.sources:
            cited.setdefault(source, []).append(policy.id)
    yield "## Where each rule of the playbook is\n\n| rule | policies | otherwise |\n| --- | --- | --- |"
    for number in range(1, 63):
        rule = f"P{number}"
        note = "; ".join(f"{key}: {value}" for key, value in notes.get(rule, {}).items())
        yield f"| {rule} | {', '.join(cited.get(rule, []))} | {note} |"
