"""What tells who wrote a message is masked, in many languages; what the message is about is not."""

import shutil
from pathlib import Path

import pytest

from model.errors import DataError
from model.files import data_dir
from serve.privacy import mask
from serve.privacy_words import load_words, words_of

CASES = [
    # language, message, what must be gone, what must stay
    ("en", "Dear Mr. Smith, I live at 12 Oak Street, London SW1A 1AA. My name is John Miller. It is too small.", ["Smith", "Oak", "1AA", "John", "Miller"], ["I live at", "It is too small."]),
    ("en", "What would you suggest for a deep-chested dog? Rob", ["Rob"], ["deep-chested dog?"]),
    ("en", "Mail me: tom.weber+x@mail.example or https://shop.example/u/77 or @tom_weber", ["weber", "shop.example"], ["Mail me"]),
    ("en", "IBAN DE44 5001 0517 5407 3249 31, order 112-7654321-1234567, tracking 1Z999AA10123456784", ["5001", "7654321", "1Z999"], ["IBAN", "[order number]", "[tracking number]"]),
    ("de", "Hallo Frau Petersen,\n\nder Kocher geht nicht.\n\nHerzliche Grüße aus Husum\nInken Thomsen", ["Petersen", "Inken", "Thomsen", "Husum"], ["der Kocher geht nicht."]),
    ("de", "Ich wohne Lindenstraße 12, 10115 Berlin, Tel. 030 1234567. Größe 38 ist zu klein. LG Anna", ["Linden", "10115", "Berlin", "1234567", "Anna"], ["Größe 38 ist zu klein"]),
    ("fr", "Bonjour, je m'appelle Luc Moreau, 12 rue de la Paix, 75002 Paris. La taille 40 est trop petite. Cordialement, Luc", ["Luc", "Moreau", "Paix", "75002"], ["La taille 40 est trop petite."]),
    ("it", "Mi chiamo Giulia Conti, via Roma 12, 20100 Milano, giulia@posta.example", ["Giulia", "Conti", "Roma", "Milano", "posta"], ["Mi chiamo"]),
    ("es", "Hola, me llamo María García López, calle Mayor 5, 28013 Madrid. La talla es pequeña. Gracias, María", ["María", "García", "Mayor", "Madrid"], ["La talla es pequeña"]),
    ("pt", "Olá, meu nome é João Silva. Rua das Flores, 123. Obrigado, João", ["João", "Silva", "Flores"], ["meu nome é"]),
    ("nl", "Beste Jan, mijn adres is Kerkstraat 12. Groetjes Els", ["Jan", "Kerkstraat", "Els"], ["mijn adres is"]),
    ("pl", "Dzień dobry Pani Anno, ul. Długa 5/7, 00-238 Warszawa. Pozdrawiam, Piotr Nowak", ["Anno", "Długa", "Warszawa", "Piotr", "Nowak"], ["Dzień dobry"]),
    ("sv", "Hej! Jag heter Lars Svensson och bor på Storgatan 12. Mvh Lars", ["Lars", "Svensson", "Storgatan"], ["Jag heter", "och bor på"]),
    ("tr", "Merhaba, benim adım Ayşe Yılmaz. Atatürk Mahallesi No: 5. Teşekkürler, Ayşe", ["Ayşe", "Yılmaz", "Atatürk"], ["benim adım"]),
    ("ru", "Здравствуйте, меня зовут Иван Петров, ул. Ленина, д. 5. Размер мал.\nС уважением,\nИван Петров", ["Иван", "Петров", "Ленина"], ["Размер мал."]),
    ("ar", "السلام عليكم، اسمي محمد العلي ورقمي 0501234567، شارع الملك فهد 12", ["محمد", "0501234567", "فهد"], ["اسمي"]),
    ("hi", "नमस्ते, मेरा नाम राहुल शर्मा है, मोबाइल 98765 43210", ["राहुल", "98765"], ["मेरा नाम", "मोबाइल"]),
    ("id", "Halo kak Budi, nama saya Siti Rahayu, Jl. Merdeka No. 12. Terima kasih, Siti", ["Budi", "Siti", "Merdeka"], ["nama saya"]),
    ("vi", "Chào shop, tôi tên là Nguyễn Văn An, số nhà 12 đường Lê Lợi 5. Áo bị chật.", ["Nguyễn", "Lê Lợi"], ["Chào shop", "Áo bị chật."]),
    ("th", "สวัสดีค่ะ ดิฉันชื่อ สมหญิง โทร 081-234-5678 บ้านเลขที่ 12/3", ["สมหญิง", "5678", "12/3"], ["ดิฉันชื่อ"]),
    ("ja", "田中様\n山田太郎と申します。〒150-0001東京都渋谷区神宮前1-2-3 サイズが小さいです。", ["田中", "山田", "150-0001", "神宮前"], ["サイズが小さいです"]),
    ("ko", "제 이름은 김민수 입니다. 010-1234-5678 서울시 강남구 테헤란로 12. 사이즈가 작아요.", ["김민수", "1234", "테헤란로"], ["사이즈가 작아요"]),
    ("zh-Hans", "你好，我叫张伟，电话13812345678，地址：浙江省杭州市西湖区文三路12号。颜色和图片不一样", ["张伟", "13812345678", "文三路"], ["颜色和图片不一样"]),
    ("zh-Hant", "王小明先生，您好，地址台北市大安區忠孝東路四段1號，尺寸太小", ["王小明", "忠孝東路"], ["尺寸太小"]),
]  # fmt: skip
UNTOUCHED = [
    ("en", "The dress is nothing like the photo. The color is off, I am 170 cm tall and 65 kg. Size M, paid $1,299.00 on 12.06.2026."),
    ("en", "Hello, thanks for your help. The mug was broken."),
    ("en", "Hi, I would like to return it. It runs small"),
    ("de", "Hallo, die Farbe stimmt nicht mit dem Foto überein. Größe 38 fällt zu klein aus, am 12. November gekauft."),
    ("it", "Buongiorno, la taglia 42 è troppo stretta e il colore è diverso dalla foto."),
    ("ja", "写真と色が違います。サイズも小さいです。よろしくお願いします。"),
    ("zh-Hans", "尺码偏小了，我是拍的M码，这条街上的店都这样。"),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "text", "gone", "kept"), CASES)
def test_who_wrote_it_is_gone(tag, text, gone, kept):
    masked = mask(text, tag)
    assert [part for part in gone if part in masked] == [], masked
    assert [part for part in kept if part not in masked] == [], masked


@pytest.mark.parametrize(("tag", "text"), UNTOUCHED)
def test_what_it_is_about_stays(tag, text):
    assert mask(text, tag) == text


@pytest.mark.parametrize("text", ["", " ", "\n\n", "?", "A", "[name]", "x" * 5000, "1 " * 2000, "\ud83d"])
def test_any_text_passes(text):
    assert isinstance(mask(text, "en"), str)


def test_unknown_language_is_read_with_the_words_of_all():
    assert mask("Ich heiße Inken Thomsen. Je m'appelle Luc Moreau.", "und").count("[name]") == 2


def test_few_messages_of_the_test_corpus_lose_much(messages):
    """Masking hides little of messages that name nobody: at most a tenth of the characters of all."""
    short = [m for m in messages[::400] if len(m.text) < 300]
    kept = sum(len(mask(m.text, m.lang)) for m in short) / sum(len(m.text) for m in short)
    assert kept > 0.9


def test_every_language_has_words():
    assert all(words_of(tag).sign_off for tag in load_words())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  de:\n", "  dx:\n", "unknown language 'dx'"),
        ("    titles: [herr,", "    tittles: [herr,", "unknown field 'tittles'"),
        ("    titles: [mr, mrs, ms, miss, dr]", "    titles: mr", "every field is a list"),
    ],
)  # fmt: skip
def test_faults_are_named(tmp_path: Path, before, after, said):
    path = Path(shutil.copy(data_dir() / "privacy.yaml", tmp_path))
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_words(path)
    assert said in " ".join(map(str, caught.value.faults))
