"""Labels and languages are those of the contract; faulty files are refused."""

import pytest

from model.errors import DataError
from model.labels import load_labels
from model.languages import load_languages, load_others

TAGS = [
    "en",
    "zh-Hans",
    "zh-Hant",
    "ja",
    "ko",
    "de",
    "fr",
    "it",
    "es",
    "pt",
    "nl",
    "pl",
    "sv",
    "tr",
    "ru",
    "ar",
    "hi",
    "id",
    "vi",
    "th",
]


def test_the_contract(labels):
    assert len(labels.issues) == 34
    assert labels.issues[0] == "defective"
    assert labels.issues[-1] == "other"
    assert labels.alone == {"thanks", "spam", "other"}
    assert labels.sentiments == ("very_negative", "negative", "neutral", "positive", "very_positive")
    assert list(load_languages()) == TAGS
    assert not set(TAGS) & set(load_others())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("issues: [{name: a}, {name: a}]\n", "stands twice"),
        ("issues: [{name: a}, {name: b, colour: red}]\n", "unknown field 'colour'"),
        ("issues: [{name: a}]\n", "at least two"),
        ("labels: []\n", "holds 'issues:'"),
        ("issues: [a, b]\nsentiments: [{name: x, score: '1'}, {name: y, score: '0'}]\n", "rise from -1 to 1"),
        ("issues: [a, b]\nsentiments: [{name: x, score: high}]\n", "needs 'name' and a 'score'"),
    ],
)
def test_faulty_labels_are_refused(tmp_path, content, said):
    path = tmp_path / "labels.yaml"
    path.write_text(content)
    with pytest.raises(DataError) as error:
        load_labels(path)
    assert any(said in str(fault) for fault in error.value.faults)


def test_faulty_languages_are_refused(tmp_path):
    path = tmp_path / "languages.yaml"
    path.write_text("languages:\n  - {tag: xx, direction: up, colour: red}\n")
    with pytest.raises(DataError) as error:
        load_languages(path)
    said = "\n".join(map(str, error.value.faults))
    assert "direction is one of ltr, rtl" in said
    assert "unknown field 'colour'" in said
    assert "'script' is missing" in said
    assert ":2:" in said
