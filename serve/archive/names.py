"""Names of columns: which one holds the message, which ones are ours, what becomes of an input column named like ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from model.errors import InputError, UsageError, nearest
from serve.schemas import Order

LABEL_COLUMNS = (
    "language", "supported", "issue", "issues", "issue_confidence", "sentiment", "sentiment_score", "priority",
    "needs_person", "order_id", "model_version", "error",
)  # fmt: skip
SUGGEST_COLUMNS = ("option", "template")
ORDER_COLUMNS = tuple(Order.model_fields)

# What exports call the message, the plainest names first: where an archive has several, the first of these is taken.
TEXT_COLUMNS = (
    "text", "message", "message_text", "message_body", "buyer_message", "customer_message", "body", "msg", "content",
    "nachricht", "nachrichtentext", "messaggio", "mensaje", "mensagem", "bericht", "wiadomość", "meddelande", "mesaj",
    "ileti", "сообщение", "текст сообщения", "رسالة", "الرسالة", "نص الرسالة", "संदेश", "pesan", "tin nhắn", "ข้อความ",
    "メッセージ", "メッセージ本文", "本文", "お問い合わせ内容", "問い合わせ内容", "메시지", "메세지", "본문", "문의내용",
    "消息", "消息内容", "留言", "买家留言", "聊天内容", "正文", "訊息", "訊息內容", "買家留言",
    "inquiry", "question", "comment", "comments", "comment_text", "feedback", "review", "review_text", "review_body",
    "texte", "contenu", "commentaire", "avis", "testo", "contenuto", "commento", "recensione", "texto", "contenido",
    "comentario", "reseña", "conteúdo", "comentário", "avaliação", "inhalt", "kommentar", "frage", "bewertung", "tekst",
    "inhoud", "opmerking", "beoordeling", "treść", "komentarz", "opinia", "innehåll", "recension", "metin", "içerik",
    "yorum", "текст", "содержание", "комментарий", "отзыв", "вопрос", "نص", "المحتوى", "تعليق", "टिप्पणी", "सामग्री", "isi",
    "komentar", "ulasan", "nội dung", "bình luận", "đánh giá", "เนื้อหา", "ความคิดเห็น", "รีวิว", "コメント", "レビュー",
    "レビュー内容", "内容", "내용", "댓글", "리뷰", "评论", "评价", "评价内容", "內容", "評論", "評價", "description",
)  # fmt: skip
TIME_COLUMNS = ("sent_at", "received_at", "message_at", "created_at", "date", "timestamp", "time")


def text_column(columns: Sequence[str], wanted: str | None, place: str) -> str:
    """Return the column that holds the message.

    Parameters
    ----------
    columns : sequence of str
        All columns of the archive.
    wanted : str or None
        What the user named.
    place : str
        The archive, for the error.

    Raises
    ------
    UsageError
        Where the wanted column is missing, or none is recognised.
    InputError
        Where there are no columns at all.

    Examples
    --------
    >>> text_column(["Id", "Message Body", "Comment"], None, "a.csv")
    'Message Body'
    """
    if not columns:
        raise InputError(f"{place}: the file is empty")
    listed = ", ".join(columns)
    if wanted is not None:
        if wanted not in columns:
            raise UsageError(f"{place}: there is no column '{wanted}'{nearest(wanted, columns)}; there are {listed}")
        return wanted
    by_name: dict[str, str] = {}
    for name in columns:
        by_name.setdefault(plain(name), name)
    for candidate in _PLAIN_TEXT_COLUMNS:
        if candidate in by_name:
            return by_name[candidate]
    if len(columns) == 1:
        return columns[0]
    raise UsageError(f"{place}: which column holds the message? Say --text-column NAME; there are {listed}")


def time_column(columns: Iterable[str]) -> str | None:
    """Return the column that says when the message was written, where there is one with a usual name."""
    by_name = {plain(name): name for name in columns}
    return next((by_name[name] for name in map(plain, TIME_COLUMNS) if name in by_name), None)


def renamed(name: str, ours: Collection[str], taken: Collection[str]) -> str:
    """Return under which name an input column comes out: one named like ours keeps its content as `input_<name>`.

    >>> renamed("language", {"language"}, {"language", "id"}), renamed("id", {"language"}, {"id"})
    ('input_language', 'id')
    >>> renamed("language", {"language"}, {"language", "input_language"})
    'input_input_language'
    """
    if name not in ours:
        return name
    name = f"input_{name}"
    while name in taken or name in ours:
        name = f"input_{name}"
    return name


def distinct(names: Iterable[str | None]) -> list[str]:
    """Name the unnamed columns of a header and tell doubled ones apart.

    >>> distinct(["a", "", "a", None])
    ['a', 'column_2', 'a_2', 'column_4']
    """
    seen: dict[str, None] = {}
    for place, name in enumerate(names, 1):
        base = (name or "").strip() or f"column_{place}"
        unique, count = base, 1
        while unique in seen:
            count += 1
            unique = f"{base}_{count}"
        seen[unique] = None
    return list(seen)


def plain(name: str) -> str:
    """Return a name of a column as it is compared: case, width, spaces, '_' and '-' make no difference.

    >>> plain("Message_Body"), plain("ＳＫＵ ")
    ('message body', 'sku')
    """
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


_PLAIN_TEXT_COLUMNS = tuple(map(plain, TEXT_COLUMNS))
