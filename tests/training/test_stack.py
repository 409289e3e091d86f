"""Stacking: nobody is scored by a model that saw him, and the layer does what the network did."""

import numpy as np
import pytest

from model.blend import Blend
from model.scorer import Head
from training.corpus import Message
from training.split import voice_folds
from training.stack import cross_fitted, fit_blend, out_of_fold


def _messages(n, classes, voices=6):
    return [
        Message(f"en-v{n % voices}-{classes[n % len(classes)]}-{n}", "en", str(n), (classes[n % len(classes)],), None)
        for n in range(n)
    ]


def test_a_voice_stays_in_one_fold_and_folds_are_filled_evenly():
    messages = _messages(600, ("a", "b"), voices=7)
    folds = voice_folds(messages)
    for voice in {m.voice for m in messages}:
        assert len({f for f, m in zip(folds, messages, strict=True) if m.voice == voice}) == 1
    assert set(folds) == {0, 1, 2, 3}
    assert np.array_equal(folds, voice_folds(messages))


def test_one_voice_alone_is_dealt_message_by_message():
    messages = [Message(f"en-a-x-{n}", "en", str(n), ("x",), None) for n in range(40)]
    assert np.bincount(voice_folds(messages), minlength=4).tolist() == [10, 10, 10, 10]


def test_scores_are_out_of_fold():
    messages = _messages(40, ("a", "b"))
    folds = voice_folds(messages)

    class Told:
        def __init__(self, seen):
            self.seen = {m.text for m in seen}

        def rows(self, texts):
            assert not self.seen & set(texts)
            return texts

        def raw_scores(self, texts):
            return np.array([[float(t)] for t in texts], np.float32)

    assert out_of_fold(messages, folds, Told)[:, 0].tolist() == [float(m.text) for m in messages]


@pytest.mark.parametrize("classes", [("a", "b"), ("a", "b", "c")])
def test_the_layer_learns_what_the_scores_do_not_say_in_line(classes):
    # The right class is where the first input is large in either direction: no linear map tells that.
    random = np.random.default_rng(0)
    messages = _messages(900, classes, voices=7)
    inputs = random.normal(size=(900, 4)).astype(np.float32)
    inputs[:, 0] = [
        3 * (classes.index(m.issues[0]) == 0) * random.choice([-1, 1]) + random.normal() / 3 for m in messages
    ]
    head = Head("primary", classes, 0, True)
    blend = fit_blend(head, inputs, messages)
    first = blend.apply(inputs).argmax(axis=1) == 0
    assert np.mean(first == [m.issues[0] == "a" for m in messages]) > 0.9
    crossed = cross_fitted(head, inputs, messages, voice_folds(messages) % 2 == 0)
    assert np.mean((crossed.argmax(axis=1) == 0) == [m.issues[0] == "a" for m in messages]) > 0.85


def test_a_head_with_one_class_in_sight_is_left_alone():
    messages = [Message(str(n), "en", str(n), ("a",), None) for n in range(9)]
    assert fit_blend(Head("primary", ("a", "b"), 0, True), np.zeros((9, 2), np.float32), messages) is None


def test_linearised_is_the_same_at_its_point():
    random = np.random.default_rng(1)
    blend = Blend(*(random.normal(size=shape).astype(np.float32) for shape in ((5, 8), (8,), (8, 3), (3,))))
    point = random.normal(size=5).astype(np.float32)
    weights, constant = blend.linearise(point)
    assert point @ weights + constant == pytest.approx(blend.apply(point[None])[0], abs=1e-4)
    again = Blend.from_state(blend.state())
    assert np.array_equal(again.apply(point[None]), blend.apply(point[None]))
