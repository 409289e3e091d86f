"""Mails: MIME decoded, the plain text preferred, faults of charsets survived."""

from email.message import EmailMessage

import pytest

from serve.archive.formats.mail import read_mail
from serve.archive.html import html_to_text


def mail(**parts):
    message = EmailMessage()
    message["Subject"] = "Wo ist es? 荷物"
    message["From"] = "Käufer <k@example.com>"
    message["Date"] = "Tue, 03 Mar 2026 10:00:00 +0100"
    if "plain" in parts:
        message.set_content(parts["plain"], charset=parts.get("charset", "utf-8"))
    if "html" in parts:
        add = message.add_alternative if "plain" in parts else message.set_content
        add(parts["html"], subtype="html")
    return message


def test_headers_are_decoded():
    record, problem = read_mail(mail(plain="Hallo").as_bytes())
    assert not problem
    assert record["subject"] == "Wo ist es? 荷物"
    assert record["from"] == "Käufer <k@example.com>"
    assert record["date"] == "2026-03-03T10:00:00+01:00"
    assert record["to"] is None


@pytest.mark.parametrize(("charset", "text"), [("iso-2022-jp", "荷物がまだ"), ("gb18030", "包裹"), ("utf-8", "où ça")])
def test_charsets(charset, text):
    assert read_mail(mail(plain=text, charset=charset).as_bytes())[0]["text"] == text


def test_plain_text_is_preferred_and_html_read_where_there_is_none():
    assert read_mail(mail(plain="plain", html="<p>html</p>").as_bytes())[0]["text"] == "plain"
    assert read_mail(mail(html="<p>one</p><p>t&auml;st</p>").as_bytes())[0]["text"] == "one\ntäst"


def test_attachments_are_left_aside():
    message = mail(plain="See the photo")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    message.add_attachment("not me", filename="a.txt")
    assert read_mail(message.as_bytes())[0]["text"] == "See the photo"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Subject: x\nContent-Type: text/plain; charset=nonsense\n\ncaf\xc3\xa9", "café"),
        (b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\ncaf\xe9", "café"),
        (b"Subject: x\nContent-Type: text/plain; charset=us-ascii\n\n\xe8\x8d\xb7", "荷"),
        (b"Subject: x\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGFsb$bG8=", None),
        (b"Subject: =?utf-9?q?x?=\n\nbody", "body"),
        (b"Subject: only this\n\n", "only this"),
        (b"Content-Type: multipart/mixed\n\nno boundary", None),
        (b"Date: never\nSubject: x\n\nbody", "body"),
    ],
)
def test_faulty_mails_are_survived(raw, text):
    record, problem = read_mail(raw)
    assert not problem
    assert isinstance(record["text"], str)
    assert text is None or record["text"] == text


def test_what_is_no_mail_says_so():
    assert "no headers" in read_mail(b"\njust text")[1]


def test_mbox(tmp_path, label):
    first, second = mail(plain="Where is it?\nFrom Rome it comes"), mail(html="<p>Es ist <b>kaputt</b></p>")
    text = b"From a@b Tue Mar  3\n" + first.as_bytes().replace(b"\nFrom Rome", b"\n>From Rome")
    text += b"\nFrom a@b Tue Mar  3\n" + second.as_bytes() + b"\n\nFrom a@b\nbroken\n"
    (tmp_path / "in.mbox").write_bytes(text)
    rows = label(tmp_path / "in.mbox")
    assert rows[0]["text"] == "Where is it?\nFrom Rome it comes"
    assert (rows[1]["text"], rows[1]["language"]) == ("Es ist kaputt", "de")
    assert len(rows) == 3
    assert rows[2]["error"]


def test_a_folder_of_mails(tmp_path, label):
    for n in range(3):
        (tmp_path / "mails").mkdir(exist_ok=True)
        (tmp_path / "mails" / f"{n}.eml").write_bytes(mail(plain=f"Where is parcel {n}?").as_bytes())
    rows = label(tmp_path / "mails", output="o.csv")
    assert [r["text"] for r in rows] == [f"Where is parcel {n}?" for n in range(3)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<br>", ""),
        ("a<br>b<div>c</div>d", "a\nb\nc\nd"),
        ("<table><tr><td>Order</td><td>12</td></tr><tr><td>x</td></tr></table>", "Order 12\nx"),
        ("<script>x()</script><style>y</style>hi &amp; bye", "hi & bye"),
        ("new<blockquote>old<blockquote>older</blockquote></blockquote>", "new\n> old\n> > older"),
        ("<p>unclosed <b>tag", "unclosed tag"),
        ("a\n  b\t c", "a b c"),
    ],
)
def test_html(html, text):
    assert html_to_text(html) == text
