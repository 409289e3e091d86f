"""Plots as SVG that stands within the page: the same bytes for the same figures, text that stays text."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

# Dark enough on white for WCAG's 3:1 between graphics (4.5:1 for `INK` and `QUIET`, which are text).
INK, QUIET, LINE = "#1c2733", "#55616e", "#d9dfe5"
BLUE, RED, GREEN, AMBER, GREY = "#2563a8", "#b3372f", "#2b7a4b", "#8f5d10", "#8a96a3"
WIDTH_IN, ROW_IN = 9.6, 0.3
PALE = 1.8  # the darkest cell is at 1 / PALE of the blues: dark text upon it stays above 4.5:1
PANELS_ACROSS = 4
MAX_LABEL_CHARS = 34
_STYLE = {
    "svg.fonttype": "none", "text.parse_math": False, "font.size": 9.5, "text.color": INK, "axes.labelcolor": QUIET,
    "axes.edgecolor": LINE, "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
    "axes.titlesize": 9.5, "axes.titlelocation": "left", "axes.titleweight": "bold", "xtick.color": QUIET,
    "ytick.color": QUIET, "xtick.major.size": 0, "ytick.major.size": 0, "xtick.major.pad": 5,
    "axes.axisbelow": True, "axes.grid": False,
    "grid.color": LINE, "grid.linewidth": 0.6, "legend.frameon": False, "figure.facecolor": "none",
    "axes.facecolor": "none",
}  # fmt: skip


def draw_volume(name: str, starts: Sequence[date], period: str, parts: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Draw messages by period as bars, the parts of each on top of one another."""
    with _figure(name, height=2.5) as (figure, result):
        axes = figure.add_subplot()
        bottom = [0] * len(starts)
        for (label, counts), colour in zip(parts, (RED, BLUE), strict=False):
            axes.bar(range(len(starts)), counts, bottom=bottom, color=colour, width=0.8, label=label)
            bottom = [a + b for a, b in zip(bottom, counts, strict=True)]
        axes.grid(axis="y")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
        _time_axis(axes, starts, period)
        _whole_numbers(axes)
    return result[0]


def draw_panels(name: str, starts: Sequence[date], period: str, series: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Draw one small panel for each series, with its own scale."""
    down = -(-len(series) // PANELS_ACROSS)
    with _figure(name, height=1.55 * down) as (figure, result):
        for n, (label, counts) in enumerate(series):
            axes = figure.add_subplot(down, PANELS_ACROSS, n + 1)
            places = range(len(starts))
            axes.fill_between(places, counts, color=BLUE, alpha=0.15, linewidth=0)
            axes.plot(places, counts, color=BLUE, linewidth=1.6, marker="o" if len(starts) < 3 else None, markersize=4)
            axes.plot(places[-1:], counts[-1:], color=BLUE, marker="o", markersize=3.5)
            axes.set_title(_short(label))
            axes.set_ylim(0, max(1, *counts) * 1.15)
            axes.grid(axis="y")
            _time_axis(axes, starts, period, most=3)
            _whole_numbers(axes, most=3)
    return result[0]


def draw_trend(name: str, starts: Sequence[date], period: str, scores: Sequence[float | None]) -> str:
    """Draw mean sentiment by period."""
    with _figure(name, height=2.3) as (figure, result):
        axes = figure.add_subplot()
        known = [(n, score) for n, score in enumerate(scores) if score is not None]
        axes.axhline(0, color=GREY, linewidth=1)
        axes.plot([n for n, _ in known], [s for _, s in known], color=BLUE, linewidth=1.8, marker="o", markersize=3.5)
        # Around the values, yet never so near that small changes look large.
        low, high = min(s for _, s in known), max(s for _, s in known)
        axes.set_ylim(min(-0.5, low - 0.1), max(0.25, high + 0.1))
        axes.grid(axis="y")
        axes.set_ylabel("−1 very negative … 1 very positive", fontsize=8)
        _time_axis(axes, starts, period)
    return result[0]


def draw_bars(name: str, rows: Sequence[tuple[str, int]], whole: int) -> str:
    """Draw counts as horizontal bars, each with its number and share."""
    with _figure(name, height=ROW_IN * len(rows) + 0.2) as (figure, result):
        axes = figure.add_subplot()
        counts = [count for _, count in rows]
        axes.barh(range(len(rows)), counts, color=BLUE, height=0.68)
        most = max(counts)
        for n, count in enumerate(counts):
            axes.text(count + most * 0.008, n, f"{count:,}  ({count / max(whole, 1):.1%})", va="center", fontsize=8.5)
        axes.set_xlim(0, most * 1.16)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        _row_labels(axes, [label for label, _ in rows])
    return result[0]


def draw_heat(name: str, rows: Sequence[str], columns: Sequence[str], shares: Sequence[Sequence[float]]) -> str:
    """Draw a table of shares with the larger ones darker; each cell says its own."""
    with _figure(name, height=ROW_IN * len(rows) + 1.15) as (figure, result):
        axes = figure.add_subplot()
        highest = max(0.01, *(share for row in shares for share in row))
        axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=highest * PALE, edgecolors="white", linewidth=1.5)
        for y, row in enumerate(shares):
            for x, share in enumerate(row):
                said = f"{share:.0%}" if share >= 0.005 else "·"
                axes.text(x + 0.5, y + 0.5, said, ha="center", va="center", fontsize=8.5)
        axes.set_xticks([n + 0.5 for n in range(len(columns))], [_short(c) for c in columns], rotation=30, ha="left")
        axes.xaxis.tick_top()
        axes.spines["bottom"].set_visible(False)
        _row_labels(axes, rows, at=0.5)
    return result[0]


def draw_answers(name: str, rows: Sequence[tuple[str, int, int, int]]) -> str:
    """Draw the shares of messages answered in time, answered late, and overdue, one bar a marketplace."""
    with _figure(name, height=ROW_IN * 1.2 * len(rows) + 0.75) as (figure, result):
        axes = figure.add_subplot()
        left = [0.0] * len(rows)
        kinds = (("within the clock", GREEN), ("late", AMBER), ("no answer, overdue", RED))
        for place, (label, colour) in enumerate(kinds, 1):
            shares = [int(row[place]) / max(1, sum(map(int, row[1:]))) for row in rows]
            axes.barh(range(len(rows)), shares, left=left, color=colour, height=0.68, label=label)
            for n, share in enumerate(shares):
                if share >= 0.06:
                    axes.text(left[n] + share / 2, n, f"{share:.0%}", ha="center", va="center", color="white")
            left = [a + b for a, b in zip(left, shares, strict=True)]
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
        _row_labels(axes, [row[0] for row in rows])
    return result[0]


@contextmanager
def _figure(name: str, *, height: float) -> Iterator[tuple[Any, list[str]]]:
    """Give a figure to draw into; its SVG stands in the list behind."""
    import matplotlib
    from matplotlib.figure import Figure

    result: list[str] = []
    with warnings.catch_warnings(), matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}):
        # The browser has the letters of all scripts; the font that measures the plot need not.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
        yield figure, result
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
        result.append(_inline(buffer.getvalue(), name))


def _inline(svg: str, name: str) -> str:
    """Make a file's SVG part of a page: no prolog, and ids that no other plot has."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<\w+[^<>]*?\s)id="', rf'\g<1>id="{name}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    # The description stands in the page's <figure>; for a screen reader the drawing itself is one picture.
    return svg.replace("<svg ", f'<svg role="img" aria-labelledby="{name}-alt" ', 1)


def _time_axis(axes: Any, starts: Sequence[date], period: str, *, most: int = 12) -> None:
    step = -(-len(starts) // most)
    shown = range(0, len(starts), step)
    axes.set_xticks(list(shown), [_told(starts[n], period) for n in shown])
    axes.set_xlim(-0.6, len(starts) - 0.4)


def _told(day: date, period: str) -> str:
    # Written out: `strftime` follows the machine's language.
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[day.month - 1]
    return f"{month} {day.year}" if period == "month" else f"{day.day} {month}"


def _whole_numbers(axes: Any, *, most: int = 5) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(most, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def _row_labels(axes: Any, labels: Sequence[str], *, at: float = 0.0) -> None:
    axes.set_yticks([n + at for n in range(len(labels))], [_short(label) for label in labels])
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_ylim(len(labels) - 0.5 + at, at - 0.5)  # from the top down


def _short(label: str) -> str:
    return label if len(label) <= MAX_LABEL_CHARS else label[: MAX_LABEL_CHARS - 1] + "…"
