"""The reader: a batch of messages to what was read in each. The one way in for the server, the archive and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model.artifact import Artifact, load
from model.courtesy import greeting_language
from model.encoder import reopen_encoder
from model.entities import Entity, find_entities
from model.evidence import Evidence, find_evidence
from model.files import model_dir
from model.language_id import Identified, LanguageIdentifier
from model.languages import load_languages, load_others
from model.ngrams import Rows
from model.primary import order_issues
from model.scorer import Floats
from model.text import matter

UNSURE = "unsure of the issue"
UNSUPPORTED = "language not supported"
EMPTY = "nothing to read"
UNCLEAR = "unclear what is wanted"
SURE_OF_LANGUAGE = 0.9  # a greeting's own language stands above what few letters let one guess
MAX_ALTERNATIVES = 2
MIN_ALTERNATIVE = 0.1
MIN_KNOWN_SHARE = 0.2  # below it most of a message is made of letters that training never met together


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one message.

    Parameters
    ----------
    tag, language_confidence, supported
        The language: BCP 47 tag or 'und', confidence in [0, 1], whether it is one of the twenty.
    issues : list of (str, float)
        Issue and calibrated confidence, the primary one first; one to three.
    sentiment : str
    sentiment_score : float
        In [-1, 1]: the expected level.
    sentiment_confidence : float
    doubts : list of str
        Why a person should look before anything is answered; empty where the model is sure.
    entities, evidence : lists
        Filled where asked for.
    alternatives : list of (str, float)
        Where the model is unsure of the issue: what else it may be about first, with its probability, the likeliest
        first. Empty where it is sure.
    """

    tag: str
    language_confidence: float
    supported: bool
    issues: list[tuple[str, float]]
    sentiment: str
    sentiment_score: float
    sentiment_confidence: float
    doubts: list[str]
    entities: list[Entity] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    alternatives: list[tuple[str, float]] = field(default_factory=list)


class Reader:
    """Reads messages with a loaded model.

    Parameters
    ----------
    artifact : Artifact

    Raises
    ------
    ModelError, UsageError
        Where the model was trained with an encoder that is gone, changed or cannot be run.
    """

    def __init__(self, artifact: Artifact) -> None:
        self.artifact = artifact
        self.labels = artifact.labels
        self.version = artifact.version
        self.languages = load_languages()
        self._encoder = reopen_encoder(artifact.encoder) if artifact.encoder else None
        scorer = artifact.scorer
        names = {head.name for head in scorer.heads}
        self._tags = scorer.head("language").classes if "language" in names else ()
        self._levels = scorer.head("sentiment").classes if "sentiment" in names else ()
        self._identifier = LanguageIdentifier(self._tags, self.languages, load_others())
        level_scores = dict(zip(self.labels.sentiments, self.labels.sentiment_scores, strict=True))
        self._level_scores = np.array([level_scores[level] for level in self._levels], np.float32)

    @classmethod
    def open(cls, folder: Path | None = None) -> Reader:
        """Load a model folder (the default model's by default); raises ModelError where it cannot be."""
        return cls(load(folder or model_dir()))

    def read(self, texts: Sequence[str], *, entities: bool = False, evidence: bool = False) -> list[Reading]:
        """Read a batch of messages.

        Parameters
        ----------
        texts : sequence of str
            Any text, empty or not; quoted mails and signatures are set aside before the issues are read.
        entities : bool
            Also find order ids, amounts, dates and the like, in the whole text.
        evidence : bool
            Also say which words speak for the first issue.

        Returns
        -------
        list of Reading
            One for each text, in order.
        """
        if not texts:
            return []
        scorer = self.artifact.scorer
        owns = [matter(text) for text in texts]
        own = [text for text, _ in owns]
        rows = scorer.rows(own, spans=evidence)
        vectors = self._encoder.encode(own) if self._encoder else None
        scores = scorer.scores(rows, vectors)
        primary = scorer.probabilities(scores, "primary")
        members = scorer.probabilities(scores, "members")
        known = scorer.known_share(rows)
        no_scores = np.zeros((len(texts), 0), np.float32)
        tag_scores = scorer.probabilities(scores, "language") if self._tags else no_scores
        level_scores = scorer.probabilities(scores, "sentiment") if self._levels else no_scores
        found = self._identifier.identify(own, tag_scores)
        confidence = scorer.confidence(primary.max(axis=1), [language.tag for language in found])
        calibration = scorer.calibration
        classes, companions = scorer.head("primary").classes, scorer.head("members").classes
        readings = []
        for n, text in enumerate(texts):
            language = found[n]
            doubts = []
            alternatives: list[tuple[str, float]] = []
            counts = rows.offsets[n + 1] > rows.offsets[n]
            sure = float(confidence[n])
            greeting = greeting_language(own[n]) if "other" in classes else None
            if greeting and language.confidence < SURE_OF_LANGUAGE:
                language = Identified(greeting, SURE_OF_LANGUAGE, greeting in self.languages)
            if not text.strip():
                doubts.append(EMPTY)
            elif language.tag != "und" and not language.supported:
                doubts.append(UNSUPPORTED)
            if greeting or not counts or language.tag == "und" or not language.supported or known[n] < MIN_KNOWN_SHARE:
                # Nothing that the model was taught: no label can be had, so none is claimed.
                issues = [("other", 0.5 if greeting else min(sure, 0.5))] if "other" in classes else [(classes[0], 0.0)]
                if not doubts:
                    doubts.append(UNCLEAR)
            else:
                issues = order_issues(
                    primary[n],
                    members[n],
                    sure,
                    classes=classes,
                    companions=companions,
                    labels=self.labels,
                    second=calibration.second,
                )
                if sure < calibration.sure:
                    doubts.append(UNSURE)
                    alternatives = self._alternatives(primary[n], issues)
            level, level_score, level_confidence = (
                ("neutral", 0.0, 0.5) if greeting else self._sentiment(level_scores[n])
            )
            readings.append(
                Reading(
                    tag=language.tag,
                    language_confidence=language.confidence,
                    supported=language.supported,
                    issues=issues,
                    sentiment=level,
                    sentiment_score=level_score,
                    sentiment_confidence=level_confidence,
                    doubts=doubts,
                    entities=find_entities(text, language.tag) if entities else [],
                    evidence=self._evidence(own[n], owns[n][1], rows, n, issues[0][0], vectors)
                    if evidence and counts
                    else [],
                    alternatives=alternatives,
                )
            )
        return readings

    def _alternatives(self, primary: Floats, issues: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """Return the likeliest issues that were not chosen; nobody's message is doubted to be spam."""
        chosen = {issue for issue, _ in issues} | {"spam"}
        classes = self.artifact.scorer.head("primary").classes
        likely = [(classes[i], float(primary[i])) for i in primary.argsort()[::-1] if classes[i] not in chosen]
        return [(issue, chance) for issue, chance in likely[:MAX_ALTERNATIVES] if chance >= MIN_ALTERNATIVE]

    def _sentiment(self, probabilities: Floats) -> tuple[str, float, float]:
        if not self._levels:
            return "neutral", 0.0, 0.0
        top = int(probabilities.argmax())
        return self._levels[top], float(probabilities @ self._level_scores), float(probabilities[top])

    def _evidence(
        self, own: str, places: Sequence[int], rows: Rows, n: int, issue: str, vectors: Floats | None
    ) -> list[Evidence]:
        part = slice(int(rows.offsets[n]), int(rows.offsets[n + 1]))
        size = np.array([0, part.stop - part.start], np.int64)
        one = Rows(rows.rows[part], size, rows.starts[part], rows.ends[part])
        spans = find_evidence(
            self.artifact.scorer, own, one, issue, vectors=None if vectors is None else vectors[n : n + 1]
        )
        return [Evidence(places[e.start], places[e.end - 1] + 1, e.issue, e.weight) for e in spans]
