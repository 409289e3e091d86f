"""The command line, and the front door of the product: imports both wings, each only when it is needed."""

from __future__ import annotations

import json
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from model.errors import DataError, InputError, ReplydeskError, UsageError

app = typer.Typer(
    name="replydesk",
    help="Reads buyers' messages in twenty languages; ranks policy options and ready-to-send replies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(help="The shipped and your own data files.", no_args_is_help=True)
app.add_typer(data_app, name="data")
templates_app = typer.Typer(help="Reply templates of your own.", no_args_is_help=True)
app.add_typer(templates_app, name="templates")
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


@app.callback()
def _options(debug: Debug = False) -> None:
    """Options of every command; `--debug` is read in `main`."""


@app.command()
def suggest(
    text: Annotated[str, typer.Argument(help="The buyer's message; '-' reads standard input.")],
    order: Annotated[Path | None, typer.Option(help="Facts of the order, a JSON file.", metavar="FILE.json")] = None,
    reply_language: Annotated[str | None, typer.Option(help="BCP 47 tag; the buyer's language by default.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=20, help="How many options and replies at the most.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as the HTTP endpoint gives it.")] = False,
) -> None:
    """Read one message: labels, ranked options, ranked replies."""
    from serve.command import as_request, open_suggester, print_suggestion, read_json

    message = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
    facts = read_json(order) if order else None
    request = as_request({"message": message, "reply_language": reply_language, "limit": limit, "order": facts})
    _ensure_model(None)
    try:
        answer = open_suggester().suggest(request)
    except InputError as error:  # what the request names does not exist: here, that is an option of the command
        raise UsageError(str(error)) from error
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        print_suggestion(answer)


@app.command()
def label(
    inputs: Annotated[
        list[str],
        typer.Argument(
            help="Archives: CSV, TSV, JSON Lines, Parquet, Arrow, mbox, .eml, .xlsx (.gz, .zst too); folders, globs, '-'.",
            metavar="IN…",
        ),
    ],
    output: Annotated[str, typer.Option(help="CSV, JSON Lines, Parquet or .xlsx, by its ending.")],
    text_column: Annotated[str | None, typer.Option(help="The column with the message.", metavar="NAME")] = None,
    columns: Annotated[str | None, typer.Option(help="What comes out, with commas; all by default.")] = None,
    suggest: Annotated[bool, typer.Option("--suggest", help="Add the first option and template to each row.")] = False,
    form: Annotated[str | None, typer.Option("--format", help="Of inputs whose ending does not tell.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of text files; found out by default.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that read messages.")] = 1,
    shard: Annotated[str | None, typer.Option(help="Every n-th batch, from the i-th on.", metavar="I/N")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")] = False,
    engine: Annotated[str, typer.Option(help="What does the work: local or spark.")] = "local",
    spark_master: Annotated[str | None, typer.Option(help="Of the Spark cluster, like spark://host:7077.")] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder.")] = None,
) -> None:
    """Label archives of messages: every row comes out, with its labels."""
    from serve.archive.command import describe, read_shard, run, run_on_spark
    from serve.archive.label import Options

    options = Options(
        model=model,
        column=text_column,
        columns=tuple(name.strip() for name in columns.split(",")) if columns else None,
        suggest=suggest,
        format=form,
        encoding=encoding,
        shard=read_shard(shard) if shard else None,
    )
    if engine not in ("local", "spark"):
        raise UsageError(f"--engine {engine} is unknown; there are local and spark")
    _ensure_model(model)
    if engine == "spark":
        summary = run_on_spark(inputs, output, options, master=spark_master, workers=workers, resume=resume)
    else:
        summary = run(inputs, Path(output), options, workers=workers, resume=resume)
    for line in describe(summary, output):
        typer.echo(line)


@app.command()
def report(
    labelled: Annotated[
        list[str], typer.Argument(help="What `label` wrote: files, folders, globs.", metavar="LABELLED…")
    ],
    output: Annotated[Path, typer.Option(help="The page, like report.html.", metavar="REPORT.html")],
    time_column: Annotated[str | None, typer.Option(help="When the message was written.", metavar="NAME")] = None,
    article_column: Annotated[str | None, typer.Option(help="Article or SKU.", metavar="NAME")] = None,
    platform_column: Annotated[str | None, typer.Option(help="Marketplace.", metavar="NAME")] = None,
    answered_column: Annotated[str | None, typer.Option(help="When it was answered.", metavar="NAME")] = None,
    text_column: Annotated[str | None, typer.Option(help="The message, for samples.", metavar="NAME")] = None,
    title: Annotated[str, typer.Option(help="Heading of the page.")] = "What buyers write about",
    pii: Annotated[str, typer.Option(help="Names and numbers in samples: mask or keep.")] = "mask",
) -> None:
    """Draw the picture of a labelled archive: issues by time, article, language, marketplace; one HTML file."""
    from serve.report.columns import Wanted
    from serve.report.command import describe, run

    wanted = Wanted(text_column, time_column, article_column, platform_column, answered_column)
    typer.echo(describe(run(labelled, output, wanted, title=title, pii=pii), output))


@app.command()
def train(
    corpus: Annotated[
        list[Path] | None, typer.Option(help="Labelled messages of your own, beside the shipped ones.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="A label set of your own: then your corpora alone are used.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Model folder; the default model by default.")] = None,
    encoder: Annotated[
        Path | None,
        typer.Option(help="A sentence encoder to read beside: an ONNX export or a sentence-transformers folder."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Same data and seed: same model.")] = 0,
) -> None:
    """Train a model from the corpus in data/, or that and your own files."""
    from model.files import model_dir
    from training.command import train_shown

    if labels and not corpus:
        raise UsageError("--labels needs --corpus: the shipped messages do not speak your label set")
    for path in [*(corpus or []), *([labels] if labels else []), *([encoder] if encoder else [])]:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    target = output or model_dir()
    measured = train_shown(corpus or [], labels, target, seed, encoder)
    typer.echo(
        f"trained on {measured['messages']:,} messages in {measured['seconds']:.0f} s; accuracy on voices held out "
        f"{measured['held_out_accuracy']:.3f}; saved in {target}"
    )


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled messages: a JSON Lines file or a folder of them.")],
    model: Annotated[Path | None, typer.Option(help="Model folder.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for tables and plots.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")] = False,
) -> None:
    """Measure a model on labelled messages."""
    if not file.exists():
        raise UsageError(f"{file}: no such file or folder")
    _ensure_model(model)
    from training.evaluate import evaluate_file, render, write_report

    with _status("measuring"):
        result = evaluate_file(file, model)
    if report:
        write_report(result, report)
    typer.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=1) if as_json else render(result))
    if report:
        typer.echo(f"tables and plots in {report}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64)] = 1,
) -> None:
    """Serve the HTTP endpoint and the console."""
    _ensure_model(None)
    import uvicorn

    from model.reader import Reader

    Reader.open()  # a damaged model is said here in one line, not in a worker's traceback

    typer.echo(f"replydesk on http://{host}:{port} (console at /, API documentation at /docs)", err=True)
    uvicorn.run(
        "serve.api:create_app", factory=True, host=host, port=port, workers=workers, access_log=False,
        log_level="warning",
    )  # fmt: skip


@data_app.command("check")
def data_check() -> None:
    """Validate labels, languages, corpora, templates and policies, your own folder too; name file and line of every fault."""
    from check_data import check_all
    from serve.overlay import load_desk
    from serve.settings import Settings

    with _status("checking data"):
        faults, counts = check_all()
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        raise DataError(faults[:1]) from None
    own = Settings().own_data
    if own:
        load_desk(own)
    typer.echo("data is sound: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()))


@data_app.command("explain")
def data_explain(
    text: Annotated[
        str, typer.Argument(help="A message, or a request as /v1/suggest takes it.", metavar="TEXT|REQUEST.json")
    ],
    order: Annotated[Path | None, typer.Option(help="Facts of the order, a JSON file.", metavar="FILE.json")] = None,
) -> None:
    """Show which policies fired for a request, which almost did, and what fact they lack."""
    from datetime import UTC, datetime

    from serve.command import as_request, open_suggester, read_json
    from serve.explain import explain

    given = read_json(Path(text)) if text.endswith(".json") and Path(text).is_file() else {"message": text}
    if order:
        given["order"] = read_json(order)
    request = as_request(given)
    _ensure_model(None)
    for line in explain(open_suggester(), request, now=datetime.now(UTC)):
        typer.echo(line)


@data_app.command("policies")
def data_policies(
    output: Annotated[Path, typer.Option(help="Where the page goes.")] = Path("docs/policies.md"),
) -> None:
    """Write the page of all policies from the data."""
    from serve.policy_page import write_page

    output.write_text(write_page(), encoding="utf-8")
    typer.echo(f"written to {output}")


@templates_app.command("import")
def templates_import(
    file: Annotated[
        Path, typer.Argument(help="CSV (title, text, language), Zendesk or Gorgias macros, Chatwoot canned responses.")
    ],
    to: Annotated[Path | None, typer.Option(help="Your own folder; REPLYDESK_OWN_DATA by default.")] = None,
    language: Annotated[str, typer.Option(help="Of replies that tell none.")] = "en",
) -> None:
    """Take saved replies of another desk into your own templates."""
    from serve.importing import import_replies, read_saved
    from serve.settings import Settings

    folder = to or Settings().own_data
    if folder is None:
        raise UsageError("say where with --to FOLDER, or set REPLYDESK_OWN_DATA")
    used, unsorted = import_replies(read_saved(file, language=language), folder)
    typer.echo(f"{used} became templates in {folder / 'templates'}")
    if unsorted:
        typer.echo(
            f"{unsorted} wait in {folder / 'unsorted.yaml'}: give them a title that names an option "
            "(ask_photo, or damaged.ask_photo) and import that file"
        )


def _status(what: str) -> AbstractContextManager[Any]:
    from rich.console import Console

    return Console(stderr=True).status(what) if sys.stderr.isatty() else nullcontext()


def _ensure_model(folder: Path | None) -> None:
    """Train the default model where there is none yet; a folder that the user names must hold one."""
    from model.files import model_dir

    target = folder or model_dir()
    # Where the environment names a model, a misspelt path must not become a new one.
    named = folder or os.environ.get("REPLYDESK_MODEL")
    if not named and not (target / "manifest.json").is_file():
        from training.command import train_shown

        typer.echo(f"no model yet: training one into {target} (some minutes, once)", err=True)
        train_shown([], None, target, 0)


def main() -> None:
    """Run the command line: expected errors as one line on standard error, status 2 for wrong use, 1 for a failed run."""
    debug = "--debug" in sys.argv
    arguments = [a for a in sys.argv[1:] if a != "--debug"]
    try:
        status = app(arguments, standalone_mode=False, prog_name="replydesk")
    except ReplydeskError as error:
        if debug:
            raise
        status = error.exit_status
        typer.echo(f"replydesk: {' '.join(str(error).split())}", err=True)
    except KeyboardInterrupt:
        status = 130
        typer.echo("replydesk: interrupted", err=True)
    except BrokenPipeError:
        status = 0
    except Exception as error:
        # Typer's errors of use come from click or from its own copy of it, by version: known by what they can do.
        said = getattr(error, "format_message", None)
        if said:
            if said():  # the bare command has shown its help already
                typer.echo(f"replydesk: {' '.join(said().split())} (see replydesk --help)", err=True)
            sys.exit(2)
        if type(error).__name__ == "Abort":
            sys.exit(130)
        if debug:
            raise
        status = 1
        typer.echo(
            f"replydesk: unexpected {type(error).__name__}: {' '.join(str(error).split())} (--debug shows where)",
            err=True,
        )
    sys.exit(status or 0)


if __name__ == "__main__":
    main()
