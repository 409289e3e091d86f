"""What is to be read: paths, folders, globs and standard input to an ordered list of archives, each of one format."""

from __future__ import annotations

import glob
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from model.errors import InputError, UsageError, nearest

FORMATS = {
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "jsonl": (".jsonl", ".ndjson", ".jsonlines"),
    "parquet": (".parquet", ".pq"),
    "arrow": (".arrow", ".feather", ".ipc", ".arrows"),
    "mbox": (".mbox", ".mbx"),
    "eml": (".eml",),
    "xlsx": (".xlsx",),
}
COMPRESSIONS = {".gz": "gz", ".zst": "zst"}
SEEKING = ("parquet", "arrow", "xlsx")  # formats that are compressed within and read from several places
STDIN = "-"


@dataclass(frozen=True)
class Source:
    """One archive.

    Parameters
    ----------
    path : Path
        The file; for mails that lie in files of their own, the folder.
    format : str
        A key of `FORMATS`.
    compression : str
        'gz', 'zst' or ''.
    mails : tuple of Path
        The `.eml` files of a folder, in order.
    encoding : str or None
        Of text formats; found out where None.
    """

    path: Path
    format: str
    compression: str = ""
    mails: tuple[Path, ...] = ()
    encoding: str | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that is read."""
        return self.mails or (self.path,)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.files)


def format_of(path: Path) -> tuple[str, str] | None:
    """Return format and compression by the ending; None where it is unknown.

    >>> format_of(Path("a/Messages.CSV.gz")), format_of(Path("b.parquet")), format_of(Path("c.doc"))
    (('csv', 'gz'), ('parquet', ''), None)
    """
    name, compression = path.name.lower(), ""
    for ending, kind in COMPRESSIONS.items():
        if name.endswith(ending):
            name, compression = name.removesuffix(ending), kind
    for form, endings in FORMATS.items():
        if name.endswith(endings):
            return form, compression
    return None


def find_sources(
    inputs: Sequence[str | Path], *, form: str | None = None, encoding: str | None = None, spool: Path | None = None
) -> list[Source]:
    """Return the archives that the inputs name, in the order given, folders and globs sorted by name.

    Parameters
    ----------
    inputs : sequence of str or Path
        Files, folders (searched with all folders below), globs, '-' for standard input.
    form : str, optional
        Format of files whose ending does not tell, and of standard input.
    encoding : str, optional
        Of text formats.
    spool : Path, optional
        Where standard input is kept while it is worked on.

    Raises
    ------
    UsageError
        If nothing is found, a format is unknown or missing, or an encoding is unknown.
    """
    if form is not None and form not in FORMATS:
        raise UsageError(f"--format {form} is unknown{nearest(form, list(FORMATS))}; there are {', '.join(FORMATS)}")
    if encoding is not None:
        check_encoding(encoding)
    found: list[Source] = []
    for given in inputs:
        found += _at(str(given), form, spool)
    return [replace(source, encoding=encoding) for source in found]


def check_encoding(encoding: str) -> None:
    """Raise UsageError where Python knows no text encoding of this name."""
    try:
        "".encode(encoding)
    except LookupError as error:
        raise UsageError(f"--encoding {encoding} is unknown; usual are utf-8, gb18030, shift_jis, cp1252") from error


def _at(given: str, form: str | None, spool: Path | None) -> Iterator[Source]:
    if given == STDIN:
        if form is None:
            raise UsageError(f"'-' needs --format: what comes on standard input? There are {', '.join(FORMATS)}")
        yield Source(_spooled(spool), form)
        return
    path = Path(given)
    if path.is_dir():
        yield from _in_folder(path, form)
    elif path.exists():
        yield _file(path, form)
    elif glob.has_magic(given):
        # `glob` rather than Path.glob, which knows no absolute patterns.
        matches = sorted(map(Path, glob.glob(given, recursive=True)))  # noqa: PTH207
        files = [match for match in matches if match.is_file()]
        if not files:
            raise UsageError(f"{given}: no file matches")
        yield from _gathered(files, form, Path(given).parent)
    else:
        raise UsageError(f"{path}: no such file")


def _file(path: Path, form: str | None) -> Source:
    known = format_of(path)
    if known is None and form is None:
        endings = ", ".join(ending for group in FORMATS.values() for ending in group)
        raise UsageError(f"{path}: unknown archive format; name it {endings} (or with .gz, .zst), or say --format")
    kind, compression = known or (form or "", COMPRESSIONS.get(path.suffix.lower(), ""))
    if form is not None:
        kind = form
    if compression and kind in SEEKING:
        raise UsageError(f"{path}: {kind} is compressed within; unpack it first")
    return Source(path, kind, compression, mails=(path,) if kind == "eml" else ())


def _in_folder(folder: Path, form: str | None) -> Iterator[Source]:
    files = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        # Names that begin with '.' or '_' are notes of other programs (`_SUCCESS`, `.crc`), by a usual agreement.
        files += [Path(place, name) for name in sorted(names) if name[0] not in "._"]
    known = [path for path in files if form or format_of(path) or _in_maildir(path)]
    if not known:
        raise UsageError(
            f"{folder}: no archive in this folder; known endings are {', '.join(sum(FORMATS.values(), ()))}"
        )
    yield from _gathered(known, form, folder)


def _gathered(files: Iterable[Path], form: str | None, folder: Path) -> Iterator[Source]:
    """Mails in files of their own are one archive as long as they follow each other."""
    mails: list[Path] = []
    for path in files:
        source = _file(path, form or ("eml" if _in_maildir(path) and not format_of(path) else None))
        if source.format == "eml" and not source.compression:
            mails.append(path)
            continue
        if mails:
            yield Source(folder, "eml", mails=tuple(mails))
            mails = []
        yield source
    if mails:
        yield Source(folder, "eml", mails=tuple(mails))


def _in_maildir(path: Path) -> bool:
    return path.parent.name in ("cur", "new") and (path.parent.parent / "cur").is_dir()


def _spooled(spool: Path | None) -> Path:
    """Keep standard input in a file: it can then be looked at first, and a broken run can go on."""
    if spool is None:
        raise UsageError("standard input cannot be used here; name a file")
    if not spool.exists():
        spool.parent.mkdir(parents=True, exist_ok=True)
        beside = spool.with_name(spool.name + ".new")
        try:
            with beside.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
            beside.replace(spool)
        except OSError as error:
            raise InputError(f"{beside}: standard input cannot be kept: {error.strerror}") from error
    return spool
