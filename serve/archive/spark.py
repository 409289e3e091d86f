"""The Spark engine: the same labelling in `mapInArrow`, on any path that Spark reads, the model shipped once an executor."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from model.artifact import read_manifest
from model.errors import InputError, UsageError
from model.files import model_dir
from serve.archive.label import Options
from serve.archive.labelling import Labeller, Question
from serve.archive.layout import Layout, fixed_layout, free_layout
from serve.archive.names import text_column
from serve.archive.partial import Summary
from serve.archive.rows import Rows
from serve.archive.sources import check_encoding
from serve.archive.spark_input import Part, find_fields, find_names, read_input
from serve.archive.target import Target, target_of
from serve.archive.writers import arrow_rows, csv_rows, json_rows

MODEL_ARCHIVE = "replydesk-model"
BATCH_ROWS = 2_000


def label_on_spark(
    inputs: Sequence[str], output: str, options: Options, *, master: str | None = None, workers: int = 1
) -> Summary:
    """Label archives on a Spark cluster; the output is a folder of part files, as Spark writes it.

    Parameters
    ----------
    inputs : sequence of str
        Paths that Spark reads: local, `hdfs://`, `s3a://` and so on; CSV, TSV, JSON Lines, Parquet.
    output : str
        Folder; its ending tells the format: `.csv`, `.jsonl` (`.gz` behind packs the parts), `.parquet`.
    options : Options
        As for the local engine, without `shard`.
    master : str, optional
        Where the cluster is; by default what `spark-submit` or the Spark configuration says, else this machine.
    workers : int
        Cores of this machine, where there is no cluster.

    Raises
    ------
    UsageError
        If PySpark or Java is missing, or an option is not for Spark.
    InputError
        If Spark cannot read or write.
    """
    if options.shard is not None:
        raise UsageError("--shard is for the local engine; Spark divides the work itself")
    target = target_of(Path(output))
    if target.format == "xlsx" or target.compression == "zst":
        raise UsageError(f"{output}: with --engine spark write .csv, .jsonl (or with .gz) or .parquet")
    if options.encoding:
        check_encoding(options.encoding)
    model = options.model or model_dir()
    if read_manifest(model).get("encoder"):
        raise UsageError(
            f"{model} reads an encoder of this machine's, which is not sent to Spark's; use --engine local"
        )
    session = _session(master, workers)
    try:
        with tempfile.TemporaryDirectory(prefix="replydesk-") as folder, warnings.catch_warnings():
            _quiet()
            session.sparkContext.addArchive(f"{_packed(model, Path(folder))}#{MODEL_ARCHIVE}")
            return _run(session, inputs, output, target, options)
    except Exception as error:
        if type(error).__module__.startswith(("pyspark", "py4j")):
            said = " ".join(str(error).split("JVM stacktrace")[0].split())[:300]
            raise InputError(f"Spark: {said}") from error
        raise
    finally:
        session.stop()


def _run(session: Any, inputs: Sequence[str], output: str, target: Target, options: Options) -> Summary:
    read = [read_input(session, path, form=options.format, encoding=options.encoding) for path in inputs]
    if target.format == "jsonl" and options.columns is None:
        names = [find_names(frame, part) for frame, part in read]
        layout = free_layout(suggest=options.suggest)
    else:
        tables = [find_fields(frame, part) for frame, part in read]
        names = [list(table) for table in tables]
        layout = fixed_layout(tables, suggest=options.suggest, wanted=options.columns)
    question = Question(Path(MODEL_ARCHIVE), options.suggest, datetime.now(UTC))
    counter = session.sparkContext.accumulator(Counter(), _counters())
    labelled = None
    for (frame, part), there, path in zip(read, names, inputs, strict=True):
        work = _work(part, text_column(there, options.column, path), layout, target, question, counter)
        one = frame.mapInArrow(work, _schema(target, layout))
        labelled = one if labelled is None else labelled.union(one)
    _write(labelled, output, target)
    return _summary(counter.value)


def _work(
    part: Part, column: str, layout: Layout, target: Target, question: Question, counter: Any
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def label(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        labeller = _labeller(question)
        for whole in batches:
            for start in range(0, whole.num_rows, BATCH_ROWS):
                rows = part.load(whole.slice(start, BATCH_ROWS))
                labels = labeller.label(rows, column)
                faulty = [error is not None for error in labels["error"]]
                counter.add(Counter(zip(labels["language"], labels["issue"], faulty, strict=True)))
                yield _batch(rows, labels, layout, target)

    return label


_labellers: dict[Question, Labeller] = {}


def _labeller(question: Question) -> Labeller:
    """Open the model once for each Python worker; memory-mapped from the executor's one copy, which they share."""
    if question not in _labellers:
        from pyspark import SparkFiles

        _labellers.clear()
        _labellers[question] = Labeller(replace(question, model=Path(SparkFiles.get(MODEL_ARCHIVE))))
    return _labellers[question]


def _batch(rows: Rows, labels: dict[str, list[Any]], layout: Layout, target: Target) -> pa.RecordBatch:
    if target.format == "jsonl":
        lines = json_rows.write_rows(rows, labels, layout).decode().split("\n")[:-1]
        return pa.RecordBatch.from_pydict({"value": pa.array(lines, pa.string())})
    if target.format == "csv":
        cells = csv_rows.cells(rows, labels, layout.columns or ())
        arrays = [pa.array([None if v is None else str(v) for v in column], pa.string()) for column in cells]
        return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in layout.columns or ()])
    return arrow_rows.to_batch(rows, labels, layout)


def _schema(target: Target, layout: Layout) -> Any:
    if target.format == "jsonl":
        return "value string"
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StringType, StructField, StructType

    if target.format == "csv":
        return StructType([StructField(column.name, StringType()) for column in layout.columns or ()])
    return from_arrow_schema(layout.schema)


def _write(labelled: Any, output: str, target: Target) -> None:
    packed = {"compression": "gzip" if target.compression else "none"}
    if target.format == "parquet":
        labelled.write.parquet(output)
    elif target.format == "jsonl":
        labelled.write.options(**packed).text(output)
    else:
        labelled.write.options(
            header=True, quoteAll=True, escape='"', emptyValue="", nullValue="", ignoreLeadingWhiteSpace=False,
            ignoreTrailingWhiteSpace=False, **packed,
        ).csv(output)  # fmt: skip


def _session(master: str | None, workers: int) -> Any:
    try:
        with warnings.catch_warnings():
            _quiet()
            from pyspark import SparkConf
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError("--engine spark needs an extra: pip install 'replydesk[spark]'") from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and (Path(home) / "bin" / "java").is_file()):
        raise UsageError("--engine spark needs Java 17 or newer: install it, or set JAVA_HOME to where it is")
    # Executors on this machine work with this Python; on a cluster the setting of the cluster counts.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = SparkConf().setAppName("replydesk")
    if master:
        settings.setMaster(master)
    elif not settings.contains("spark.master"):
        settings.setMaster(f"local[{workers}]").set("spark.ui.enabled", "false")
    session = SparkSession.builder.config(conf=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _quiet() -> None:
    # Of pandas nothing is used here; PySpark asks for it all the same.
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)


def _packed(model: Path, folder: Path) -> Path:
    """Pack the model as it is: it hardly shrinks, and executors unpack it once."""
    path = folder / "model.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(model.iterdir()):
            if file.is_file():
                archive.write(file, file.name)
    return path


def _counters() -> Any:
    from pyspark.accumulators import AccumulatorParam

    class Counters(AccumulatorParam):  # type: ignore[misc]
        def zero(self, value: Any) -> Any:
            return Counter()

        def addInPlace(self, value1: Any, value2: Any) -> Any:  # noqa: N802
            value1.update(value2)
            return value1

    return Counters()


def _summary(counts: Counter[tuple[str | None, str | None, bool]]) -> Summary:
    summary = Summary()
    for (language, issue, faulty), n in counts.items():
        summary.rows += n
        if faulty:
            summary.errors += n
        else:
            summary.languages[str(language)] += n
            summary.issues[str(issue)] += n
    return summary
