"""Folding and n-grams: what is the same to a reader has the same rows, and spans point into the original."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.extraction import MAX_FEATURES_A_CHAR
from model.ngrams import hash_ngrams


def rows(text):
    return set(hash_ngrams([text], bits=20).rows.tolist())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wo ist mein Paket", "WO IST MEIN PAKET"),
        ("ＡＢＣ商品", "abc商品"),
        ("order 123", "order 987"),
        ("كتـــاب", "كتاب"),
        ("這個壞了", "这个坏了"),
        ("a  b\n c", "a b c"),
        ("nooooooo", "nooo"),
        ("a\u200bb", "ab"),
    ],
)
def test_folded_alike(one, other):
    assert rows(one) == rows(other)


@pytest.mark.parametrize(("one", "other"), [("zlamane", "złamane"), ("siparis", "sipariş"), ("hang", "hàng")])
def test_missing_accents_keep_most_rows(one, other):
    shared = rows(one) & rows(other)
    assert len(shared) >= len(rows(one)) / 2
    assert rows(one) != rows(other)


@given(st.lists(st.text(max_size=60), max_size=6))
@settings(max_examples=80, deadline=None)
def test_batch_is_one_by_one_and_spans_lie_inside(texts):
    batch = hash_ngrams(texts, bits=16, spans=True)
    for n, text in enumerate(texts):
        part = slice(batch.offsets[n], batch.offsets[n + 1])
        alone = hash_ngrams([text], bits=16, spans=True)
        assert np.array_equal(batch.rows[part], alone.rows)
        assert len(set(alone.rows.tolist())) == alone.rows.size
        assert alone.rows.size <= MAX_FEATURES_A_CHAR * len(text)
        assert (alone.starts >= 0).all()
        assert (alone.ends <= len(text)).all()
        assert (alone.starts < alone.ends).all()


def test_lone_surrogates_and_long_texts():
    assert hash_ngrams(["\ud800 x"], bits=16).offsets[1] > 0
    assert hash_ngrams(["ab " * 400_000], bits=16).offsets[1] < 100
