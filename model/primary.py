"""From scores to one to three ordered issues: a pure function, applied to every message alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.labels import Labels
from model.scorer import Floats

MAX_ISSUES = 3


def order_issues(
    primary: Floats,
    members: Floats,
    confidence: float,
    *,
    classes: Sequence[str],
    companions: Sequence[str],
    labels: Labels,
    second: float,
) -> list[tuple[str, float]]:
    """Choose the issues of one message.

    The likeliest primary stands first. Others follow where they are likely enough to be among the message's issues;
    those that stand alone (`thanks`, `spam`, `other`) neither bring nor become company. `safety` goes first wherever
    it is present (rule 1 of the label rules).

    Parameters
    ----------
    primary : float32 (n_classes,)
        Probability of being the primary issue; columns as `classes`.
    members : float32 (n_companions,)
        Probability of being among the issues; columns as `companions`.
    confidence : float
        Calibrated chance that the likeliest primary is right.
    second : float
        Chance from which another issue is shown.

    Returns
    -------
    list of (issue, confidence)
        One to three, the primary one first.

    Examples
    --------
    >>> from model.labels import load_labels
    >>> import numpy as np
    >>> names = ["damaged", "safety"]
    >>> order_issues(np.array([.9, .1]), np.array([.9, .6]), .9, classes=names, companions=names,
    ...              labels=load_labels(), second=.5)
    [('safety', 0.6), ('damaged', 0.9)]
    """
    top = int(primary.argmax())
    chosen = [(classes[top], float(confidence))]
    if classes[top] in labels.alone:
        return chosen
    for column in np.argsort(-members, kind="stable"):
        name = companions[int(column)]
        if members[column] < second or len(chosen) == MAX_ISSUES:
            break
        if name != classes[top] and name not in labels.alone:
            chosen.append((name, float(members[column])))
    if any(name == "safety" for name, _ in chosen[1:]):
        chosen.sort(key=lambda entry: entry[0] != "safety")
    return chosen
