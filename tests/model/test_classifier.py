"""scikit-learn's protocol, and the promises of training: same data and seed, same model."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from model.classifier import MessageClassifier

TEXTS = ["it is broken", "broken on arrival", "totally broken", "where is it", "where is my parcel", "parcel where"]
ISSUES = ["damaged"] * 3 + ["where"] * 3


@pytest.fixture(scope="module")
def fitted():
    return MessageClassifier(bits=12, min_count=1).fit(TEXTS, ISSUES, sentiment=["neutral", "negative"] * 3)


def test_protocol(fitted):
    assert clone(fitted).get_params() == fitted.get_params()
    assert fitted.set_params(seed=0) is fitted
    assert fitted.predict(["broken!", "where?"]).tolist() == ["damaged", "where"]
    probabilities = fitted.predict_proba(TEXTS)
    assert probabilities.shape == (6, 2)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert fitted.score(TEXTS, ISSUES) == 1.0
    assert set(fitted.predict_sentiment(TEXTS)) <= {"neutral", "negative"}


def test_pickled_predicts_the_same(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_same_seed_same_numbers_and_another_seed_others():
    one, two, other = (MessageClassifier(bits=12, min_count=1, seed=s).fit(TEXTS, ISSUES).scorer_ for s in (1, 1, 2))
    assert np.array_equal(one.table, two.table)
    assert np.array_equal(one.bias, two.bias)
    assert not np.array_equal(one.table, other.table)


def test_batch_is_one_by_one(fitted):
    batch = fitted.decision_function(TEXTS)
    assert np.array_equal(batch, np.vstack([fitted.decision_function([text]) for text in TEXTS]))
    assert fitted.decision_function([]).shape[0] == 0


@pytest.mark.parametrize(
    ("texts", "issues", "options", "said"),
    [
        ([1, 2], ["a", "b"], {}, "must hold strings"),
        (["x"], ["a", "b"], {}, "2 entries for 1 messages"),
        (["x", "y"], ["a", "a"], {}, "at least two"),
        (["x", "y"], ["a", "b"], {"classes": ["a", "c"]}, "'b' is not among"),
    ],
)
def test_wrong_input_is_refused(texts, issues, options, said):
    with pytest.raises(ValueError, match=said):
        MessageClassifier(bits=10).fit(texts, issues, **options)


def test_texts_that_are_not_counted_bring_no_rows():
    plain = MessageClassifier(bits=12, min_count=1).fit(TEXTS, ISSUES).scorer_
    more = MessageClassifier(bits=12, min_count=1).fit(
        [*TEXTS, "zebra crossing"], [*ISSUES, "where"], counted=len(TEXTS)
    )
    assert np.array_equal(more.scorer_.index, plain.index)
    assert np.array_equal(more.scorer_.weights, plain.weights)
