"""The suffix of a file name, which says how the file is to be read."""

from __future__ import annotations

import re


def tell_suffix(name: str) -> str:
    """The suffix of a file name in small letters; "" where what follows the dot is no suffix.

    >>> tell_suffix("a.b/2022.03.30"), tell_suffix("A.HTM"), tell_suffix("3.30福建日报")
    ('', '.htm', '')
    """
    match = re.search(r"[^/](\.[A-Za-z0-9]{1,10})$", name)
    if not match or match[1][1:].isdigit():
        return ""
    return match[1].lower()
