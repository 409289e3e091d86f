"""Archives in the encodings that exports come in."""

import gzip

import pytest

from model.errors import InputError
from serve.archive.encodings import UTF8, find_encoding, with_encoding
from serve.archive.sources import Source

SAMPLES = {
    "gb18030": ["你好，我的包裹还没有到，请问什么时候能收到？", "收到的杯子碎了，我要退款。"],
    "big5": ["我的包裹還沒有到，請問什麼時候能收到？", "收到的杯子碎了，我要退款。"],
    "cp932": ["荷物がまだ届いていません。いつ届きますか？", "壊れていました。返金してください。"],
    "euc_jp": ["荷物がまだ届いていません。いつ届きますか？", "壊れていました。返金してください。"],
    "cp949": ["제 택배가 아직 안 왔어요. 언제 도착하나요?", "컵이 깨져서 왔어요. 환불해 주세요."],
    "cp1250": ["Paczka dotarła uszkodzona, proszę o zwrot pieniędzy", "Gdzie jest moja przesyłka? Minęły trzy tygodnie"],
    "cp1251": ["Где мой заказ? Прошло уже три недели.", "Товар пришёл сломанный, верните деньги."],
    "cp1252": ["Das Paket ist beschädigt, ich möchte mein Geld zurück", "où est ma commande ? Je suis très déçu"],
    "cp1254": ["Siparişim nerede? Üç haftadır bekliyorum.", "Ürün kırık geldi, iade etmek istiyorum"],
    "cp1256": ["أين طلبي؟ لقد مرت ثلاثة أسابيع.", "وصل المنتج مكسورا، أريد استرداد المال"],
    "cp874": ["พัสดุของฉันอยู่ที่ไหน ยังไม่ได้รับเลย", "สินค้าชำรุด ขอคืนเงินครับ"],
    "utf-16": ["Wo ist mein Paket?", "壊れていました。"],
    "utf-16-le": ["Wo ist mein Paket?", "Es ist kaputt"],
    "utf-8-sig": ["où est ma commande ?", "壊れていました。"],
}  # fmt: skip


@pytest.fixture
def rank(reader):
    scorer = reader.artifact.scorer
    return lambda: lambda texts: float(scorer.known_share(scorer.rows(texts)).mean())


@pytest.mark.parametrize("encoding", SAMPLES)
def test_csv_in_every_encoding(tmp_path, label, encoding):
    texts = SAMPLES[encoding]
    path = tmp_path / "in.csv"
    path.write_bytes(("id,text\r\n" + "".join(f'{n},"{t}"\r\n' for n, t in enumerate(texts))).encode(encoding))
    rows = label(path)
    assert [r["text"] for r in rows] == texts
    assert [r["error"] for r in rows] == [None] * len(texts)


@pytest.mark.parametrize("encoding", ["gb18030", "cp1251", "utf-16"])
def test_json_lines_in_other_encodings(tmp_path, label, encoding):
    texts = SAMPLES[encoding]
    path = tmp_path / "in.jsonl"
    path.write_bytes("".join(f'{{"text": "{t}"}}\n' for t in texts).encode(encoding))
    assert [r["text"] for r in label(path, output="o.csv")] == texts


def test_letters_far_behind_the_head_are_found(tmp_path, rank):
    path = tmp_path / "in.csv.gz"
    plain = b"1,Where is my parcel?\n" * 40_000
    path.write_bytes(gzip.compress(b"id,text\n" + plain + "\n".join(SAMPLES["cp1251"]).encode("cp1251")))
    assert with_encoding(Source(path, "csv", "gz"), rank).encoding == "cp1251"


def test_utf8_with_a_few_faults_stays_utf8(tmp_path, label):
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,text\n" + "1,où est-ce ?\n".encode() * 30 + b"2,caf\xe9 cass\xe9\n")
    rows = label(path)
    assert rows[0]["text"] == "où est-ce ?"
    assert rows[-1]["text"] == "caf\\xe9 cass\\xe9"
    assert "line 32: 'text' has bytes that are not of the file's encoding" in rows[-1]["error"]
    path = tmp_path / "in.jsonl"
    path.write_bytes('{"text": "où est-ce ?"}\n'.encode() * 30 + b'{"text": "caf\xe9", "n": [1, "\xe9"]}\n')
    rows = label(path)
    assert (rows[-1]["text"], rows[-1]["n"]) == ("caf\\xe9", [1, "\\xe9"])
    assert "line 31: not UTF-8" in rows[-1]["error"]


def test_an_encoding_given_counts(tmp_path, label):
    path = tmp_path / "in.csv"
    path.write_bytes("text\nпривет\n".encode("koi8_r"))
    assert label(path, encoding="koi8_r")[0]["text"] == "привет"
    assert label(path, encoding="cp1251")[0]["text"] != "привет"
    with pytest.raises(InputError, match="cannot be read"):
        label(path, encoding="utf-16")


def test_nothing_but_ascii_is_utf8(rank):
    assert find_encoding(b"", rank) == find_encoding(b"plain", rank) == UTF8
