"""Labels whole archives, chunk by chunk, in order; a run that was broken off goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial as bind
from itertools import islice
from pathlib import Path

from model.artifact import read_manifest
from model.errors import InputError, UsageError
from model.files import model_dir
from model.reader import Reader
from serve.archive.assembly import require_openpyxl, write_parquet, write_xlsx
from serve.archive.encodings import with_encoding
from serve.archive.formats import load_format
from serve.archive.labelling import Question
from serve.archive.layout import Layout, fixed_layout, free_layout
from serve.archive.local import Job, Task, run_tasks
from serve.archive.names import text_column
from serve.archive.partial import Partial, Summary
from serve.archive.sources import STDIN, Source, find_sources
from serve.archive.target import ASSEMBLED, target_of

BATCH_ROWS = 2_000
TEXT_FORMATS = ("csv", "tsv", "jsonl")


@dataclass(frozen=True)
class Options:
    """How archives are labelled.

    Parameters
    ----------
    model : Path or None
        Model folder; the default one where None.
    column : str or None
        Holds the message; recognised by its name where None.
    columns : tuple of str or None
        What comes out; everything where None.
    suggest : bool
        Also the first option and template of each row.
    format : str or None
        Of inputs whose ending does not tell.
    encoding : str or None
        Of text formats; found out where None.
    shard : tuple of (int, int) or None
        `(i, n)`: of the batches of `BATCH_ROWS` rows, every n-th, from the i-th on.
    """

    model: Path | None = None
    column: str | None = None
    columns: tuple[str, ...] | None = None
    suggest: bool = False
    format: str | None = None
    encoding: str | None = None
    shard: tuple[int, int] | None = None


@dataclass(frozen=True)
class Progress:
    """How far a run is: rows labelled, bytes of the inputs read and to be read."""

    rows: int
    done_bytes: int
    total_bytes: int


def label_archives(
    inputs: Sequence[str | Path],
    output: Path,
    options: Options | None = None,
    *,
    workers: int = 1,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Label archives into one file, one output row for each input row, in order.

    The output appears under its name only when it is whole; until then it is `<output>.partial`.

    Parameters
    ----------
    inputs : sequence of str or Path
        Files, folders, globs, or '-' for standard input.
    output : Path
        CSV, JSON Lines, Parquet or Excel by its ending.
    options : Options
    workers : int
        Processes that read messages.
    resume : bool
        Go on with a run that was broken off.
    progress : callable, optional
        Called after every batch.

    Raises
    ------
    UsageError
        If a format is unknown, a column missing, no text column recognised, or the output whole already.
    InputError
        If an input cannot be read, or changed meanwhile; if the output cannot be written.
    """
    options = options or Options()
    target = target_of(output)
    if target.format == "xlsx":
        require_openpyxl()
    spool = output.with_name(output.name + ".partial.stdin")
    if not resume:
        spool.unlink(missing_ok=True)
    sources = find_sources(inputs, form=options.format, encoding=options.encoding, spool=spool)
    _refuse_overwriting(sources, output)
    model = options.model or model_dir()
    # The version is enough to tell whether it is the same model; the model itself is opened by who reads.
    version = read_manifest(model)["files"]["scorer.joblib"]
    reader = _Lazy(model)
    state = Partial(output, {"input": _stamps(sources), "options": _told(options), "model": version})
    resumed = state.resume() if resume else False
    sources = [with_encoding(s, lambda: reader.known_share) if s.format in TEXT_FORMATS else s for s in sources]
    columns = [_find_text(source, options.column) for source in sources]
    layout = _plan(sources, options, free=target.format == "jsonl" and options.columns is None)
    if not resumed:
        state.begin({"now": datetime.now(UTC).isoformat()}, target.header(layout))
    question = Question(model, options.suggest, datetime.fromisoformat(state.keep["now"]))
    total = sum(source.size for source in sources)
    tasks = islice(_shard(_tasks(sources, columns), options.shard), state.batches, None)
    try:
        job = Job(question, layout, target)
        for done in run_tasks(tasks, job, workers=workers, reader=reader.opened):
            state.add(done.data, done.rows, done.errors, done.issues, done.languages)
            if progress:
                progress(Progress(state.summary.rows, done.done_bytes, total))
        if _stamps(sources) != state.fingerprint["input"]:
            raise InputError("an input changed while it was read; start again without --resume")
        make = {"parquet": write_parquet, "xlsx": write_xlsx}
        state.finish(bind(make[target.format], layout=layout) if target.format in ASSEMBLED else None)
    finally:
        state.close()
    spool.unlink(missing_ok=True)
    return state.summary


class _Lazy:
    """The model, opened when the encoding of an archive needs it, and then kept."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self.opened: Reader | None = None

    def known_share(self, texts: Sequence[str]) -> float:
        """Return the share of n-grams that training met, the mean of the texts."""
        self.opened = self.opened or Reader.open(self._model)
        scorer = self.opened.artifact.scorer
        return float(scorer.known_share(scorer.rows(texts)).mean())


def _tasks(sources: Sequence[Source], columns: Sequence[str]) -> Iterator[Task]:
    before = 0
    for source, column in zip(sources, columns, strict=True):
        for chunk in load_format(source).chunks(source, BATCH_ROWS):
            yield Task(chunk, column, before + chunk.place)
        before += source.size


def _shard(tasks: Iterator[Task], shard: tuple[int, int] | None) -> Iterator[Task]:
    return tasks if shard is None else islice(tasks, shard[0] - 1, None, shard[1])


def _find_text(source: Source, wanted: str | None) -> str:
    form, place = load_format(source), str(source.path)
    try:
        return text_column(form.names(source), wanted, place)
    except UsageError:
        # A column of JSON Lines may begin behind the first rows.
        return text_column(form.names(source, whole=True), wanted, place)


def _plan(sources: Sequence[Source], options: Options, *, free: bool) -> Layout:
    if free:
        return free_layout(suggest=options.suggest)
    tables = [load_format(source).fields(source) for source in sources]
    return fixed_layout(tables, suggest=options.suggest, wanted=options.columns)


def _stamps(sources: Sequence[Source]) -> list[list[object]]:
    stamps: list[list[object]] = []
    for source in sources:
        for path in source.files:
            if not path.exists():
                raise InputError(f"{path}: the file is gone")
            found = path.stat()
            stamps.append([str(path.resolve()), found.st_size, found.st_mtime_ns])
    return stamps


def _told(options: Options) -> dict[str, object]:
    told = vars(replace(options, model=None)) | {"batch": BATCH_ROWS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


def _refuse_overwriting(sources: Sequence[Source], output: Path) -> None:
    for source in sources:
        if output.resolve() in (path.resolve() for path in source.files):
            raise UsageError(
                f"{output} is an input too; name another file for the output, so that nothing is overwritten"
            )


__all__ = ["BATCH_ROWS", "STDIN", "Options", "Progress", "Summary", "label_archives"]
