"""What exports call a marketplace, to the platform whose clock is known."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import get_args

from serve.archive.names import plain
from serve.schemas import Platform

# Names in other writings, and shops' own; what begins with a platform's name ('Amazon.de', 'eBay UK') needs no entry.
_OTHER_NAMES = {
    "amazon": ("amz", "アマゾン", "亚马逊", "亞馬遜", "아마존", "أمازون"),
    "taobao": ("淘宝", "淘寶"),
    "tmall": ("天猫", "天貓"),
    "jd": ("京东", "京東"),
    "pinduoduo": ("拼多多", "pdd"),
    "douyin": ("抖音",),
    "kuaishou": ("快手",),
    "shopee": ("虾皮", "蝦皮"),
    "aliexpress": ("速卖通",),
    "rakuten": ("楽天", "乐天", "樂天"),
    "coupang": ("쿠팡",),
    "mercadolibre": ("mercado libre", "mercado livre", "mercadolivre"),
    "tiktok_shop": ("tiktok", "tik tok"),
    "own": ("own shop", "webshop", "website", "online shop", "onlineshop"),
}


_SHOWN = {
    "ebay": "eBay", "jd": "JD", "aliexpress": "AliExpress", "tiktok_shop": "TikTok Shop", "mercadolibre": "Mercado Libre",
    "own": "own shop", "": "not told",
}  # fmt: skip


def market_name(name: str) -> str:
    """Return a marketplace as it is shown: one of ours by its usual name, another as it came.

    >>> market_name("tiktok_shop"), market_name("amazon"), market_name("etsy")
    ('TikTok Shop', 'Amazon', 'etsy')
    """
    return _SHOWN.get(name) or (name.title() if name in get_args(Platform) else name)


@lru_cache(maxsize=10_000)
def platform_of(name: str) -> str | None:
    """Return the platform's name in our data; None where it is none of them.

    >>> platform_of("Amazon.de"), platform_of("TikTok Shop"), platform_of("楽天市場"), platform_of("Etsy")
    ('amazon', 'tiktok_shop', 'rakuten', None)
    """
    wanted = plain(name)
    for platform in get_args(Platform):
        for known in (plain(platform), *_OTHER_NAMES.get(platform, ())):
            if wanted == known or (wanted.startswith(known) and _ends(wanted[len(known)], known)):
                return str(platform)
    return None


def _ends(following: str, known: str) -> bool:
    """'JD.com' begins with JD; 'jdsports' does not; scripts without spaces need no gap ('楽天市場')."""
    return not known.isascii() or re.match(r"[a-z0-9]", following) is None
