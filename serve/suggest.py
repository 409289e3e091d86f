"""One function from a message and its order to a suggestion; the server, the command line and the archive all call it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from babel import Locale, UnknownLocaleError

from model.errors import InputError, nearest
from model.reader import Reader, Reading
from serve.clock import deadlines, priority, respond_by
from serve.compliance import load_checker
from serve.costs import Prices, expected_cost
from serve.facts import gather_facts
from serve.options import load_options
from serve.overlay import Desk, Overlay
from serve.platforms import load_platforms
from serve.ranking import Almost, Ranked, rank_options
from serve.replies import Reply, slot_values, write_reply
from serve.schemas import CheckRequest, Order, SuggestRequest
from serve.settings import Settings
from serve.templates import Templates

FALLBACK_LANGUAGE = "en"
SURE_LANGUAGE = 0.6  # below it, the words of all languages are looked for
Suggestion = dict[str, Any]


class Suggester:
    """Makes suggestions: a reader, the policies, the templates and the settings, loaded once.

    Parameters
    ----------
    reader : Reader
    settings : Settings
    accepted : mapping of option to share, optional
        How often agents took each option (0 to 1), where feedback is kept; it moves options a little.
    """

    def __init__(
        self, reader: Reader, settings: Settings | None = None, *, accepted: Mapping[str, float] | None = None
    ) -> None:
        self.accepted = dict(accepted or {})
        self.reader = reader
        self.settings = settings or Settings()
        self.options = load_options()
        self.overlay = Overlay(self.settings.own_data)
        self.platforms = load_platforms()
        self.checker = load_checker()

    @property
    def templates(self) -> Mapping[str, Templates]:
        """The templates in use, one's own included."""
        return self.overlay.current().templates

    def suggest(self, request: SuggestRequest, *, now: datetime | None = None) -> Suggestion:
        """Read a message, rank what can be done, write the replies.

        Parameters
        ----------
        request : SuggestRequest
        now : datetime, optional
            With zone; the clock by default.

        Returns
        -------
        dict
            As the contract fixes it; JSON-ready.

        Raises
        ------
        InputError
            If the order names an option, or the request a reply language, that does not exist.
        """
        self._check(request)
        reading = self.reader.read([request.message], entities=True, evidence=True)[0]
        return self.suggest_for(reading, request, now=now or datetime.now(UTC))

    def suggest_for(self, reading: Reading, request: SuggestRequest, *, now: datetime) -> Suggestion:
        """Suggest for a message that has been read already; see `suggest`."""
        order, settings = request.order, self.settings
        desk = self.overlay.current()
        platform = self.platforms.get(order.platform if order else None)
        facts = gather_facts(
            order, reading, now=now, platforms=self.platforms, settings=settings, message=request.message
        )
        prices = Prices.of(order, settings)
        ranked, _ = self.rank(reading, facts, prices, desk)
        shown = ranked[: request.limit]
        replies, warnings = self._replies(shown, ranked, reading, request, desk)
        names = [issue for issue, _ in reading.issues]
        reasons = person_reasons(reading, names, shown)
        return {
            "language": {
                "tag": reading.tag,
                "confidence": round(reading.language_confidence, 4),
                "supported": reading.supported,
            },
            "issues": [{"issue": issue, "confidence": round(c, 4)} for issue, c in reading.issues],
            "sentiment": {
                "level": reading.sentiment,
                "score": round(reading.sentiment_score, 4),
                "confidence": round(reading.sentiment_confidence, 4),
            },
            "entities": [
                {"kind": e.kind, "text": e.text, "start": e.start, "end": e.end, "value": e.value}
                for e in reading.entities
            ],
            "evidence": [
                {"start": e.start, "end": e.end, "issue": e.issue, "weight": e.weight} for e in reading.evidence
            ],
            "priority": priority(
                names,
                reading.sentiment,
                order,
                deadlines(platform, order, names, now=now),
                now=now,
                sure=not reading.doubts,
            ),
            "respond_by": respond_by(platform, order, names, now=now)
            .isoformat(timespec="seconds")
            .replace("+00:00", "Z"),
            "needs_person": {"value": bool(reasons), "reasons": reasons},
            "options": [self._option(entry, prices, facts) for entry in shown],
            "replies": [
                {
                    "template": r.template,
                    "option": r.option,
                    "language": r.language,
                    "text": r.text,
                    "score": r.score,
                    "missing": list(r.missing),
                }
                for r in replies
            ],
            "warnings": [*warnings, *([self.overlay.fault] if self.overlay.fault else [])],
            "model_version": self.reader.version,
            "suggestion_id": str(uuid.uuid4()),
        }

    def check(self, request: CheckRequest) -> dict[str, Any]:
        """Return what a text may not say: `findings`, and the language that it was read in.

        Words are looked for in the text's language and in English; where the language is not told and cannot be read with
        some certainty, in all.

        Raises
        ------
        InputError
            If the request names a language that does not exist.
        """
        if request.language is not None:
            tag = self._language(request.language)
            if tag is None:
                known = list(self.reader.languages)
                raise InputError(
                    f"language: '{request.language}' is not among {', '.join(known)}{nearest(request.language, known)}"
                )
            languages = [tag, FALLBACK_LANGUAGE]
        else:
            reading = self.reader.read([request.text])[0]
            tag = reading.tag
            sure = reading.supported and reading.language_confidence >= SURE_LANGUAGE
            languages = [tag, FALLBACK_LANGUAGE] if sure else list(self.reader.languages)
        found = self.checker.check(request.text, languages=dict.fromkeys(languages), platform=request.platform)
        return {"findings": [asdict(f) for f in found], "language": tag, "platform": request.platform}

    def _check(self, request: SuggestRequest) -> None:
        wanted = request.reply_language
        if wanted is not None and self._language(wanted) is None:
            known = list(self.reader.languages)
            raise InputError(f"reply_language: '{wanted}' is not among {', '.join(known)}{nearest(wanted, known)}")
        for option in (request.order.previous_options or []) if request.order else []:
            if option not in self.options:
                hint = nearest(option, list(self.options))
                raise InputError(f"order.previous_options: unknown option '{option}'{hint}; GET /v1/options lists them")

    def _language(self, tag: str) -> str | None:
        """Return our tag for a BCP 47 tag: itself, or without its region ('de-AT'), or by its script ('zh-TW')."""
        if tag in self.reader.languages:
            return tag
        try:
            locale = Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            return None
        for candidate in (f"{locale.language}-{locale.script}", locale.language, f"{locale.language}-Hans"):
            if candidate in self.reader.languages:
                return candidate
        return None

    def rank(
        self, reading: Reading, facts: Mapping[str, Any], prices: Prices, desk: Desk
    ) -> tuple[list[Ranked], list[Almost]]:
        """Rank the options for a message that was read; see `serve.ranking.rank_options`."""
        return rank_options(
            reading.issues, facts, policies=desk.policies, options=self.options, settings=self.settings, prices=prices,
            accepted=self.accepted, alternatives=reading.alternatives,
        )  # fmt: skip

    def _option(self, entry: Ranked, prices: Prices, facts: Mapping[str, Any]) -> dict[str, Any]:
        cost = expected_cost(self.options[entry.option], prices, facts, self.settings)
        return {
            "option": entry.option,
            "score": entry.score,
            "reasons": entry.reasons,
            "sources": sorted(entry.sources, key=lambda s: int(s[1:])),
            "expected_cost": cost,
        }

    def _replies(
        self, shown: list[Ranked], ranked: list[Ranked], reading: Reading, request: SuggestRequest, desk: Desk
    ) -> tuple[list[Reply], list[str]]:
        asked = self._language(request.reply_language) if request.reply_language else None
        wanted = asked or (reading.tag if reading.supported else FALLBACK_LANGUAGE)
        warnings = []
        tag = wanted if wanted in desk.templates else FALLBACK_LANGUAGE
        if tag != wanted:
            warnings.append(f"no templates in '{wanted}' yet: the reply is in English")
        elif not reading.supported and not request.reply_language:
            warnings.append("the buyer's language is not supported: the reply is in English")
        language = self.reader.languages[tag]
        values = slot_values(request.order, reading, language, platforms=self.platforms, settings=self.settings)
        calm = reading.sentiment == "very_negative"
        written = [write_reply(e, ranked, desk.templates[tag], values, calm=calm) for e in shown]
        replies = [reply for reply in written if reply]
        return replies, warnings + self._warnings(replies, values, tag, request.order)

    def _warnings(
        self, replies: Sequence[Reply], values: Mapping[str, str], tag: str, order: Order | None
    ) -> list[str]:
        """Return what the filled replies may not say on the order's platform, and where they are too long for it."""
        name = order.platform if order else None
        texts = [reply.text for reply in replies]
        found = self.checker.check_filled(texts, values.values(), language=tag, platform=name)
        warnings = [f"{f.rule}: the reply {f.explanation} ('{f.text}')" for f in found]
        limit = self.platforms.get(name).max_chars
        if limit and any(len(text) > limit for text in texts):
            warnings.append(f"longer than the {limit} characters that {name} takes")
        return list(dict.fromkeys(warnings))


def person_reasons(reading: Reading, issues: list[str], shown: Sequence[Ranked] = ()) -> list[str]:
    """Return why a person should look at a message before it is answered; empty where none need."""
    reasons = list(reading.doubts)
    if "safety" in issues:
        reasons.append("harm or danger reported")
    if "claim" in issues:
        reasons.append("claim opened" if issues[0] == "claim" else "claim threatened")
    if issues == ["other"] and not reasons:
        reasons.append("no known kind of request")
    if shown and shown[0].option == "hand_to_person" and not reasons:
        reasons.append(shown[0].reasons[0])
    return reasons
