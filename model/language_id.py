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
from model.scripts import READ_CHARS, SCRIPTS, count_scripts

UNDETERMINED = "und"
# Measured on a held-out third of the unsupported messages and on the test set: the head alone lets half of the
# unsupported languages pass as a neighbour of theirs; asking py3langid where the head is below SURE rejects 97 % of
# them at a cost of 0.2 % of ours, and takes its time on a tenth of the messages only.
SURE = 0.9
SECOND_OPINION = 0.5
SURE_OF_OTHERS = 0.6
MIN_ROMANISED_LETTERS = 7
MIN_LETTERS = 10  # of fewer, no library tells languages apart
MIN_SHARE = 0.25  # of a script that is not Latin, for it to be the message's
MIN_KANA_SHARE = 0.05
# Scripts of ISO 15924 that stand for several alphabets, or for Han in one of its two forms.
_LETTERS = {"Hans": ("Hani",), "Hant": ("Hani",), "Jpan": ("Kana", "Hani"), "Kore": ("Hang",)}


@dataclass(frozen=True)
class Identified:
    """A language as a message's: BCP 47 `tag` ('und' where unknown), `confidence` in [0, 1], whether it is `supported`."""

    tag: str
    confidence: float
    supported: bool


def scripts_decide() -> frozenset[str]:
    """Return the tags that their script alone identifies, so that no model need learn them."""
    users: dict[str, list[str]] = {}
    for tag, language in load_languages().items():
        for script in _LETTERS.get(language.script, (language.script,)):
            users.setdefault(script, []).append(tag)
    for tag, other in load_others().items():
        users.setdefault(other.script, []).append(tag)
    return frozenset(tags[0] for script, tags in users.items() if len(tags) == 1 and script != "Kana")


_LATIN, _KANA, _HAN = (SCRIPTS.index(name) for name in ("Latn", "Kana", "Hani"))
_NOTHING = Identified(UNDETERMINED, 0.0, False)
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
        self._romanised = frozenset(tag for tag, language in languages.items() if language.romanised)
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
        counts = count_scripts(texts, self._telling)
        totals = counts.letters.sum(axis=1)
        shares = counts.letters / np.maximum(totals, 1)[:, None]
        # A few Latin words (brands, 'OK', order numbers) stand in messages of every script.
        others = np.where(np.arange(len(SCRIPTS)) == _LATIN, -1.0, shares)
        scripts = others.argmax(axis=1)
        scripts[others.max(axis=1, initial=0.0) < MIN_SHARE] = _LATIN
        scripts[((scripts == _KANA) | (scripts == _HAN)) & (shares[:, _KANA] > MIN_KANA_SHARE)] = _KANA
        best = self._best_by_script(scripts, probabilities)
        result = []
        for n, found in enumerate(best):
            if totals[n] == 0:
                result.append(_NOTHING)
                continue
            script = SCRIPTS[scripts[n]]
            if script in _SHARED or not found.supported or script == "Hani":
                found = self._decide(
                    texts[n],
                    script,
                    found,
                    int(totals[n]),
                    int(counts.han_side[n]),
                    int(counts.telling[n]),
                    probabilities[n],
                )
            result.append(found)
        return result

    def _best_by_script(self, scripts: npt.NDArray[np.int64], probabilities: Floats) -> list[Identified]:
        """Return the likeliest language of each message among those of its script."""
        result = [_NOTHING] * scripts.size
        for number in np.unique(scripts).tolist():
            rows = np.flatnonzero(scripts == number)
            candidates = self._by_script.get(SCRIPTS[number], [])
            known = [tag for tag in candidates if tag in self._columns]
            if len(candidates) == 1:
                only = Identified(candidates[0], 0.99, candidates[0] in self._supported)
                for n in rows.tolist():
                    result[n] = only
            elif known:
                part = np.take(probabilities[rows], [self._columns[tag] for tag in known], axis=1)
                top = part.argmax(axis=1)
                # Columns of other scripts are out of the question; what they hold does not count against the best.
                chance = part[np.arange(rows.size), top] / np.maximum(part.sum(axis=1), 1e-9)
                for n, column, confidence in zip(rows.tolist(), top.tolist(), chance.tolist(), strict=True):
                    result[n] = Identified(known[column], confidence, known[column] in self._supported)
        return result

    def _decide(
        self, text: str, script: str, best: Identified, letters: int, han_side: int, telling: int, row: Floats
    ) -> Identified:
        """Look again where a script is shared with languages that are none of ours, or Han stands in two forms."""
        if letters < MIN_ROMANISED_LETTERS and best.tag in self._romanised and script == "Latn":
            # A word or two in Latin letters: 'hi' and 'hello' are everybody's.
            best = self._best([tag for tag in self._by_script.get(script, []) if tag not in self._romanised], row)
        if not best.supported and best.confidence < SURE_OF_OTHERS:
            # Too little to turn a buyer away: a language of ours gets the benefit of the doubt, and the library a say.
            own = self._best([tag for tag in self._by_script.get(script, []) if tag in self._supported], row)
            best = Identified(own.tag, 1 - best.confidence, True) if own.supported else best
        if best.supported and script in ("Latn", "Cyrl") and telling >= (1 if script == "Cyrl" else 2):
            return self._by_letters(text, script, row)
        if best.supported and best.confidence < SURE and script in _SHARED and letters >= MIN_LETTERS:
            tag, confidence = _second_opinion(text[:READ_CHARS])
            if tag not in self._langid and confidence > SECOND_OPINION:
                return Identified(tag, confidence, False)
        if script == "Hani" and best.tag != "ja" and han_side:
            tag = "zh-Hant" if han_side > 0 else "zh-Hans"
            return Identified(tag, 0.99 if abs(han_side) > 1 else 0.9, tag in self._supported)
        return best

    def _by_letters(self, text: str, script: str, row: Floats) -> Identified:
        """Choose among the languages that are written with these letters: most of them first, then the likeliest."""
        telling = [code for code in map(ord, text[:READ_CHARS]) if code < self._telling.size and self._telling[code]]

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
