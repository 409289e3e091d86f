"""How mail programs, telephones and marketplaces mark what is not the buyer's own text; used by `model.text`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.entities.lexicon import lexicon, of_all_languages

# How much of a line is looked at before any pattern is tried.
START_CHARS = 5
RULES = ("-", "—", "=", "_", "#", "－", "*", "|")


@dataclass(frozen=True, slots=True)
class Marks:
    """Patterns compiled from `data/entities/quotes.yaml`.

    Parameters
    ----------
    single : tuple of str
        A message of one line without any of these is the buyer's own as a whole.
    intro, opening : Pattern
        The line before a quoted mail, and how it begins where it is broken over several lines.
    flat, flat_opening, flat_original, tail, inline : Pattern
        The same marks within a message that has lost its line breaks.
    original, first, field : Pattern
        '-----Original Message-----', the first line of a header block ('From:'), its other lines.
    sent_from, legal : Pattern
        'Sent from my …', and how a legal footer begins.
    market, footer, heading, form, own : Pattern
        Lines of a marketplace, how what it puts below begins, what headings of forms say, labels of its form, labels
        before the buyer's own text.
    line, dated : Pattern
        A line that is not empty; what an introduction holds besides its verb: an address, a year, or a time.
    starts : frozenset of str
        First characters, in lower case, of every line that could be any of these: START_CHARS of them, or a short
        label and what stands behind it.
    """

    single: tuple[str, ...]
    intro: re.Pattern[str]
    opening: re.Pattern[str]
    flat: re.Pattern[str]
    original: re.Pattern[str]
    first: re.Pattern[str]
    field: re.Pattern[str]
    sent_from: re.Pattern[str]
    tail: re.Pattern[str]
    legal: re.Pattern[str]
    market: re.Pattern[str]
    footer: re.Pattern[str]
    heading: re.Pattern[str]
    form: re.Pattern[str]
    own: re.Pattern[str]
    inline: re.Pattern[str]
    line: re.Pattern[str]
    dated: re.Pattern[str]
    flat_opening: re.Pattern[str]
    flat_original: re.Pattern[str]
    starts: frozenset[str]


def _words(field: str) -> str:
    words = sorted(of_all_languages("quotes", field), key=len, reverse=True)
    return "|".join(re.escape(w) for w in words)


def _verbs(verbs: Sequence[str]) -> list[str]:
    """Verbs long enough to be rare, each with the colon that must follow somewhere."""
    return [verb + colon for verb in verbs for colon in (":", " :", "：")]


def _listed(words: Sequence[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def quote_marks() -> Marks:
    """Return the patterns; compiled at first use."""
    market = lexicon("quotes")["marketplace"]
    every = {
        f: of_all_languages("quotes", f)
        for f in ("opening", "wrote", "from", "fields", "original", "sent_from", "legal")
    }
    label = rf"(?:{_listed(market['fields'])})\s*[:：]"
    own = rf"(?:{_listed(market['own'])})\s*[:：]\s*"
    lines = [
        *every["opening"],
        *every["from"],
        *every["sent_from"],
        *every["legal"],
        *market["lines"],
        *market["fields"],
        *market["footers"],
    ]
    words = [w.lower() for w in (*lines, *market["own"])]
    # Short labels ('De', 'A') are told by what cannot follow in a word: a space or a colon.
    short = {(w + c)[:START_CHARS] for w in words if len(w) < START_CHARS for c in (" ", ":", "：", "", "\t")}
    starts = {w[:START_CHARS] for w in words if len(w) >= START_CHARS} | {s for s in short if s}
    wrote = _words("wrote")
    return Marks(
        single=tuple(dict.fromkeys((*_verbs(every["wrote"]), *(w + c for w in market["own"] for c in ":：")))),
        # Some programs write no verb: '2024年6月3日(月) 10:00 Shop <shop@example.com>:'.
        intro=re.compile(rf"(?:(?:{wrote})[^\n]{{0,120}}|<[^<>\s]{{1,80}}@[^<>\s]{{1,80}}>)\s?[:：]\s*$"),
        opening=re.compile(rf"\s*(?:{_words('opening')}|\d|<)", re.IGNORECASE),
        flat=re.compile(rf"(?:{wrote})\s*[:：]"),
        original=re.compile(rf"[-－_=* ]{{2,}}\s*(?:{_words('original')})|_{{10,}}\s*$"),
        first=re.compile(rf"\*?(?:{_words('from')})\*?\s*[:：]", re.IGNORECASE),
        field=re.compile(rf"\*?(?:{_words('fields')})\*?\s*[:：]", re.IGNORECASE),
        sent_from=re.compile(rf"(?:{_words('sent_from')})[^\n]{{0,60}}$"),
        tail=re.compile(rf"(?:[.!?。！？…)]\s*|\s\s)((?:{_words('sent_from')})[^\n]{{0,40}})$"),
        legal=re.compile(rf"[*_\s]*(?:{_words('legal')})"),
        market=re.compile(rf"[-=* ]*(?:{_listed(market['lines'])})[-=* ]*$|#\s*ASIN\b|#?\s*\|"),
        footer=re.compile(rf"[-=*_※ \t]*(?:{_listed(market['footers'])})"),
        heading=re.compile(_listed(market["headings"]), re.IGNORECASE),
        form=re.compile(rf"[ \t*#]*{label}"),
        own=re.compile(rf"[ \t*#]*{own}"),
        inline=re.compile(rf"(?:(?<=[\s,;|])|^)(?:{label}|{own})"),
        line=re.compile(r"[^\r\n]+"),
        dated=re.compile(r"[@＠]|(?<!\d)(?:19|20|25)\d\d(?!\d)|\d{1,2}[:.h]\d\d|[٠-٩]{4}"),
        flat_opening=re.compile(rf"(?<!\w)(?:{_words('opening')})\b|(?<!\d)20\d\d[-/年]"),
        flat_original=re.compile(r"(?<!-)-{2,30}(?!-)[^\n-]{3,40}--"),
        starts=frozenset(starts),
    )
