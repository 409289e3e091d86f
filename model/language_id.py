"""Which language a message is in, and whether it is one of ours.

Scripts that only one of the twenty languages uses decide alone; Han characters are told apart by those that OpenCC
changes in one direction only; Latin and what is left goes by the model's language head, which was also taught other
languages so that it can say 'none of ours'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from model.languages import Language, OtherLanguage, load_languages, load_others
from model.scorer import Floats

UNDETERMINED = "und"
# Measured on a held-out third of the unsupported messages and on the test set: the head alone lets half of the
# unsupported languages pass as a neighbour of theirs; asking py3langid where the head is below SURE rejects 97 % of
# them at a cost of 0.2 % of ours, and takes its time on a tenth of the messages only.
SURE = 0.9
SECOND_OPINION = 0.5
SURE_OF_OTHERS = 0.6
MIN_LETTERS = 10  # of fewer, no library tells languages apart
_READ_CHARS = 2000  # of a message; more never changed the language
# Scripts of ISO 15924 that stand for several alphabets, or for Han in one of its two forms.
_LETTERS = {"Hans": ("Hani",), "Hant": ("Hani",), "Jpan": ("Kana", "Hani"), "Kore": ("Hang",)}


@dataclass(frozen=True)
class Identified:
    """A language as a message's: BCP 47 `tag` ('und' where unknown), `confidence` in [0, 1], whether it is `supported`."""

    tag: str
    confidence: float
    supported: bool


# First code point, last code point, name of the script (Unicode 16 blocks, the letters of everyday text).
_BLOCKS = (
    (0x0041, 0x024F, "Latn"), (0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"), (0x0600, 0x077F, "Arab"), (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"), (0x0A80, 0x0AFF, "Gujr"), (0x0B80, 0x0BFF, "Taml"), (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"), (0x0D00, 0x0D7F, "Mlym"), (0x0D80, 0x0DFF, "Sinh"), (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"), (0x1000, 0x109F, "Mymr"), (0x10A0, 0x10FF, "Geor"), (0x1100, 0x11FF, "Hang"),
    (0x1200, 0x137F, "Ethi"), (0x1780, 0x17FF, "Khmr"), (0x1E00, 0x1EFF, "Latn"), (0x3040, 0x30FF, "Kana"),
    (0x3130, 0x318F, "Hang"), (0x3400, 0x9FFF, "Hani"), (0xAC00, 0xD7A3, "Hang"), (0xF900, 0xFAFF, "Hani"),
    (0xFB50, 0xFDFF, "Arab"), (0xFE70, 0xFEFC, "Arab"), (0xFF21, 0xFF5A, "Latn"), (0xFF66, 0xFF9F, "Kana"),
)  # fmt: skip
SCRIPTS = tuple(sorted({name for _, _, name in _BLOCKS}))


@lru_cache(maxsize=1)
def _script_table() -> npt.NDArray[np.uint8]:
    table = np.full(0x10000, 255, np.uint8)
    for first, last, name in _BLOCKS:
        table[first : last + 1] = SCRIPTS.index(name)
    for code in (
        *range(0x5B, 0x61),
        *range(0x7B, 0xAA),
        *range(0xAB, 0xB5),
        *range(0xB6, 0xBA),
        0xBB,
        0xBF,
        0xD7,
        0xF7,
    ):
        table[code] = 255  # not letters
    table[0xFF3B:0xFF41] = 255
    return table


@lru_cache(maxsize=1)
def _han_sides() -> npt.NDArray[np.int8]:
    """+1 for characters of traditional writing only, -1 for those of simplified writing only; indexed by code point."""
    import opencc

    codes = range(0x3400, 0xA000)
    lines = "\n".join(map(chr, codes))
    to_simple = opencc.OpenCC("t2s").convert(lines).split("\n")
    to_traditional = opencc.OpenCC("s2t").convert(lines).split("\n")
    sides = np.zeros(0x10000, np.int8)
    for code, simple, traditional in zip(codes, to_simple, to_traditional, strict=True):
        sides[code] = (simple != chr(code)) - (traditional != chr(code))
    return sides


def scripts_decide() -> frozenset[str]:
    """Return the tags that their script alone identifies, so that no model need learn them."""
    users: dict[str, list[str]] = {}
    for tag, language in load_languages().items():
        for script in _LETTERS.get(language.script, (language.script,)):
            users.setdefault(script, []).append(tag)
    for tag, other in load_others().items():
        users.setdefault(other.script, []).append(tag)
    return frozenset(tags[0] for script, tags in users.items() if len(tags) == 1 and script != "Kana")


_SHARED = ("Latn", "Cyrl", "Arab", "Deva")  # scripts of ours that other languages use too


@lru_cache(maxsize=1)
def _library() -> Any:
    from py3langid.langid import MODEL_FILE
    from py3langid.langid import LanguageIdentifier as Py3LangId

    return Py3LangId.from_model_file(MODEL_FILE, norm_probs=True)


def _second_opinion(text: str) -> tuple[str, float]:
    """Return the ISO 639 code that py3langid gives a text, and its probability."""
    code, probability = _library().classify(text.encode("utf-8", "replace").decode("utf-8"))
    return str(code), float(probability)


class LanguageIdentifier:
    """Identifies languages by script, Han characters and the model's language head.

    Parameters
    ----------
    tags : sequence of str (n_tags,)
        What the columns of the language head stand for.
    languages : dict of str to Language
        The supported ones.
    others : dict of str to OtherLanguage
        Those that are recognised but not supported.
    """

    def __init__(self, tags: Sequence[str], languages: dict[str, Language], others: dict[str, OtherLanguage]) -> None:
        self._columns = {tag: column for column, tag in enumerate(tags)}
        self._supported = frozenset(languages)
        self._langid = frozenset(language.langid for language in languages.values())
        self._by_script: dict[str, list[str]] = {}
        for tag, language in languages.items():
            for script in _LETTERS.get(language.script, (language.script,)):
                self._by_script.setdefault(script, []).append(tag)
            if language.romanised:
                self._by_script.setdefault("Latn", []).append(tag)
        for tag, other in others.items():
            self._by_script.setdefault(other.script, []).append(tag)
        self._letters = {tag: frozenset(map(ord, other.letters)) for tag, other in others.items() if other.letters}
        self._telling = np.zeros(0x10000, bool)
        self._telling[[code for letters in self._letters.values() for code in letters]] = True

    def identify(self, texts: Sequence[str], probabilities: Floats) -> list[Identified]:
        """Identify the language of each message.

        Parameters
        ----------
        texts : sequence of str (n_messages,)
        probabilities : float32 (n_messages, n_tags)
            Of the language head.
        """
        scripts = _script_table()
        result = []
        for text, row in zip(texts, probabilities, strict=True):
            codes = np.frombuffer(text[:_READ_CHARS].encode("utf-32-le", "surrogatepass"), np.uint32)
            codes = codes[codes < 0x10000]
            found = scripts[codes]
            result.append(self._decide(text, codes, np.bincount(found[found != 255], minlength=len(SCRIPTS)), row))
        return result

    def _decide(
        self, text: str, codes: npt.NDArray[np.uint32], counts: npt.NDArray[np.int64], row: Floats
    ) -> Identified:
        total = int(counts.sum())
        if total == 0:
            return Identified(UNDETERMINED, 0.0, False)
        share = dict(zip(SCRIPTS, (counts / total).tolist(), strict=True))
        # A few Latin words (brands, 'OK', order numbers) stand in messages of every script.
        script = max((name for name in SCRIPTS if name != "Latn"), key=lambda name: share[name])
        if share[script] < 0.25:
            script = "Latn"
        if script in ("Kana", "Hani") and share["Kana"] > 0.05:
            script = "Kana"
        candidates = self._by_script.get(script, [])
        best = self._best(candidates, row)
        if not best.supported and best.confidence < SURE_OF_OTHERS:
            # Too little to turn a buyer away: a language of ours gets the benefit of the doubt, and the library a say.
            own = self._best([tag for tag in candidates if tag in self._supported], row)
            best = Identified(own.tag, 1 - best.confidence, True) if own.supported else best
        if best.supported and script in ("Latn", "Cyrl"):
            telling = codes[self._telling[codes]].tolist()
            if len(telling) >= (1 if script == "Cyrl" else 2):
                return self._by_letters(telling, script, row)
        if best.supported and best.confidence < SURE and script in _SHARED and total >= MIN_LETTERS:
            tag, confidence = _second_opinion(text[:_READ_CHARS])
            if tag not in self._langid and confidence > SECOND_OPINION:
                return Identified(tag, confidence, False)
        if script == "Hani" and best.tag != "ja":
            side = int(_han_sides()[codes].sum())
            if side:
                tag = "zh-Hant" if side > 0 else "zh-Hans"
                return Identified(tag, 0.99 if abs(side) > 1 else 0.9, tag in self._supported)
        return best

    def _by_letters(self, telling: list[int], script: str, row: Floats) -> Identified:
        """Choose among the languages that are written with these letters: most of them first, then the likeliest."""

        def rank(tag: str) -> tuple[int, float]:
            found = sum(code in self._letters[tag] for code in telling)
            return found, float(row[self._columns[tag]]) if tag in self._columns else 0.0

        candidates = [tag for tag in self._by_script[script] if tag in self._letters]
        return Identified(max(candidates, key=rank), SURE, False)

    def _best(self, candidates: list[str], row: Floats) -> Identified:
        if len(candidates) == 1:
            return Identified(candidates[0], 0.99, candidates[0] in self._supported)
        known = [tag for tag in candidates if tag in self._columns]
        if not known:
            return Identified(UNDETERMINED, 0.0, False)
        part = row[[self._columns[tag] for tag in known]]
        top = int(part.argmax())
        # Columns of other scripts are out of the question; what they hold does not count against the best.
        return Identified(known[top], float(part[top] / max(float(part.sum()), 1e-9)), known[top] in self._supported)
