"""`replydesk data check` passes what is shipped, and refuses every kind of fault."""

import json
import shutil
from pathlib import Path

import pytest

from check_data import check_all, check_cases
from model.errors import DataError
from model.labels import load_labels
from model.languages import load_languages

DATA = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture
def folder(tmp_path):
    """A copy of `data/` with a few training messages a language, so that a check takes a second."""
    copy = shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("train"))
    (copy / "corpora" / "train").mkdir()
    for path in (DATA / "corpora" / "train").glob("*.jsonl"):
        few = path.read_text(encoding="utf-8").splitlines(keepends=True)[::40]
        (copy / "corpora" / "train" / path.name).write_text("".join(few), encoding="utf-8")
    return copy


def edit(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def append(path, **record):
    row = {"id": "x", "lang": "de", "text": "x", "issues": ["damaged"], "sentiment": "neutral", **record}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def said(folder):
    return "\n".join(map(str, check_all(folder)[0]))


def test_what_is_shipped_is_sound():
    faults, counts = check_all()
    assert faults == []
    assert counts["train messages"] >= 34 * 20 * 96
    assert counts["test messages"] >= 34 * 20 * 4


def test_label_faults(folder):
    edit(folder / "labels.yaml", "name: damaged", "name: defective")
    assert "stands twice" in said(folder)


def test_policy_faults(folder):
    edit(folder / "policies" / "product.yaml", "option: ask_photo", "option: ask_foto")
    assert "product.yaml:5: policy goods.ask_photo: unknown option 'ask_foto'" in said(folder)


def test_examples_must_hold(folder):
    edit(folder / "policies" / "dispute.yaml", "first: contact_claimant", "first: thank")
    assert "first is contact_claimant, not thank" in said(folder)


def test_every_rule_has_its_place(folder):
    edit(folder / "playbook.yaml", "  P55:", "  P99:")
    found = said(folder)
    assert "P99: there is no such rule" in found
    edit(folder / "policies" / "presale.yaml", "sources: [P10]", "sources: [P54]")


def test_template_faults(folder):
    edit(folder / "templates" / "it.yaml", "{{ order_id }}", "{{ order_no }}")
    assert "unknown slot 'order_no'" in said(folder)


def test_platform_faults(folder):
    edit(folder / "platforms.yaml", "  ebay:", "  ebey:")
    found = said(folder)
    assert "unknown platform 'ebey' (did you mean 'ebay'?)" in found
    assert "platform 'ebay' is missing" in found


def test_corpus_faults(folder):
    train = folder / "corpora" / "train" / "de.jsonl"
    rows = [json.loads(line) for line in train.read_text(encoding="utf-8").splitlines()]
    first = next(row for row in rows if len(row["text"]) > 40)
    append(train, id="de-x-damaged-1", text=first["text"].upper() + "!")
    append(train, id="de-x-damaged-2", text="Das P\u0430ket ist kaputt")
    append(folder / "corpora" / "test" / "de.jsonl", id="de-y-damaged-1", text=first["text"])
    append(folder / "corpora" / "unsupported.jsonl", id="xx-u-1", lang="xx")
    found = said(folder)
    for part in ("says the same as", "look-alike letters", "stands in the training set", "'xx' is not among 'others'"):
        assert part in found
    append(train, id="de-x-damaged-3", issues=["damgaed"])
    assert "unknown issue type 'damgaed' (did you mean 'damaged'?)" in said(folder)


def test_untranslated_and_thin_corpora(folder):
    path = folder / "corpora" / "train" / "ja.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [r for r in rows if r["issues"][0] != "customs"]
    for number, row in enumerate(kept):
        if number % 2:
            row["text"] = f"not translated {number}"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in kept), encoding="utf-8")
    found = said(folder)
    assert "have no letter of Japanese" in found
    assert "customs: only 0 messages" in found


def test_the_test_set_is_frozen(folder):
    append(folder / "corpora" / "test" / "de.jsonl", id="de-t-damaged-9", text="Ganz neu und nicht in der Prüfsumme.")
    assert "is not the frozen one" in said(folder)
    (folder / "corpora" / "test" / "SHA256SUMS").unlink()
    assert "SHA256SUMS" in said(folder)


def test_option_case_faults(folder):
    path = folder / "cases" / "extra.jsonl"
    case = {
        "id": "a", "lang": "de", "message": "x", "issues": ["damaged"], "sentiment": "neutral", "order": {"platform": "amazon"},
        "first": ["ask_photo"], "accept": [], "never": ["coupon"], "why": "P19",
    }  # fmt: skip
    faulty = [
        case, {**case, "first": ["ask_foto"], "id": "b"}, {**case, "never": ["ask_photo"], "id": "c"}, {**case, "order": {"status": "flying"}, "id": "d"}, {},
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in [*faulty, case]), encoding="utf-8")
    with pytest.raises(DataError) as error:
        check_cases(folder, load_labels(), tuple(load_languages()))
    faults = "\n".join(map(str, error.value.faults))
    for part in (
        "first: unknown option 'ask_foto'",
        "c: both right and never: ask_photo",
        "d: order.status",
        "a case is an object with",
        "a stands twice",
    ):
        assert part in faults
