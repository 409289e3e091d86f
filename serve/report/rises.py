"""Sudden rises: an exact test of the last days against those before, over all series at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.05  # expected share of false alarms among the flagged (false discovery rate)
MIN_RATIO = 1.5  # a smaller rise is no alarm, however sure it is
MIN_RECENT = 5
MIN_TOTAL = 8  # series with fewer messages in both windows are not tested: they could never be flagged


@dataclass(frozen=True)
class Series:
    """Messages of one kind, counted in the last days and in those before.

    Parameters
    ----------
    scope : str
        'all', 'article', 'language' or 'marketplace'.
    name : str
        Which one; '' for all.
    issue : str
        '' for messages of any issue.
    recent, before : int
        Messages in the two windows.
    share : float
        The part of `recent + before` that is expected in the last days where nothing has changed.
    """

    scope: str
    name: str
    issue: str
    recent: int
    before: int
    share: float


@dataclass(frozen=True)
class Rise:
    """A series that rose.

    Parameters
    ----------
    series : Series
    expected : float
        Messages that were to be expected in the last days.
    ratio : float
        How many times the expected rate; infinite where there was none before.
    p, q : float
        The test's p-value, and adjusted for the number of tests (Benjamini and Hochberg).
    """

    series: Series
    expected: float
    ratio: float
    p: float
    q: float


def find_rises(series: Sequence[Series]) -> tuple[list[Rise], int]:
    """Return the series that rose, surest first, and how many were tested.

    The one-sided conditional test of two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940): given all n
    messages of a series, those of the last days are binomial(n, share) where its rate has not changed. P-values are
    adjusted after Benjamini and Hochberg (J. R. Stat. Soc. B 57, 1995), which controls the share of false alarms for
    tests that are positively dependent, as an issue and the same issue of one article are.

    Examples
    --------
    >>> found, tested = find_rises([Series("all", "", "damaged", 30, 40, 0.1), Series("all", "", "claim", 4, 40, 0.1)])
    >>> [(rise.series.issue, rise.expected, round(rise.ratio, 1), rise.q < 1e-6) for rise in found], tested
    ([('damaged', 4.4, 6.8, True)], 2)
    """
    from scipy.stats import binom, false_discovery_control

    tested = [s for s in series if s.recent + s.before >= MIN_TOTAL and 0 < s.share < 1]
    if not tested:
        return [], 0
    p = binom.sf([s.recent - 1 for s in tested], [s.recent + s.before for s in tested], [s.share for s in tested])
    q = false_discovery_control(p, method="bh")
    rises = [_rise(s, float(p[n]), float(q[n])) for n, s in enumerate(tested) if q[n] <= LEVEL]
    rises = [rise for rise in rises if rise.ratio >= MIN_RATIO and rise.series.recent >= MIN_RECENT]
    rises.sort(key=lambda rise: (rise.q, -rise.ratio, rise.series.scope, rise.series.name, rise.series.issue))
    return rises, len(tested)


def _rise(series: Series, p: float, q: float) -> Rise:
    # Expected from what was before, not from all: the rise itself must not raise what is expected.
    expected = series.before * series.share / (1 - series.share)
    return Rise(series, round(expected, 1), series.recent / expected if expected else float("inf"), p, q)
