"""What makes a corpus sound: balance, scripts, no repeats, a frozen test set that training does not know."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from model.errors import Fault
from model.labels import Labels
from model.languages import Language
from training.corpus import Message, read_others

SHINGLE_CHARS = 4
MIN_SHINGLES = 10  # shorter ones ('refund?') are what everybody writes
MAX_LIKENESS = 0.8
# Ranges of letters that a language's own texts are written in; a message with none of them is in the wrong file.
_SCRIPTS = {
    "Hans": r"[\u3400-\u9fff]", "Hant": r"[\u3400-\u9fff]", "Jpan": r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]",
    "Kore": r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]", "Cyrl": r"[\u0400-\u04ff]", "Arab": r"[\u0600-\u06ff]",
    "Deva": r"[\u0900-\u097f]", "Thai": r"[\u0e00-\u0e7f]", "Latn": r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]",
}  # fmt: skip
_MAX_FOREIGN_SHARE = 0.12  # of a file: brand names, emojis, lone numbers, romanised lines
_LOOKALIKES = re.compile(r"[a-z][\u0430\u0435\u043e\u0440\u0441\u0445]|[\u0430\u0435\u043e\u0440\u0441\u0445][a-z]")


def check_corpus(
    messages: Sequence[Message], place: Path, labels: Labels, languages: dict[str, Language], minimum: int
) -> list[Fault]:
    """Balance of cells, script of each language, look-alike letters, repeated texts."""
    faults = []
    cells = Counter((m.lang, m.issues[0]) for m in messages)
    for tag in languages:
        path = str(place / f"{tag}.jsonl")
        for issue in labels.issues:
            if cells[tag, issue] < minimum:
                faults.append(
                    Fault(path, 0, f"{issue}: only {cells[tag, issue]} messages; at least {minimum} are wanted")
                )
        own = [m for m in messages if m.lang == tag]
        script = re.compile(_SCRIPTS[languages[tag].script])
        foreign = [m for m in own if not script.search(m.text)]
        allowed = 0.5 if languages[tag].romanised else _MAX_FOREIGN_SHARE
        if own and len(foreign) / len(own) > allowed:
            faults.append(
                Fault(
                    path,
                    0,
                    f"{len(foreign)} of {len(own)} messages have no letter of {languages[tag].name} (first: {foreign[0].id})",
                )
            )
        faults += [
            Fault(path, 0, f"{m.id}: Latin and Cyrillic look-alike letters in one word") for m in own if _mixed(m)
        ]
        seen: dict[str, str] = {}
        for m in own:
            key = comparable(m.text)
            if key in seen:
                faults.append(Fault(path, 0, f"{m.id} says the same as {seen[key]}"))
            seen[key] = m.id
    return faults


def check_frozen(folder: Path) -> list[Fault]:
    """The test set is what it was when `SHA256SUMS` was written: figures of different days compare."""
    path = folder / "SHA256SUMS"
    if not path.is_file():
        return [
            Fault(str(path), 0, "is missing: the test set is frozen by its checksums (sha256sum *.jsonl > SHA256SUMS)")
        ]
    wanted = {name: digest for digest, _, name in (line.partition("  ") for line in path.read_text().splitlines())}
    faults = []
    for name in sorted(wanted.keys() | {file.name for file in folder.glob("*.jsonl")}):
        file = folder / name
        if name not in wanted or not file.is_file():
            faults.append(Fault(str(path), 0, f"{name} is {'missing' if name in wanted else 'not listed'}"))
        elif hashlib.sha256(file.read_bytes()).hexdigest() != wanted[name]:
            faults.append(
                Fault(
                    str(file),
                    0,
                    "is not the frozen one; if it had to be mended, say why in the changelog and write SHA256SUMS anew",
                )
            )
    return faults


def check_leaks(train: Sequence[Message], test: Sequence[Message], place: Path) -> list[Fault]:
    """No test message stands in the training set, word for word or nearly so (shingles of letters, Broder 1997)."""
    faults = []
    for tag in dict.fromkeys(m.lang for m in test):
        holders: dict[str, list[int]] = {}
        own = [m for m in train if m.lang == tag]
        shingles = [_shingles(m.text) for m in own]
        for number, pieces in enumerate(shingles):
            for piece in pieces:
                holders.setdefault(piece, []).append(number)
        for m in (m for m in test if m.lang == tag):
            pieces = _shingles(m.text)
            shared = Counter(number for piece in pieces for number in holders.get(piece, ()))
            for number, count in shared.most_common(1):
                if len(pieces) >= MIN_SHINGLES and count / len(pieces | shingles[number]) > MAX_LIKENESS:
                    said = f"{m.id} stands in the training set, or nearly so, as {own[number].id}"
                    faults.append(Fault(str(place / f"{tag}.jsonl"), 0, said))
    return faults


def _shingles(text: str) -> frozenset[str]:
    key = comparable(text)
    return frozenset(key[n : n + SHINGLE_CHARS] for n in range(max(1, len(key) - SHINGLE_CHARS + 1)))


def check_others(path: Path, others: Collection[str]) -> Iterator[Fault]:
    """The messages in other languages are in languages that `languages.yaml` names."""
    for tag in sorted({m.lang for m in read_others(path)} - set(others)):
        yield Fault(str(path), 0, f"'{tag}' is not among 'others' in languages.yaml")


def comparable(text: str) -> str:
    """Return what two texts must share to say the same: letters and digits, folded.

    >>> comparable("Wo ist mein Paket?!") == comparable("wo ist  mein PAKET")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded) or folded.strip()


def _mixed(message: Message) -> bool:
    return message.lang != "ru" and bool(_LOOKALIKES.search(message.text.lower()))
