"""The buyer's own words in a message: quoted mails, signatures, legal footers and marketplace forms cut off.

What is cut is not deleted: spans of the original are returned, so that evidence and entities keep their positions.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.courtesy import matter_span
from model.entities.quotes import RULES, START_CHARS, Marks, quote_marks

# No mail program writes headers longer than this; longer lines are the buyer's.
MAX_HEADER_CHARS = 400
# 'On … wrote:' may be broken over lines of 76 characters.
MAX_INTRO_LINES = 3
# A header block names sender, date, addressee and subject within so many lines.
BLOCK_LINES = 4
# How far before 'wrote:' the opening may stand where a mail has lost its line breaks.
FLAT_INTRO_CHARS = 200
# 'Sent from my …' is no longer than this.
TAIL_CHARS = 90
# The longest choice that a form offers; longer values are written by hand, or are the article's name.
CHOICE_CHARS = 60

KEEP, CUT, QUOTE, REST = "keep", "cut", "quote", "rest"


def own_words(text: str) -> list[tuple[int, int]]:
    """Return the spans of what the buyer wrote himself in this message.

    Quoted lines, reply headers with what follows them, signatures, legal footers and marketplace forms are left out; a
    reply below a quote is kept. Where nothing would remain, the whole text is one span. Linear in the length.

    Parameters
    ----------
    text : str
        The message as it came.

    Returns
    -------
    list of (int, int)
        Start and end in code points, ascending, without white space at their ends.

    Examples
    --------
    >>> def own(text): return [text[a:b] for a, b in own_words(text)]
    >>> own("Still broken!\\n\\nOn Mon, 3 Jun 2024 at 10:00, Shop <s@x.com> wrote:\\n> Try again.")
    ['Still broken!']
    >>> own("> Bitte Foto senden.\\nHier ist es.\\n\\nVon meinem iPhone gesendet")
    ['Hier ist es.']
    >>> own("Order ID: 112-7654321-1234567\\nReason: Defective\\nComments: handle fell off")
    ['handle fell off']
    """
    marks = quote_marks()
    if "\n" not in text and "\r" not in text:
        if not _could_be_flat(text, marks):
            return [(0, len(text))]
        spans = _own_in_line(text, marks)
    else:
        spans = _own_lines(text, marks)
    spans = [trimmed for span in spans if (trimmed := _trim(text, *span))]
    return spans or [(0, len(text))]


def join_own(text: str) -> tuple[str, Sequence[int]]:
    """Return the buyer's own words as one text, and for each of its characters the position in the original.

    >>> kept, offsets = join_own("> quoted\\nmine")
    >>> kept, list(offsets)
    ('mine', [9, 10, 11, 12])
    """
    spans = own_words(text)
    if spans == [(0, len(text))]:
        return text, range(len(text))
    offsets: list[int] = []
    for number, (start, end) in enumerate(spans):
        if number:
            offsets.append(spans[number - 1][1])  # the line break between two spans, where the first one ends
        offsets.extend(range(start, end))
    return "\n".join(text[a:b] for a, b in spans), offsets


def matter(text: str) -> tuple[str, Sequence[int]]:
    """Return what is read: the buyer's own words without the courtesies around them, and where each character stood.

    >>> kept, places = matter("> quoted\\nHello, it broke")
    >>> kept, places[0]
    ('it broke', 16)
    """
    own, places = join_own(text)
    start, end = matter_span(own)
    return (own, places) if (start, end) == (0, len(own)) else (own[start:end], places[start:end])


def _own_lines(text: str, marks: Marks) -> list[tuple[int, int]]:
    lines = [match.span() for match in marks.line.finditer(text)]
    form = _is_form(text, lines, marks)
    kept: list[tuple[int, int]] = []
    number = 0
    while number < len(lines):
        start, end = lines[number]
        line = text[start:end].strip() if end - start <= MAX_HEADER_CHARS else text[start : start + 1]
        kind, used, skip = _classify(text, lines, number, line, marks, form)
        if kind == REST and not kept and marks.footer.match(line):
            kind = CUT  # a robot's words above the message rather than below it
        if kind == REST:
            break
        if kind == QUOTE:
            pass
        elif kind == KEEP:
            begin = start + skip
            # Neighbouring lines are one span, so that the buyer's line breaks stay as they are.
            if kept and not skip and not text[kept[-1][1] : start].strip():
                kept[-1] = (kept[-1][0], end)
            else:
                kept.append((begin, end))
        number += used
    return kept


def _classify(
    text: str, lines: list[tuple[int, int]], number: int, line: str, marks: Marks, form: bool
) -> tuple[str, int, int]:
    """Say what a line is, how many lines it takes, and how much of its beginning is a label."""
    if line[:1] in (">", "＞"):
        return QUOTE, 1, 0
    if not _could_be_mark(line, marks) and not line.endswith((":", "：")):
        return KEEP, 1, 0
    intro = _intro_lines(text, lines, number, marks)
    if intro:
        following = _next_text(text, lines, number + intro)
        # Behind an introduction stand quoted lines, or, with some programs, the bare mail up to the end.
        return (QUOTE, intro, 0) if following[:1] in (">", "＞") else (REST, 1, 0)
    if marks.original.match(line) or (marks.first.match(line) and _has_fields(text, lines, number, marks)):
        return REST, 1, 0
    if line in ("--", "—") or marks.legal.match(line):
        return _until_quote(text, lines, number)
    if marks.sent_from.match(line) or marks.market.match(line):
        return CUT, 1, 0
    if marks.footer.match(line):
        return REST, 1, 0
    if form and len(line) <= CHOICE_CHARS and marks.heading.search(line):
        return CUT, 1, 0
    start = lines[number][0]
    indent = len(text[start : lines[number][1]]) - len(text[start : lines[number][1]].lstrip())
    own = marks.own.match(line) if form else None
    if own:
        return KEEP, 1, indent + own.end()
    label = marks.form.match(line)
    # A reason told in the buyer's own sentence is his own text; 'Reason: Defective' was picked from a list.
    if label and (_is_value(line[label.end() :]) or (form and len(line) - label.end() <= CHOICE_CHARS)):
        return CUT, 1, 0
    return KEEP, 1, 0


def _until_quote(text: str, lines: list[tuple[int, int]], number: int) -> tuple[str, int, int]:
    """A signature or legal footer reaches to the end, or to the next quoted line."""
    for later in range(number + 1, len(lines)):
        if text[lines[later][0] : lines[later][0] + 1] == ">":
            return CUT, later - number, 0
    return REST, 1, 0


def _intro_lines(text: str, lines: list[tuple[int, int]], number: int, marks: Marks) -> int:
    """Return over how many lines an 'On … wrote:' stands here; 0 where none does."""
    joined = ""
    for count in range(1, MAX_INTRO_LINES + 1):
        if number + count > len(lines):
            return 0
        start, end = lines[number + count - 1]
        if end - start > MAX_HEADER_CHARS:
            return 0
        joined += " " + text[start:end].strip()
        if (
            joined.endswith((":", "："))
            and marks.intro.search(joined)
            and marks.dated.search(joined)
            and (count == 1 or marks.opening.match(joined))
        ):
            return count
        if not marks.opening.match(joined):
            return 0
    return 0


def _has_fields(text: str, lines: list[tuple[int, int]], number: int, marks: Marks) -> bool:
    following = (
        text[a : min(b, a + MAX_HEADER_CHARS)].strip() for a, b in lines[number + 1 : number + 1 + BLOCK_LINES]
    )
    return any(marks.field.match(line) for line in following)


def _next_text(text: str, lines: list[tuple[int, int]], number: int) -> str:
    for start, end in lines[number : number + BLOCK_LINES]:
        line = text[start : min(end, start + MAX_HEADER_CHARS)].strip()
        if line:
            return line
    return ""


def _is_form(text: str, lines: list[tuple[int, int]], marks: Marks) -> bool:
    """Two lines with labels of a marketplace's form make a form; one may be the buyer's own 'Order: …'."""
    found = 0
    for start, end in lines:
        if end - start <= MAX_HEADER_CHARS and _could_be_mark(text[start:end].lstrip(), marks):
            found += marks.form.match(text, start, end) is not None
            if found > 1:
                return True
    return False


def _is_value(rest: str) -> bool:
    return " " not in rest.strip() and any(c.isdigit() for c in rest)


def _could_be_mark(line: str, marks: Marks) -> bool:
    head = line[:START_CHARS].lower()
    if head[:1] in RULES or head in marks.starts:
        return True
    return head[:2] in marks.starts or head[:3] in marks.starts or head[:4] in marks.starts


def _could_be_flat(text: str, marks: Marks) -> bool:
    """The gate for the ordinary message of one line: no marks, hence the whole text."""
    if "---" in text or marks.tail.search(text, max(0, len(text) - TAIL_CHARS)):
        return True
    return (":" in text or "：" in text) and any(mark in text for mark in marks.single)


def _own_in_line(text: str, marks: Marks) -> list[tuple[int, int]]:
    """Cut a message that has lost its line breaks."""
    start, end = 0, len(text)
    quoted = marks.flat.search(text)
    if quoted:
        window = text[max(0, quoted.start() - FLAT_INTRO_CHARS) : quoted.start()]
        openings = [m for m in marks.flat_opening.finditer(window) if marks.dated.search(window, m.start())]
        if openings:
            end = max(0, quoted.start() - FLAT_INTRO_CHARS) + openings[-1].start()
    original = marks.flat_original.search(text, 0, end)
    if original and marks.original.match(original[0]):
        end = original.start()
    tail = marks.tail.search(text, max(0, end - FLAT_INTRO_CHARS), end)
    if tail:
        end = tail.start(1)
    labels = list(marks.inline.finditer(text, 0, end))
    own = [m for m in labels if marks.own.match(m[0])]
    if len(labels) > 1 and own and labels[0].start() == 0:
        start = own[-1].end()
    return [(start, end)]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return (start, end) if start < end else None
