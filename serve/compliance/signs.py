"""Links, mail addresses, phone numbers and emojis: what signs alone give away, written plainly or in words.

Phone numbers follow the written forms of each country's numbering plan (ITU-T E.123 and the national plans); numbers that
words before them call an order, a parcel or an invoice are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from serve.compliance.folding import Folded

Span = tuple[int, int]
BEFORE_CHARS = 28  # how far before a number words say what it is
WORDLIKE_CHARS = 9  # a shorter name before an ending like 'in' is taken for two words
MIN_PHONE_DIGITS, MAX_PHONE_DIGITS = 7, 15  # ITU-T E.164: at most 15

_TLDS = (
    "com|net|org|shop|store|online|site|info|biz|xyz|top|club|vip|app|link|page|live|click|cloud|dev|tech|world|email|"
    "cn|tw|hk|jp|kr|de|at|ch|fr|it|es|pt|br|mx|ar|cl|co|nl|be|pl|se|tr|ru|su|sa|ae|eg|in|id|vn|th|eu|uk|ie|us|ca|au|io|me|ly|gl|gg|tv|cc"
)
# Endings that are also words after a forgotten blank ('arrived.in'): only with a path or a scheme.
_WORDLIKE = frozenset(
    {"in", "at", "be", "me", "us", "it", "id", "is", "co", "se", "de", "es", "ch", "page", "live", "link", "top"}
)
_SCHEME = re.compile(r"(?:https?|ftp)\s?[:;]\s?/\s?/\s?\S{3,}|hxxps?\S{4,}|(?<![\w@.])www\s?\.\s?\w[\w-]*\S*")
_DOMAIN = re.compile(
    rf"(?<![\w@.\-])(?:[a-z0-9](?:[a-z0-9-]{{0,40}}[a-z0-9])?\.){{1,3}}(?:{_TLDS})(?![\w@-])(?!\.\w)(/\S*)?"
)
_DOT = r"(?:\[\s?\.\s?\]|\(\s?\.\s?\)|[\[({]\s?(?:dot|punkt|point|punto|ponto|punt|kropka|tochka|точка|点|點|nokta|titik|cham|दॉट|दाट|ดอท|จุด|どっと|점|닷|نقطه|دوت)\s?[\])}]|\s(?:dot|punkt|point|punto|ponto|punt|kropka|точка|nokta|titik|cham|दॉट|डॉट|ดอท|จุด|どっと|점|닷|نقطه|دوت)\s|点| \. ?)"
_WORDED = re.compile(
    rf"(?<![\w@])[\w-]{{2,40}}\s?{_DOT}\s?(?:com|net|org|shop|store|info|cn|de|fr|it|es|pl|ru|jp|kr|nl|br|tr)(?!\w)(/\S*)?"
)
# 'un punto de vista', 'no ponto de recolha', 'el punto es que': a point, no dot.
_POINT = re.compile(
    r"[\w-]+\s(?:point|punto|ponto|punt)\sde$|(?:el|un|este|ese|cada|lo|le|o|um|het|een)\s(?:point|punto|ponto|punt)\s\w+$"
)
# The names of market places themselves are no links: 'Amazon.de', 'eBay.co.uk'.
_MARKETS = re.compile(
    r"^(?:www\.)?(?:amazon|ebay|taobao|tmall|jd|pinduoduo|temu|shopee|lazada|aliexpress|rakuten|coupang|mercadoli[bv]re|shopify|tiktok|etsy|allegro|trendyol|hepsiburada|flipkart)(?:\.\w{2,3}){1,2}$"
)
_HOST = re.compile(r"(?:https?\s?:\s?/\s?/\s?)?([\w.-]+)")
_MAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)*\s?\.\s?[a-z]{2,}")
_AT = r"(?:[\[({<]\s?(?:at|ät|a|arroba|chiocciola|arobase|malpa|et|@|собака|아트|골뱅이|あっと|圈a|艾特)\s?[\])}>]|\s(?:at|arroba|chiocciola|arobase|malpa|apenstaartje|snabel-?a|собака|골뱅이|あっとまーく|艾特|ऐट|แอท)\s|艾特|圈a|小老鼠)"
_WORDED_MAIL = re.compile(
    rf"[\w.+-]{{2,}}\s?{_AT}\s?[\w-]+\s?(?:\.(?=\S)|{_DOT})\s?[a-z]{{2,}}|(?:[\w.+-]{{2,}})\s?(?:{_AT}|@)\s?(?:gmail|hotmail|outlook|yahoo|qq|163|126|icloud|naver|gmx|mail|yandex|web)(?!\w)"
)
_PICTURES = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u2604\u2607-\u27bf\u2b50\u2b55\u2328\u231a\u231b\u23e9-\u23f3]|(?<![\\w:;])[:;]-?[)(dp](?![\\w)])|\\^_+\\^|(?<!\\^)\\^\\^|<3(?!\\d)"
)
_NUMBER = re.compile(
    r"(?<![a-z0-9.,/#\-])\(?\+?\d(?:[\d()]|[ .\-/·*_](?=[ ()\d])|\s-\s(?=\d)){5,28}\d(?![a-z0-9]|[.,:]\d|-\w)"
)
# What a number is where words before it say so; their languages' words are few and the same for all texts.
_NUMBERED = re.compile(
    r"(?:order|tracking|parcel|package|shipment|invoice|receipt|return|case|ticket|rma|article|item|serial|model|ref(?:erence)?|no|nr|nº|n°|num|"
    r"bestell\w*|sendung\w*|rechnung\w*|paket\w*|auftrag\w*|artikel\w*|vorgang\w*|commande|suivi|facture|colis|numero di \w+|ordine|spedizione|tracciamento|fattura|"
    r"pedido|seguimiento|envio|factura|rastreio|rastreamento|encomenda|fatura|bestelling|bestelnummer|zending\w*|pakket|factuur|zamowien\w*|przesylk\w*|paczk\w*|faktur\w*|"
    r"bestallning\w*|ordernummer|sparning\w*|paket|siparis|kargo|takip|fatura|заказ\w*|трек\w*|отслеживан\w*|посылк\w*|счет\w*|накладн\w*|"
    r"(?:ال)?طلب\w*|(?:ال)?تتبع|(?:ال)?شحن\w*|(?:ال)?فاتور\w*|ऑर्डर|ट्रैकिंग|पार्सल|इनवॉइस|pesanan|resi|invoice|paket|don hang|van don|ma don|hoa don|"
    r"订单\S{0,4}|单号|运单\S{0,3}|快递单?号?|发票\S{0,3}|物流\S{0,3}|编号|货号|注文\S{0,4}|追跡\S{0,4}|伝票\S{0,4}|荷物\S{0,4}|お問い合わせ番号|番号|请求书|주문\S{0,4}|송장\S{0,4}|운송장\S{0,3}|택배\S{0,3}|คำสั่งซื้อ|พัสดุ|ออเดอร์|ใบกำกับ|เลขที่)"
    r"[^\d!?。\n]{0,14}$"
)
# Written forms of phone numbers, digits as 0: the national plans in the groups people write.
_FORMS = re.compile(
    r"^(?:"
    r"\(?[2-9]\d\d\)?[ .\-]\d{3}[ .\-]\d{4}"  # North America
    r"|1[ .\-]?\(?[2-9]\d\d\)?[ .\-]\d{3}[ .\-]\d{4}"
    r"|1[3-9]\d[ .\-]?\d{4}[ .\-]?\d{4}"  # China, mobile
    r"|400[ \-]?\d{3,4}[ \-]?\d{3,4}|0\d{2,3}-\d{7,8}"  # China, service and land line
    r"|09\d\d[ \-]?\d{3}[ \-]?\d{3}"  # Taiwan, mobile
    r"|0\d{1,4}[ \-(]\d{1,4}[ \-)]\d{3,4}"  # Japan, Taiwan, land lines
    r"|0[789]0[ \-]?\d{4}[ \-]?\d{4}"  # Japan, mobile
    r"|01[016789][ .\-]?\d{3,4}[ .\-]?\d{4}|15\d\d-\d{4}"  # Korea
    r"|\(?0\d{2,5}\)?[ /\-]{1,3}\d{3,9}(?:[ \-]?\d{2,6}){0,3}"  # Germany, Netherlands, Sweden, Britain, Turkey
    r"|0\d(?:[ .\-]?\d\d){4}"  # France
    r"|07\d{3}[ ]?\d{6}|07\d{3}[ ]\d{3}[ ]\d{3}|0800[ ]?\d{3}[ ]?\d{3,4}"  # Britain
    r"|3[2-9]\d[ .\-]?\d{3}[ .\-]?\d{3,4}"  # Italy, mobile
    r"|[6-9]\d\d[ .\-]\d{3}[ .\-]\d{3}|[679]\d\d(?:[ .\-]\d\d){3}|9[1236]\d[ ]?\d{3}[ ]?\d{3}"  # Spain, Portugal, Poland
    r"|\(?\d\d\)?[ \-]?9\d{4}[ \-]?\d{4}|\(\d\d\)[ ]?\d{4}[ \-]?\d{4}|\(?55\)?[ ]\d{4}[ ]\d{4}"  # Brazil, Mexico
    r"|06[ \-]?\d{8}|06(?:[ \-]\d\d){4}"  # Netherlands, mobile
    r"|[45678]\d\d \d{3} \d{3}"  # Poland
    r"|07\d[ \-]\d{3}[ ]?\d\d[ ]?\d\d|07\d[ \-]?\d{7}"  # Sweden
    r"|\(?0?5\d\d\)?[ ]?\d{3}[ ]?\d\d[ ]?\d\d"  # Turkey
    r"|8[ \-]?\(?[3489]\d\d\)?[ \-]?\d{3}[ \-]?\d\d[ \-]?\d\d"  # Russia
    r"|05\d[ \-]?\d{3}[ \-]?\d{4}|01[0125][ \-]?\d{4}[ \-]?\d{4}|920\d{6}"  # Saudi Arabia, Emirates, Egypt
    r"|0?[6-9]\d{4}[ \-]?\d{5}|[6-9]\d\d[ \-]\d{3}[ \-]\d{4}|1800[ \-]\d{3}[ \-]\d{3,4}"  # India
    r"|08\d{2}[ \-]?\d{3,4}[ \-]?\d{3,5}"  # Indonesia
    r"|0[35789]\d[ .\-]?\d{3}[ .\-]?\d{2}[ .\-]?\d{2}|0[35789]\d{2}[ .\-]?\d{3}[ .\-]?\d{3}"  # Vietnam
    r"|0[689]\d[ \-]?\d{3}[ \-]?\d{4}|02[ \-]?\d{3}[ \-]?\d{4}"  # Thailand
    r")$"
)
_DATE = re.compile(
    r"^(?:19|20)\d\d[ .\-/]\d\d?[ .\-/]\d\d?(?:[ ]\d\d?)?$|^\d\d?[ .\-/]\d\d?[ .\-/](?:19|20)\d\d(?:[ ]\d\d?)?$"
)
_GROUPED = re.compile(r"^\d{1,3}(?:[. ]000|[. ]\d{3})*[. ]\d{3}$")  # 1.250.000
_MONEY_BEFORE = re.compile(r"(?:rp|\$|€|£|¥|₩|₫|₽|₹|r\$|usd|eur|vnd|idr|krw|jpy|try|tl|sar)\s?$")
_MONEY_BEHIND = re.compile(
    r"\s?(?:rp|\$|€|£|¥|₩|₫|₽|₹|usd|eur|vnd|idr|krw|jpy|円|元|원|đ|d(?!\w)|dong|rupiah|rupee|руб|₺|tl|zl|kr(?!\w)|บาท|baht)"
)
# Digits in words and in look-alikes: seven and more in a row are a number that hides.
_DIGIT_WORDS = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|null|eins|zwei|zwo|drei|vier|funf|sechs|sieben|acht|neun|un|deux|trois|quatre|cinq|sept|huit|neuf|"
    "uno|due|tre|quattro|cinque|sei|sette|otto|nove|cero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|dois|quatro|sete|oito|meia|nul|een|twee|drie|vijf|zes|zeven|negen|"
    "jeden|dwa|trzy|cztery|piec|szesc|siedem|osiem|dziewiec|noll|ett|tva|fyra|fem|sex|sju|atta|nio|sifir|bir|iki|uc|dort|bes|alti|yedi|sekiz|dokuz|"
    "ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|صفر|واحد|اثنان|اثنين|ثلاثه|اربعه|خمسه|سته|سبعه|ثمانيه|تسعه|शून्य|एक|दो|तीन|चार|पांच|पाँच|छह|छः|सात|आठ|नौ|"
    "nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|khong|mot|hai|ba|bon|nam|sau|bay|tam|chin|ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|"
    "공|영|일|이|삼|사|오|육|칠|팔|구"
)
_SPELT_NUMBER = re.compile(
    rf"(?<!\w)(?:(?:{_DIGIT_WORDS}|\d)[\s,.\-]{{0,3}}){{6,}}(?:{_DIGIT_WORDS}|\d)(?!\w)|[〇零一二三四五六七八九幺\d]{{7,}}|[零れーぜろいち]{{0}}(?:[공영일이삼사오육칠팔구]\s?){{8,}}"
)
_HAN_DIGIT = re.compile("[〇零一二三四五六七八九幺]")
_LETTER_DIGITS = re.compile(r"(?<!\w)\+?(?=(?:[\dol\s.-]*[ol]){2})[\dol][\dol .\-]{8,18}[\dol](?!\w)")


def find_signs(
    finder: str, folded: Folded, text: str, platform: str | None, phone_words: Sequence[re.Pattern[str]]
) -> Iterator[Span]:
    """Yield where one kind of sign stands in the folded text."""
    if finder == "link":
        if "." in folded.text or "//" in folded.text or _WORDED.search(folded.text):
            yield from _links(folded, text, platform)
    elif finder == "mail_address":
        for pattern in (_MAIL, _WORDED_MAIL):
            yield from (match.span() for match in pattern.finditer(folded.text))
    elif finder == "phone_number":
        yield from _phones(folded.text, phone_words)
    elif finder == "emoji":
        yield from (match.span() for match in _PICTURES.finditer(folded.text))


def _links(folded: Folded, text: str, platform: str | None) -> Iterator[Span]:
    for match in _SCHEME.finditer(folded.text):
        named = _HOST.match(match.group())
        site = named.group(1) if named else ""
        if not (_MARKETS.match(site) and (platform is None or platform.split("_")[0] in site)):
            yield match.span()
    for domain in _DOMAIN.finditer(folded.text):
        host, path = domain.group().split("/")[0], domain.group(1)
        if _MARKETS.match(host):
            continue
        if not path:
            start, end = folded.span(*domain.span())
            shown = text[start:end]
            one_dot = host.count(".") == 1
            if shown.rsplit(".", 1)[-1][:1].isupper() and not shown.isupper():
                continue  # 'order.It': a blank was forgotten
            if one_dot and host.rsplit(".", 1)[1] in _WORDLIKE and "-" not in host and len(host) < WORDLIKE_CHARS:
                continue
        yield domain.span()
    for worded in _WORDED.finditer(folded.text):
        if not _POINT.match(worded.group()):
            yield worded.span()


def _phones(text: str, phone_words: Sequence[re.Pattern[str]]) -> Iterator[Span]:
    for match in _NUMBER.finditer(text):
        number = match.group().strip()
        digits = sum(c.isdigit() for c in number)
        if not MIN_PHONE_DIGITS <= digits <= MAX_PHONE_DIGITS or _DATE.match(number):
            continue
        before = text[max(0, match.start() - BEFORE_CHARS) : match.start()]
        called = max((m.end() for p in phone_words for m in p.finditer(before)), default=-1)
        numbered = _NUMBERED.search(before)
        if numbered and numbered.start() > called:
            continue
        if _MONEY_BEFORE.search(before) or _MONEY_BEHIND.match(text, match.end()):
            continue
        # 003404… begins the parcel numbers of a German carrier (serial shipping container codes), not a call abroad.
        abroad = number.startswith(("+", "(+", "00")) and digits >= 9 and not number.startswith("003404")
        if abroad or called >= 0 or (_FORMS.match(number) and not _GROUPED.match(number)):
            yield match.span()
    for match in _SPELT_NUMBER.finditer(text):
        piece = match.group()
        before = text[max(0, match.start() - BEFORE_CHARS) : match.start()]
        plain_digits = not _HAN_DIGIT.search(piece) and sum(c.isdigit() for c in piece) > 2
        if not plain_digits and not _NUMBERED.search(before):
            yield match.span()
    for match in _LETTER_DIGITS.finditer(text):
        piece = match.group()
        # Two of its own: the look ahead may have seen letters of the next word ('112-7654321-1234567 llegó').
        if sum(c.isdigit() for c in piece) >= MIN_PHONE_DIGITS and sum(c in "ol" for c in piece) > 1:
            yield match.span()
