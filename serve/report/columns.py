"""Which columns of a labelled archive hold time, article, marketplace, answer and message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.errors import UsageError, nearest
from serve.archive.names import LABEL_COLUMNS, TIME_COLUMNS, plain, text_column

NEEDED = ("issue",)  # the rest may have been left out by `label --columns`
# Usual names, the plainest first; 'our' names of the order's facts among them.
NAMES = {
    "time": (
        *TIME_COLUMNS, "message_date", "message_time", "sent", "received", "created", "datetime", "date_time",
        "purchase-date", "order_date", "datum", "zeit", "zeitpunkt", "erstellt am", "eingegangen am", "gesendet am",
        "heure", "date d'envoi", "créé le", "data", "ora", "data invio", "fecha", "hora", "creado", "data de envio",
        "enviado em", "tijd", "ontvangen op", "czas", "data wysłania", "tid", "skapad", "tarih", "zaman", "дата",
        "время", "отправлено", "التاريخ", "تاريخ", "الوقت", "दिनांक", "तारीख", "समय", "tanggal", "waktu", "ngày",
        "thời gian", "วันที่", "เวลา", "日時", "日付", "受信日時", "送信日時", "時刻", "날짜", "일시", "작성일",
        "时间", "日期", "发送时间", "留言时间", "创建时间", "時間", "發送時間", "留言時間", "建立時間",
    ),
    "article": (
        "sku", "article", "article_number", "article_id", "asin", "item_sku", "seller_sku", "item_id", "product_id",
        "product", "item", "item_name", "product_name", "ean", "gtin", "listing_id", "artikel", "artikelnummer",
        "artikel-nr", "produkt", "produktname", "référence", "produit", "nom du produit", "articolo",
        "codice articolo", "prodotto", "artículo", "referencia", "producto", "artigo", "produto", "código do produto",
        "productnaam", "nazwa produktu", "numer artykułu", "vara", "artikelnamn", "ürün", "ürün kodu", "stok kodu",
        "артикул", "товар", "المنتج", "رقم المنتج", "उत्पाद", "produk", "kode produk", "sản phẩm", "mã sản phẩm",
        "สินค้า", "รหัสสินค้า", "商品", "商品コード", "品番", "商品番号", "商品名", "상품", "상품코드", "상품번호",
        "상품명", "货号", "商品编号", "商品编码", "商品名称", "宝贝标题", "貨號", "商品編號", "商品名稱",
    ),
    "platform": (
        "platform", "marketplace", "market_place", "sales_channel", "channel", "shop", "store", "source", "site",
        "plattform", "marktplatz", "verkaufskanal", "kanal", "plateforme", "place de marché",
        "canal", "canal de vente", "canal de venta",
        "piattaforma", "canale", "plataforma", "platforma", "marknadsplats", "pazaryeri",
        "площадка", "маркетплейс", "канал продаж", "المنصة", "منصة", "प्लेटफ़ॉर्म", "nền tảng", "sàn", "kênh bán",
        "แพลตฟอร์ม", "ช่องทาง", "プラットフォーム", "モール", "店舗", "販売チャネル", "플랫폼", "마켓", "판매채널",
        "平台", "渠道", "销售平台", "店铺", "銷售平台", "店鋪",
    ),
    "answered": (
        "answered_at", "replied_at", "first_reply_at", "first_response_at", "response_at", "reply_time",
        "answer_time", "reply_date", "response_date", "responded_at", "beantwortet am", "antwortzeit", "antwort am",
        "répondu le", "date de réponse", "risposto il", "data risposta", "respondido", "fecha de respuesta",
        "respondido em", "data da resposta", "beantwoord op", "data odpowiedzi", "besvarad", "yanıt tarihi",
        "cevap tarihi", "дата ответа", "تاريخ الرد", "उत्तर का समय", "waktu balas", "thời gian trả lời", "เวลาตอบ",
        "返信日時", "回答日時", "답변일시", "답변일", "回复时间", "首次回复时间", "回覆時間",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Columns that the user named; None where they are to be recognised."""

    text: str | None = None
    time: str | None = None
    article: str | None = None
    platform: str | None = None
    answered: str | None = None


@dataclass(frozen=True)
class Columns:
    """Columns of one archive; None where there is none."""

    text: str | None
    time: str | None
    article: str | None
    platform: str | None
    answered: str | None


def find_columns(names: Sequence[str], wanted: Wanted, place: str) -> Columns:
    """Return which columns hold what.

    Parameters
    ----------
    names : sequence of str
        All columns of the archive.
    wanted : Wanted
    place : str
        The archive, for errors.

    Raises
    ------
    UsageError
        If the archive is not labelled, or has no column that the user named.

    Examples
    --------
    >>> find_columns(["Datum", "SKU", "Nachricht", "issue", "language", "sentiment"], Wanted(), "a.csv")
    Columns(text='Nachricht', time='Datum', article='SKU', platform=None, answered=None)
    """
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise UsageError(
            f"{place}: not labelled, there is no column '{missing[0]}'; label it first: "
            f"replydesk label {place} --output labelled.csv"
        )
    own = [name for name in names if name not in LABEL_COLUMNS]
    found = {what: _find(own, getattr(wanted, what), what, place) for what in NAMES}
    return Columns(_find_text(own, wanted.text, place), **found)


def _find(names: Sequence[str], wanted: str | None, what: str, place: str) -> str | None:
    if wanted is not None:
        if wanted not in names:
            there = ", ".join(names)
            raise UsageError(
                f"{place}: --{what}-column: there is no column '{wanted}'{nearest(wanted, names)}; there are {there}"
            )
        return wanted
    by_name = _by_plain_name(names)
    return next((by_name[name] for name in map(plain, NAMES[what]) if name in by_name), None)


def _find_text(names: Sequence[str], wanted: str | None, place: str) -> str | None:
    if wanted is None and len(names) < 2 and not any(plain(name) in _by_plain_name(names) for name in names):
        return None
    try:
        return text_column(names, wanted, place)
    except UsageError:
        if wanted is not None:
            raise
        return None  # the figures do not need it; only the samples do


def _by_plain_name(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(plain(name), name)
        # `label` keeps a column that is named like a label as `input_<name>`.
        found.setdefault(plain(name.removeprefix("input_")), name)
    return found
