"""What the command line shows of a run: progress, and the summary at its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from model.errors import UsageError
from serve.archive.label import Options, Progress, Summary, label_archives

SHOWN = 8


def run(inputs: Sequence[str], output: Path, options: Options, *, workers: int, resume: bool) -> Summary:
    """Label archives with a progress bar on standard error."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading the inputs", total=None)
        begun: list[int] = []

        def show(now: Progress) -> None:
            begun.append(now.rows) if not begun else None
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = (now.rows - begun[0]) / elapsed if elapsed > 1 else 0.0
            said = f"{now.rows:,} rows" + (f", {rate:,.0f}/s" if rate else "")
            bar.update(task, description=said, completed=now.done_bytes, total=now.total_bytes or None)

        return label_archives(inputs, output, options, workers=workers, resume=resume, progress=show)


def run_on_spark(
    inputs: Sequence[str], output: str, options: Options, *, master: str | None, workers: int, resume: bool
) -> Summary:
    """Label archives on Spark; its own pages show the progress."""
    if resume:
        raise UsageError("--resume is for the local engine; Spark repeats what failed, and leaves no output in part")
    from serve.archive.spark import label_on_spark

    with Console(stderr=True).status("labelling on Spark") if sys.stderr.isatty() else nullcontext():
        return label_on_spark(inputs, output, options, master=master, workers=workers)


def describe(summary: Summary, output: str) -> list[str]:
    """Return the lines that sum a run up."""
    lines = [f"{summary.rows:,} rows, {summary.errors:,} with an error, to {output}"]
    for title, counts in (("issues", summary.issues), ("languages", summary.languages)):
        if counts:
            # Equal counts by name, so that the same archive gives the same lines.
            first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
            rest = f", {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
            lines.append(f"  {title}: " + ", ".join(f"{name} {n:,}" for name, n in first) + rest)
    return lines


def read_shard(text: str) -> tuple[int, int]:
    """Read '--shard i/n'; raises UsageError where it is none.

    >>> read_shard("2/8")
    (2, 8)
    """
    first, slash, second = text.partition("/")
    if slash and first.isdecimal() and second.isdecimal() and 1 <= int(first) <= int(second):
        return int(first), int(second)
    raise UsageError(f"--shard '{text}': write i/n with i from 1 to n, like 2/8 for the second of eight")
