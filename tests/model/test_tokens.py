"""Cutting into words: all twenty languages, positions of the original, and the quiet, private jieba."""

from __future__ import annotations

import itertools
import stat
import subprocess
import sys

import pytest

from model import tokens
from model.languages import load_languages

SAMPLES = {
    "en": "It's broken, isn't it?",
    "zh-Hans": "我的包裹还没有收到",
    "zh-Hant": "我的包裹還沒有收到",
    "ja": "写真をDVDで送りました",
    "ko": "아직 안 왔어요",
    "de": "Die Tasse ist kaputt!",
    "fr": "L'image ci-jointe",
    "it": "L'ho già rotto",
    "es": "¿Dónde está?",
    "pt": "Cadê meu pedido?",
    "nl": "Zie foto's",
    "pl": "Gdzie jest paczka?",
    "sv": "Var är mitt paket?",
    "tr": "Yurtiçi'ye verildi",
    "ru": "Где посылка?",
    "ar": "أين الطلب؟",
    "hi": "ऑर्डर कहाँ है?",
    "id": "Barang belum sampai",
    "vi": "Hàng chưa tới",
    "th": "ยังไม่ได้ของ",
}


@pytest.mark.parametrize("tag", [*SAMPLES, "und"])
def test_spans_ascend_and_cover_all_but_white_space(tag: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("REPLYDESK_HOME", str(tmp_path))
    text = SAMPLES.get(tag, "any text")
    spans = tokens.tokenize(text, tag)
    assert "".join(text[a:b] for a, b in spans) == "".join(text.split())
    assert all(a < b <= c < d for (a, b), (c, d) in itertools.pairwise(spans))


def test_samples_are_of_all_languages() -> None:
    assert set(SAMPLES) == set(load_languages())


def test_traditional_text_is_cut_as_simplified() -> None:
    assert tokens.tokenize(SAMPLES["zh-Hant"], "zh-Hant") == tokens.tokenize(SAMPLES["zh-Hans"], "zh-Hans")
    assert len(tokens.tokenize(SAMPLES["zh-Hant"], "zh-Hant")) < len(SAMPLES["zh-Hant"])


def test_jieba_keeps_its_dictionary_in_a_private_folder(tmp_path, monkeypatch, capfd) -> None:
    monkeypatch.setenv("REPLYDESK_HOME", str(tmp_path))
    tokens._jieba.cache_clear()
    tokens.tokenize("包裹", "zh-Hans")
    folder = tmp_path / "jieba"
    assert [f.name for f in folder.iterdir()]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "Building prefix dict" not in capfd.readouterr().err


def test_an_ordinary_message_is_read_without_tokenizers() -> None:
    code = (
        "import sys\nfrom model.entities import find_entities\nfrom model.text import own_words\n"
        "find_entities('Where is order 112-7654321-1234567 by DHL, paid $5 on June 3?', 'en')\n"
        "find_entities('not as in the photo', 'en'); own_words('a')\n"
        "print([m for m in ('spacy', 'jieba', 'opencc') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
