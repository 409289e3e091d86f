"""The text of an HTML mail: lines where blocks end, quotes marked as mail programs mark them in plain text."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

_UNSEEN = ["script", "style", "head", "title", "template", "noscript"]
_BLOCKS = "p,div,tr,li,ul,ol,table,h1,h2,h3,h4,h5,h6,pre,section,article,header,footer,blockquote,hr"


def html_to_text(html: str) -> str:
    """Return what a reader sees.

    Examples
    --------
    >>> print(html_to_text("<style>p {}</style><p>Wo ist<br>mein <b>Paket</b>?</p><blockquote>Hallo,<br>bald</blockquote>"))
    Wo ist
    mein Paket?
    > Hallo,
    > bald
    """
    tree = LexborHTMLParser(html.replace("\x00", ""))
    tree.strip_tags(_UNSEEN)
    if tree.body is None:
        return ""
    # White space in the source means nothing; line ends are marked with a character that text does not hold.
    for node in tree.css("br"):
        node.replace_with("\x01")
    for node in tree.css("td,th"):
        node.insert_after(" ")
    for node in tree.css(_BLOCKS):
        node.insert_before("\x01")
        node.insert_after("\x01")
    for node in reversed(tree.css("blockquote")):  # the inner ones first: they are quoted twice then
        node.replace_with("\x01".join(f"> {line}" for line in _lines(node.text())))
    return "\n".join(_lines(tree.body.text()))


def _lines(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.split("\x01"))
    return [line for line in lines if line]
