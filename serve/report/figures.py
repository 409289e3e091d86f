"""What stands in the page: plots with their description and the table behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from model.languages import load_languages
from serve.report import plots
from serve.report.marketplaces import market_name
from serve.report.tally import Group, Tally

TOP_ISSUES = 8
TOP_ROWS = 15


@dataclass(frozen=True)
class Table:
    """A table: names of columns, rows of cells that are written already."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A plot.

    Parameters
    ----------
    name : str
        Its id in the page.
    svg : str
        Made by `plots`, which is the one source of unescaped text in the page.
    alt : str
        What is to be seen, for who does not see it.
    table : Table
        The same figures.
    """

    name: str
    svg: str
    alt: str
    table: Table


def ordered(groups: Mapping[str, Group]) -> list[tuple[str, Group]]:
    """Return groups with the most messages first, equal ones by name."""
    return sorted(groups.items(), key=lambda pair: (-pair[1].messages, pair[0]))


def top_issues(group: Group, count: int = TOP_ISSUES) -> list[tuple[str, int]]:
    """Return the most frequent issues of a group."""
    return sorted(group.issues.items(), key=lambda pair: (-pair[1], pair[0]))[:count]


def told(issue: str) -> str:
    """Return an issue as it stands in a sentence.

    >>> told("not_as_described")
    'not as described'
    """
    return issue.replace("_", " ")


def language_name(tag: str) -> str:
    """Return a language by name.

    >>> language_name("zh-Hans"), language_name("fi"), language_name("und")
    ('Chinese (simplified)', 'fi', 'not told')
    """
    known = load_languages().get(tag)
    return known.name if known else "not told" if tag == "und" else tag


def share(part: float, whole: float) -> str:
    """Return a part as a percentage.

    >>> share(1, 8), share(0, 0)
    ('12.5%', '–')
    """
    return f"{part / whole:.1%}" if whole else "–"


def signed(score: float | None) -> str:
    """Return a sentiment score with its sign.

    >>> signed(-0.254), signed(0.0), signed(None)
    ('−0.25', '+0.00', '–')
    """
    return "–" if score is None else f"{score:+.2f}".replace("-", "−")


def volume(tally: Tally) -> Figure | None:
    """Messages over time."""
    if tally.span is None:
        return None
    period, starts, groups = tally.span.period, list(tally.periods), list(tally.periods.values())
    negative = [group.negative for group in groups]
    rest = [group.messages - group.negative for group in groups]
    top = max(tally.periods, key=lambda start: (tally.periods[start].messages, start))
    return Figure(
        "volume",
        plots.draw_volume("volume", starts, period, (("negative or very negative", negative), ("all others", rest))),
        f"Bar chart of messages by {period} from {starts[0]} to {starts[-1]}: most in the {period} of {top} "
        f"({tally.periods[top].messages:,}), in the last one {groups[-1].messages:,}.",
        Table(
            (period, "messages", "negative", "needs a person"),
            tuple((str(s), f"{g.messages:,}", f"{g.negative:,}", f"{g.needs_person:,}") for s, g in tally.periods.items()),
        ),
    )  # fmt: skip


def issues_over_time(tally: Tally) -> Figure | None:
    """The most frequent issues over time."""
    if tally.span is None or not tally.whole.issues:
        return None
    period, starts = tally.span.period, list(tally.periods)
    names = [name for name, _ in top_issues(tally.whole)]
    counts = {name: [group.issues[name] for group in tally.periods.values()] for name in names}
    said = "; ".join(f"{told(n)} from {c[0]:,} to {c[-1]:,}, at most {max(c):,}" for n, c in counts.items())
    return Figure(
        "issues-over-time",
        plots.draw_panels("issues-over-time", starts, period, [(told(name), c) for name, c in counts.items()]),
        f"Small line charts of the most frequent issues by {period}, each with its own scale: {said}.",
        _by_time(starts, period, counts),
    )


def sentiment_trend(tally: Tally) -> Figure | None:
    """Mean sentiment over time."""
    scores = [group.mean_score for group in tally.periods.values()]
    known = [score for score in scores if score is not None]
    if tally.span is None or not known:
        return None
    rows = [
        (str(start), signed(group.mean_score), share(group.negative, group.messages), f"{group.messages:,}")
        for start, group in tally.periods.items()
    ]
    return Figure(
        "sentiment",
        plots.draw_trend("sentiment", list(tally.periods), tally.span.period, scores),
        f"Line chart of mean sentiment by {tally.span.period}, from −1 to 1: first {signed(known[0])}, last "
        f"{signed(known[-1])}, lowest {signed(min(known))}, highest {signed(max(known))}.",
        Table((tally.span.period, "mean sentiment", "negative", "messages"), tuple(rows)),
    )


def bars(name: str, what: str, rows: Sequence[tuple[str, int]], whole: int) -> Figure | None:
    """Counts as bars."""
    if not rows:
        return None
    shown = rows[:TOP_ROWS]
    said = ", ".join(f"{label} {count:,} ({share(count, whole)})" for label, count in shown[:5])
    return Figure(
        name,
        plots.draw_bars(name, shown, whole),
        f"Bar chart of messages by {what}, the most first: {said}.",
        Table((what, "messages", "share"), tuple((label, f"{n:,}", share(n, whole)) for label, n in rows)),
    )


def heat(name: str, what: str, groups: Iterable[tuple[str, Group]], issues: Sequence[str]) -> Figure | None:
    """Share of each issue in the messages of each group."""
    shown = [(label, group) for label, group in groups if group.messages][:TOP_ROWS]
    if not shown or not issues:
        return None
    shares = [[group.issues[issue] / group.messages for issue in issues] for _, group in shown]
    highest = max((s, -y, -x) for y, row in enumerate(shares) for x, s in enumerate(row))
    return Figure(
        name,
        plots.draw_heat(name, [label for label, _ in shown], [told(issue) for issue in issues], shares),
        f"Heat map of issues by {what}, as shares of its messages: the highest is {told(issues[-highest[2]])} of "
        f"{shown[-highest[1]][0]} with {highest[0]:.0%}.",
        Table(
            (what, "messages", "negative", *map(told, issues)),
            tuple(
                (label, f"{g.messages:,}", share(g.negative, g.messages), *(f"{g.issues[issue]:,}" for issue in issues))
                for label, g in shown
            ),
        ),
    )


def answers(tally: Tally) -> Figure | None:
    """Answers within the clock, by marketplace."""
    found = tally.answers.by_marketplace
    if not tally.answers.any:
        return None
    shown = sorted(((n, a) for n, a in found.items() if a.due), key=lambda pair: (-pair[1].due, pair[0]))[:TOP_ROWS]
    if not shown:
        return None
    said = ", ".join(f"{market_name(name)} {share(a.within, a.due)}" for name, a in shown)
    return Figure(
        "answers",
        plots.draw_answers("answers", [(market_name(n), a.within, a.late, a.overdue) for n, a in shown]),
        f"Stacked bars of messages answered within the clock, late, or overdue; within the clock: {said}.",
        Table(
            ("marketplace", "clock", "within", "late", "no answer, overdue", "no answer, still time", "share within"),
            tuple(
                (market_name(n), _hours(a.clock_hours), f"{a.within:,}", f"{a.late:,}", f"{a.overdue:,}",
                 f"{a.waiting:,}", share(a.within, a.due))
                for n, a in shown
            ),
        ),
    )  # fmt: skip


def _hours(hours: float) -> str:
    return f"{hours * 60:.0f} min" if hours < 1 else f"{hours:g} h"


def _by_time(starts: Sequence[date], period: str, counts: Mapping[str, Sequence[int]]) -> Table:
    rows = (tuple(map(str, row)) for row in zip(starts, *counts.values(), strict=True))
    return Table((period, *map(told, counts)), tuple(rows))
