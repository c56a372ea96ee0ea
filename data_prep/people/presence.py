"""What a person named in an article did there: chaired, spoke, attended, or was only mentioned."""

from __future__ import annotations

import re

#: What may stand between a name and the verb that belongs to it: the rest of a list, an adverbial.
_CLAUSE_END = re.compile(r"[。！？!?；;\n]")
_CHAIRED = re.compile(r"^[^,，。；;\n]{0,14}?主持")
_CHAIRED_BEFORE = re.compile(r"由[^,，。；;\n]{0,20}$")
_ATTENDED = re.compile(r"^(?:[^。；;\n]{0,160}?)(?:出席|参加|列席|陪同|收听收看|参会|一同参加|参加会议|与会)")
_LISTED = re.compile(r"^(?:、[^,，。；;\n]+?|[^,，。；;\n]{0,30}?)(?:出席|参加|列席|陪同|收听收看|参会|与会)")


def tell_presence(text: str, begin: int, end: int) -> str:
    """chaired, spoke, attended or mentioned, from what follows the name at text[begin:end] within its sentence.

    >>> tell_presence("省领导王宁、张志南参加。", 3, 5)
    'attended'
    """
    stop = _CLAUSE_END.search(text, end)
    rest = text[end : stop.start() if stop else len(text)][:300]
    if _CHAIRED.match(rest):
        return "chaired"
    if re.match(r"[^,，。、；;\n]{0,12}?(?:强调|指出|要求|表示|说|讲话|致辞|作具体要求|提出|通报|介绍|部署|认为|宣布|发言|汇报)", rest):
        return "spoke"
    if _LISTED.match(rest):
        return "attended"
    return "mentioned"
