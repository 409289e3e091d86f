"""The page at `/`: try a message, see what is read and what would be answered."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def page() -> str:
    """Return the console as one HTML page that loads nothing from elsewhere."""
    return (Path(__file__).parent / "index.html").read_text(encoding="utf-8")
