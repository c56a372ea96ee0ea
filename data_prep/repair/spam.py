"""Lines of spam between the paragraphs of a page are taken out.

A line goes only where its words advertise: terms of gambling, pornography, forged papers
or loans, together with a call to act (register, add on WeChat, an address). News *about*
such things (公安机关打击网络赌博) speaks of police and crime and has neither.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from daachorse import CharwiseDoubleArrayAhoCorasick

from data_prep.lexicons import read_lexicon
from data_prep.schema import Edit

#: What terms, calls and addresses of a line must weigh together; news words weigh against.
_ENOUGH = 4
# What every line of spam has one of: the beginnings of calls to act, and the marks of addresses.
_CALLS = ("注册", "开户", "彩金", "返水", "赔率", "首存", "首充", "充值", "提款", "提现", "体验金", "网址", "下载",
          "点击", "客服", "加微信", "加QQ", "加群", "代理", "www.", "http", ".com", ".cc", ".vip", "QQ", "微信")
_LONGEST = 400  # characters of a line that may be nothing but spam
_ADDRESS = re.compile(
    r"https?://|www\.|[a-z0-9-]{2,}\.(?:com|net|cc|vip|xyz|top|app|info|org|co|me|tv|ag|bet)\b"
    r"|(?:QQ|qq|Q群|微信|VX|vx|V信|电报|TG)\s*[:：]?\s*[A-Za-z0-9_-]{5,}", re.IGNORECASE)


def drop_spam(text: str) -> list[Edit]:
    """Edits that empty lines of spam; the line break stays.

    >>> [edit.before for edit in drop_spam("会议强调。\\n澳门新葡京娱乐场注册送彩金 www.xpj88.com\\n会议要求。")]
    ['澳门新葡京娱乐场注册送彩金 www.xpj88.com']
    >>> drop_spam("公安机关严厉打击六合彩、时时彩等网络赌博犯罪。")
    []
    """
    edits = []
    for begin, end in _list_lines(text):
        line = text[begin:end]
        if (weight := _weigh(line)) >= _ENOUGH:
            confidence = round(1 - 0.3 ** (weight - _ENOUGH + 2), 4)
            edits.append(Edit("spam_line", begin, end, line, "", confidence))
    return edits


def _list_lines(text: str) -> list[tuple[int, int]]:
    """Lines that hold a call to act, and are short enough."""
    lines = set()
    for call in _CALLS:
        at = text.find(call)
        while at >= 0:
            begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = len(text) if end < 0 else end
            if end - begin <= _LONGEST:
                lines.add((begin, end))
            at = text.find(call, end)
    return sorted(lines)


def _weigh(line: str) -> int:
    """What the terms of a line weigh together; 0 where nothing calls to act."""
    automaton, rows = _terms()
    found = {number for _, _, number in automaton.find_overlapping(line)}
    has_address = bool(_ADDRESS.search(line))
    if not has_address and all(rows[number].kind != "call" for number in found):
        return 0
    return sum(int(rows[number].weight) for number in found) + 2 * has_address


@cache
def _terms() -> tuple[CharwiseDoubleArrayAhoCorasick, list[Any]]:
    rows = list(read_lexicon("spam").itertuples())
    return CharwiseDoubleArrayAhoCorasick([row.term for row in rows]), rows
