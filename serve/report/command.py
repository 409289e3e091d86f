"""What `replydesk report` does: two passes over the archive, one page, with the progress shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from model.errors import InputError, UsageError
from serve.report.columns import Wanted
from serve.report.page import Settings, write_page
from serve.report.records import Archive, open_archives
from serve.report.survey import Survey
from serve.report.tally import Tally

ENDINGS = (".html", ".htm")
PII = ("mask", "keep")
TITLE = "What buyers write about"
Show = Callable[[str, int], None]


def run(inputs: Sequence[str], output: Path, wanted: Wanted, *, title: str = TITLE, pii: str = "mask") -> Tally:
    """Write the report of labelled archives, with a progress bar on standard error.

    Parameters
    ----------
    inputs : sequence of str
        What `label` wrote: files, folders, globs.
    output : Path
        The page; it appears when it is whole.
    wanted : Wanted
        Columns that are not to be recognised but taken as named.
    title : str
    pii : str
        'mask' hides names, addresses and numbers in samples, 'keep' shows them as they came.

    Raises
    ------
    UsageError
        If an input is no labelled archive, a column is missing, or the output is no page or an input.
    InputError
        If an input cannot be read or the output not written.
    """
    if pii not in PII:
        raise UsageError(f"--pii {pii} is unknown; there are {' and '.join(PII)}")
    if output.suffix.lower() not in ENDINGS:
        raise UsageError(f"{output}: the report is a page; name it with {' or '.join(ENDINGS)}")
    archives = open_archives(inputs, wanted)
    if any(output.resolve() in (path.resolve() for path in archive.source.files) for archive in archives):
        raise UsageError(f"{output} is an input too; name another file, so that nothing is overwritten")
    total = 2 * sum(archive.source.size for archive in archives)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("looking through", total=total or None)
        survey, tally = count(archives, lambda said, done: bar.update(task, description=said, completed=done))
        bar.update(task, description="drawing")
        names = tuple(dict.fromkeys(archive.source.path.name for archive in archives))
        page = write_page(survey, tally, Settings(title, names, masked=pii == "mask"))
    _write(page, output)
    return tally


def count(archives: Sequence[Archive], show: Show = lambda said, done: None) -> tuple[Survey, Tally]:
    """Go through archives twice: what there is, then how often."""
    survey, before = Survey(), 0
    for archive in archives:
        for place, records in archive.learn():
            survey.add(records)
            show(f"looking through, {survey.rows:,} rows", before + place)
        before += archive.source.size
    tally = Tally(survey)
    for archive in archives:
        for place, records in archive.records():
            tally.add(records)
            show(f"counting, {tally.rows:,} of {survey.rows:,} rows", before + place)
        before += archive.source.size
    return survey, tally


def describe(tally: Tally, output: Path) -> str:
    """Return the line that sums a run up."""
    return f"{tally.whole.messages:,} messages, {tally.rows - tally.whole.messages:,} rows with an error, to {output}"


def _write(page: str, output: Path) -> None:
    beside = output.with_name(output.name + ".partial")
    try:
        beside.write_text(page, encoding="utf-8", newline="\n")
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(f"{output}: cannot be written: {error.strerror}") from error
