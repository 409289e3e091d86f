"""A last look at a filled reply before it is shown: what a platform never allows in a message to a buyer."""

from __future__ import annotations

import re
from functools import lru_cache

from serve.platforms import Platform

# What the agent fills in later is not judged; what is written is.
_PATTERNS = {
    "a link": r"https?://|www\.\w|\b[\w-]+\.(?:com|net|org|shop|store|info|top)\b",
    "an e-mail address": r"[\w.+-]+@[\w-]+\.\w{2,}",
    "a phone number": r"(?<![\w-])\+\d[\d ()/.-]{7,}\d",
    "an emoji": "[\U0001f300-\U0001faff\u2600-\u27bf]",
}


@lru_cache(maxsize=1)
def _compiled() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}


def review_text(text: str, platform: Platform) -> list[str]:
    """Return a warning for everything in a text that the platform does not allow.

    Platforms that allow marketing are not asked for the strict list.

    >>> from serve.platforms import load_platforms
    >>> review_text("Write to me@shop.com", load_platforms().get("amazon"))[0]
    'amazon does not allow a link in messages to buyers'
    """
    warnings = []
    if not platform.marketing:
        found = [name for name, pattern in _compiled().items() if pattern.search(text)]
        warnings = [f"{platform.name} does not allow {name} in messages to buyers" for name in found]
    if platform.max_chars and len(text) > platform.max_chars:
        warnings.append(f"longer than the {platform.max_chars} characters that {platform.name} takes")
    return warnings
