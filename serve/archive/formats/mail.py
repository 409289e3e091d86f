"""Mails: mbox files and folders of `.eml`. They are cut out here and decoded where they are labelled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

import pyarrow as pa

from serve.archive.formats import CHUNK_BYTES
from serve.archive.html import html_to_text
from serve.archive.opening import open_binary, reading, show_bytes
from serve.archive.rows import Chunk, RecordRows
from serve.archive.sources import Source

# The order of columns is that of a reader of mail; `text` holds the body, or the subject of a mail that has none.
COLUMNS = ("message_id", "in_reply_to", "date", "from", "to", "subject", "text")
MAX_PARTS = 200  # no mail has more; one that claims so is made to cost time


@dataclass
class MailChunk(Chunk):
    """Mails as they were sent."""

    mails: list[bytes]

    def load(self) -> RecordRows:
        records: list[dict[str, Any]] = []
        errors: dict[int, str] = {}
        for n, mail in enumerate(self.mails):
            record, problem = read_mail(mail)
            records.append(record)
            if problem:
                errors[n] = problem
        return RecordRows(records, [None] * len(records), errors)

    def __len__(self) -> int:
        return len(self.mails)


def names(source: Source, *, whole: bool = False) -> list[str]:
    """Return the columns, which are those of every mail."""
    return list(COLUMNS)


def fields(source: Source) -> dict[str, pa.DataType]:
    """Return the columns and their types."""
    return dict.fromkeys(COLUMNS, pa.string())


def chunks(source: Source, size: int) -> Iterator[MailChunk]:
    """Yield the mails."""
    kept: list[bytes] = []
    taken, place = 0, 0
    for mail, place in _from_folder(source) if source.format == "eml" else _from_mbox(source):
        kept.append(mail)
        taken += len(mail)
        if len(kept) >= size or taken > CHUNK_BYTES:
            yield MailChunk(place, kept)
            kept, taken = [], 0
    if kept:
        yield MailChunk(place, kept)


def read_mail(mail: bytes) -> tuple[dict[str, Any], str]:
    r"""Return the columns of one mail and, where it cannot be read, why.

    The plain text is preferred to HTML; attachments are left aside; a faulty charset costs its characters, not the mail.

    Examples
    --------
    >>> record, problem = read_mail(b"Subject: =?utf-8?q?Wo_ist_es=3F?=\n\n")
    >>> record["subject"], record["text"], problem
    ('Wo ist es?', 'Wo ist es?', '')
    """
    try:
        message = message_from_bytes(mail, policy=policy.default)
        record = {name: _header(message, name.replace("_", "-")) for name in COLUMNS[:-1]}
        record["date"] = _iso(record["date"])
        body = _body(message)
    except Exception as error:  # the parser meets whatever people send; no mail may end the run
        return {
            "text": show_bytes(mail.decode("utf-8", "surrogateescape"))
        }, f"not a readable mail: {type(error).__name__}"
    if not message.keys():
        return {**record, "text": body}, "not a mail: it has no headers"
    return {**record, "text": body.strip() or record["subject"] or ""}, ""


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message[name]
    except Exception:  # a header that the parser chokes on is taken as it stands
        value = next((v for k, v in message.raw_items() if k.lower() == name), None)
    return None if value is None else show_bytes(" ".join(str(value).split()))


def _iso(date: str | None) -> str | None:
    if date:
        with suppress(ValueError, IndexError, TypeError, OverflowError):
            moment = parsedate_to_datetime(date)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    return date


def _body(message: EmailMessage) -> str:
    plain, html = None, None
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS or (plain is not None and html is not None):
            break
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and plain is None:
            plain = _content(part)
        elif kind == "text/html" and html is None:
            html = _content(part)
    if plain is not None and plain.strip():
        return plain
    return html_to_text(html) if html else plain or ""


def _content(part: Any) -> str:
    data = part.get_payload(decode=True) or b""
    charset = str(part.get_content_charset() or "utf-8").strip("'\"")
    for encoding in (charset, "utf-8", "cp1252"):
        with suppress(UnicodeDecodeError, LookupError):
            return str(data.decode(encoding)).replace("\r\n", "\n").replace("\x00", "")
    return str(data.decode("utf-8", "replace")).replace("\r\n", "\n")


def _from_folder(source: Source) -> Iterator[tuple[bytes, int]]:
    place = 0
    for path in source.mails:
        with reading(source):
            mail = path.read_bytes()
        place += len(mail)
        yield mail, place


def _from_mbox(source: Source) -> Iterator[tuple[bytes, int]]:
    """Cut an mbox file where a line begins with 'From ' behind an empty line (RFC 4155, with the escapes of mboxrd)."""
    with open_binary(source) as (file, place):
        lines: list[bytes] = []
        empty, begun = True, False
        for line in file:
            if empty and line.startswith(b"From "):
                if begun:
                    yield b"".join(lines), place()
                lines, begun, empty = [], True, False
                continue
            empty = not line.strip()
            begun = begun or not empty
            if line.startswith(b">") and line.lstrip(b">").startswith(b"From "):
                line = line[1:]
            lines.append(line)
        if begun:
            yield b"".join(lines), place()
