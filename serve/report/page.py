"""A tally to one HTML page that needs nothing else: styles and plots within, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from model.languages import load_languages
from serve.privacy import mask
from serve.report import figures, rises
from serve.report.answers import HOURS
from serve.report.figures import Table, language_name, ordered, share, signed, told, top_issues
from serve.report.improvements import load_improvements
from serve.report.marketplaces import market_name
from serve.report.rises import Rise, find_rises
from serve.report.survey import TRACKED_ARTICLES, Survey
from serve.report.tally import Group, Tally

SHOWN_RISES = 25
SHOWN_ERRORS = 10
SCOPES = {"all": "All messages", "article": "Article", "language": "Language", "marketplace": "Marketplace"}
TITLES = {"not_as_described": "Not as described", "size_fit": "Size and fit"}


@dataclass(frozen=True)
class Settings:
    """How a page is made.

    Parameters
    ----------
    title : str
    names : tuple of str
        Files that it is about.
    masked : bool
        Whether samples are shown with names, addresses and numbers hidden.
    """

    title: str
    names: tuple[str, ...]
    masked: bool = True


def write_page(survey: Survey, tally: Tally, settings: Settings) -> str:
    """Return the page; the same figures give the same bytes."""
    found, tested = find_rises(tally.series())
    issues = [name for name, _ in top_issues(tally.whole)]
    articles = ordered(tally.articles)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"svg": Markup, "count": "{:,}".format}  # made by `plots`, which escapes
    answered = tally.answers.whole()
    return environment.get_template("page.html").render(
        settings=settings,
        tally=tally,
        span=tally.span,
        cards=_cards(tally, found),
        volume=figures.volume(tally),
        over_time=figures.issues_over_time(tally),
        sentiment=figures.sentiment_trend(tally),
        issues=_issues(tally),
        issue_bars=figures.bars("issues", "issue", [(told(n), c) for n, c in top_issues(tally.whole, 99)], tally.whole.messages),
        rises=[_rise(rise) for rise in found[:SHOWN_RISES]],
        more_rises=max(0, len(found) - SHOWN_RISES),
        tested=tested,
        limits=rises,
        articles=figures.heat("articles", "article", articles, issues),
        untracked=len(survey.articles) > TRACKED_ARTICLES or survey.let_go,
        tracked=TRACKED_ARTICLES,
        focus=_focus(tally, masked=settings.masked),
        languages=figures.bars("languages", "language", _counts(tally.languages, language_name), tally.whole.messages),
        language_issues=figures.heat("language-issues", "language", _named(tally.languages, language_name), issues),
        markets=figures.heat("marketplaces", "marketplace", _named(tally.marketplaces, market_name), issues),
        answers=figures.answers(tally),
        answered=answered,
        answer_times=_answer_times(answered.hours),
        people=_people(tally),
        unsupported=_unsupported(tally),
        errors=_errors(tally),
    )  # fmt: skip


def _cards(tally: Tally, found: Sequence[Rise]) -> list[tuple[str, str, str]]:
    whole, answered = tally.whole, tally.answers.whole()
    cards = [("Messages", f"{whole.messages:,}", f"of {tally.rows:,} rows")]
    first = top_issues(whole, 1)
    if first:
        cards.append(("Most frequent", told(first[0][0]), share(first[0][1], whole.messages) + " of messages"))
    if whole.scored:
        cards.append(("Sentiment", signed(whole.mean_score), share(whole.negative, whole.messages) + " negative"))
    if tally.answers.any and answered.share is not None:
        cards.append(("Answered in time", share(answered.within, answered.due), f"of {answered.due:,} due"))
    cards.append(("Needs a person", share(whole.needs_person, whole.messages), f"{whole.needs_person:,} messages"))
    if tally.span and tally.span.before_days:
        cards.append(("Sudden rises", f"{len(found):,}", f"in the last {tally.span.recent_days} days"))
    return cards


def _issues(tally: Tally) -> list[dict[str, Any]]:
    advice = load_improvements()
    return [
        {
            "name": told(name),
            "count": f"{count:,}",
            "share": share(count, tally.whole.messages),
            "advice": advice.get(name),
        }
        for name, count in top_issues(tally.whole, 99)
    ]


def _rise(rise: Rise) -> dict[str, str]:
    series = rise.series
    names = {"language": language_name, "marketplace": market_name}
    advice = load_improvements().get(series.issue)
    return {
        "scope": SCOPES[series.scope],
        "name": names.get(series.scope, str)(series.name),
        "issue": told(series.issue) or "any issue",
        "recent": f"{series.recent:,}",
        "expected": f"{rise.expected:,.1f}",
        "ratio": "new" if rise.ratio == float("inf") else f"{rise.ratio:.1f}×",
        "p": _chance(rise.p),
        "q": _chance(rise.q),
        "look_at": advice.look_at if advice else "",
    }


def _chance(value: float) -> str:
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _focus(tally: Tally, *, masked: bool) -> list[dict[str, Any]]:
    advice = load_improvements()
    found = []
    for issue, names in tally.focus_articles.items():
        articles = [
            {
                "name": name,
                "count": f"{tally.articles[name].issues[issue]:,}",
                "share": share(tally.articles[name].issues[issue], tally.articles[name].messages),
                "samples": [
                    {"text": mask(text, tag) if masked else text, "tag": tag, "direction": _direction(tag)}
                    for _, _, tag, text in tally.samples[issue, name]
                ],
            }
            for name in names
        ]
        shown = advice.get(issue)
        found.append({"title": TITLES[issue], "id": issue.replace("_", "-"), "articles": articles, "advice": shown})
    return found


def _direction(tag: str) -> str:
    known = load_languages().get(tag)
    return known.direction if known else "auto"


def _named(groups: dict[str, Group], name: Any) -> list[tuple[str, Group]]:
    return [(name(key), group) for key, group in ordered(groups)]


def _counts(groups: dict[str, Group], name: Any) -> list[tuple[str, int]]:
    return [(label, group.messages) for label, group in _named(groups, name)]


def _people(tally: Tally) -> Table:
    rows = [
        (label, f"{group.needs_person:,}", share(group.needs_person, group.messages))
        for label, group in _named(tally.languages, language_name)
    ]
    return Table(("language", "needs a person", "share of its messages"), tuple(rows[: figures.TOP_ROWS]))


def _unsupported(tally: Tally) -> Table:
    counts = sorted(tally.unsupported_languages.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [(language_name(tag), f"{n:,}", share(n, tally.whole.messages)) for tag, n in counts[: figures.TOP_ROWS]]
    return Table(("language", "messages", "share"), tuple(rows))


def _errors(tally: Tally) -> Table:
    counts = sorted(tally.errors.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN_ERRORS]
    return Table(("what could not be read", "rows"), tuple((said, f"{n:,}") for said, n in counts))


def _answer_times(hours: Sequence[int]) -> Table:
    names = [f"up to {HOURS[0]} h", *(f"{a} to {b} h" for a, b in pairwise(HOURS))]
    names.append(f"more than {HOURS[-1]} h")
    total = sum(hours)
    rows = tuple((name, f"{n:,}", share(n, total)) for name, n in zip(names, hours, strict=True))
    return Table(("answered after", "messages", "share"), rows)
