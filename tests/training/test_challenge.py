"""What was written apart from the code still holds, by and large; the figures are in docs/model.md."""

import pytest

from training.challenge import cases, measure_directions, measure_entities, measure_quoted


def test_every_language_has_cases():
    for kind in ("quoted", "entities", "directions"):
        counts = {}
        for row in cases(kind):
            counts[row["lang"]] = counts.get(row["lang"], 0) + 1
        assert len(counts) == 20
        assert min(counts.values()) >= 8


def test_quoted_words_do_not_decide(reader):
    measured = measure_quoted(reader)
    assert measured.share("right", "cases") >= 0.75
    assert measured.share("quoted", "cases") <= 0.15
    assert min(measured.share("right", "cases", tag) for tag in reader.languages) >= 0.25


@pytest.mark.parametrize("kind", ["order_id", "tracking_number", "amount", "date", "carrier", "photo"])
def test_entities(entities, kind):
    assert entities.share("right", "found", kind) >= 0.95
    assert entities.share("right", "wanted", kind) >= 0.8


@pytest.fixture(scope="module")
def entities(reader):
    return measure_entities(reader)


def test_small_changes_change_what_they_should(reader):
    measured = measure_directions(reader)
    for kind, least in {"negation": 0.4, "settled": 0.6, "cause": 0.5, "stronger": 0.8, "kinder": 0.85}.items():
        assert measured.share("moved", "cases", kind) >= least, kind
