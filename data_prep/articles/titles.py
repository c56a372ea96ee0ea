"""The title of an article: what a reader would quote of its headline block, or of its file.

A newspaper's headline block can hold more lines than the headline: a kicker (引题) above, a
subhead (副题) below. Where one line alone says who did what, and to what end
(尹力在…会上强调 突出防控重点再发力), that line alone is the title; otherwise all lines are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data_prep.articles.looks import EVENT, HAN, is_subline

#: What a site puts before a headline: [视频], (图文).
SITE_TAG = re.compile(r"^(?:[\[(（【](?:视频|图文|组图|图|图解|高清|独家|转载)[\])）】]\s*)+")
_SITE_NAME = re.compile(r"\s*[_|丨–—-]+\s*[^_|丨–—-]{0,30}(?:网|网站|频道|日报|客户端|新闻|政府|门户|cctv\.com\S*)[)）]?\s*$", re.I)


def clean_title(title: str) -> str:
    """A page's title without tags and names of the site.

    >>> clean_title("[视频]三部门规范网络直播营利行为_CCTV节目官网-CCTV-1_央视网(cctv.com)")
    '三部门规范网络直播营利行为'
    """
    title = SITE_TAG.sub("", re.split("[_|丨]", title.strip(), maxsplit=1)[0])
    return _SITE_NAME.sub("", title).strip()


def choose_title(heads: Sequence[str]) -> str:
    """The title of a headline block: the line that says event and purpose, else all lines.

    >>> choose_title(["坚定清零目标不松劲 全面做好保障", "尹力在视频会上强调 突出防控重点再发力"])
    '尹力在视频会上强调 突出防控重点再发力'
    >>> choose_title(["尽锐出战全力攻坚 尽快实现清零", "赵龙赴泉州检查防控工作"])
    '尽锐出战全力攻坚 尽快实现清零 赵龙赴泉州检查防控工作'
    >>> choose_title(["全市领导干部会议召开", "胡玉亭出席并讲话 陈绍旺主持"])
    '全市领导干部会议召开 胡玉亭出席并讲话 陈绍旺主持'
    """
    heads = [SITE_TAG.sub("", head) for head in heads if not is_subline(head)] or [
        head for head in heads[:1] if re.fullmatch(rf"[{HAN}]+", head)
    ]
    heads = ["".join(head.split()) if re.fullmatch(r"\w(?:\s+\w)+", head) else head for head in heads]
    for head in heads:
        parts = head.split()
        events = [bool(EVENT.search(part)) for part in parts]
        if len(heads) > 1 and len(parts) > 1 and events[0]:
            return head
        if any(events):
            break  # a whole headline of its own: what follows only adds to it
    return " ".join(heads)


def is_same_title(line: str, title: str) -> bool:
    """Whether a line is the page's own title, or a main part of it (sites add their name to it).

    >>> is_same_title("三部门规范网络直播营利行为", "[视频]三部门规范网络直播营利行为_央视网(cctv.com)")
    True
    """
    a, b = re.sub(r"\W", "", line), re.sub(r"\W", "", title)
    short, long = sorted((a, b), key=len)
    return len(short) >= 6 and short in long and (a == short or len(short) * 2 >= len(long))
