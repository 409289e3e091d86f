"""The order of issues: rules of the label page, one by one."""

import numpy as np

from model.primary import order_issues

CLASSES = ["damaged", "claim", "safety", "thanks"]
COMPANIONS = CLASSES[:3]


def order(primary, members, labels, second=0.5):
    return order_issues(
        np.array(primary),
        np.array(members),
        max(primary),
        classes=CLASSES,
        companions=COMPANIONS,
        labels=labels,
        second=second,
    )


def test_primary_alone_and_with_company(labels):
    assert order([0.9, 0.1, 0, 0], [0.9, 0.1, 0.1], labels) == [("damaged", 0.9)]
    assert order([0.9, 0.1, 0, 0], [0.9, 0.7, 0.1], labels) == [("damaged", 0.9), ("claim", 0.7)]


def test_safety_goes_first(labels):
    assert [n for n, _ in order([0.6, 0.1, 0.3, 0], [0.9, 0.1, 0.7], labels)] == ["safety", "damaged"]


def test_what_stands_alone_has_no_company(labels):
    assert order([0.1, 0.1, 0.0, 0.8], [0.9, 0.9, 0.9], labels) == [("thanks", 0.8)]


def test_three_at_the_most(labels):
    assert len(order([0.9, 0.1, 0, 0], [0.9, 0.9, 0.9], labels)) == 3
