"""Offices in full: 省长 on a page of 江苏 is 江苏省省长."""

from __future__ import annotations

import re
from pathlib import Path

from ..lexicons.tenures import read_tenures
from ..schema import PROVINCES
from .identity import CENTRAL

_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_REGIONS = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}
_SPLIT = re.compile(r"[、 \u3000]|(?<=[长记任席员])兼(?=[\u4e00-\u9fff])")
#: 四川省人民政府省长 is 四川省省长.
_GOVERNMENT = re.compile(r"(?:人民)?政府(?=(?:代|副|常务副)?(?:省长|市长|县长|区长|州长|主席)$)")
_CHIEF = "(?:代|副|常务副|原)?"
_ERA = re.compile(r"^(?:时任|现任|新任|前任|候任)")


#: Printed behind a name, these say which office only to who knows its holder: 李克强总理, 尹力书记.
_BARE = {
    "主席": ("国家主席", "全国政协主席"),
    "副主席": ("国家副主席",),
    "总理": ("国务院总理",),
    "副总理": ("国务院副总理",),
    "委员长": ("全国人大常委会委员长",),
    "书记": ("省委书记", "自治区党委书记", "市委书记"),
}


def full_province(province: str) -> str:
    """The full name of a province.

    >>> full_province("福建"), full_province("北京"), full_province("广西")
    ('福建省', '北京市', '广西壮族自治区')
    """
    if province in _MUNICIPALITIES:
        return province + "市"
    return _REGIONS.get(province, province + "省")


def name_offices(
    role: str, province: str | None, city: str | None, county: str | None = None, name: str | None = None,
    holders_extra: Path | None = None,
) -> list[str]:
    """Each office of `role` (as printed, 、 between several) in full, by the place of the page; and by `name` where
    the title alone says too little and the table of holders, or a user's own (`holders_extra`), knows that person's office.

    >>> name_offices("省委副书记、省长", "福建", None)
    ['福建省委副书记', '福建省省长']
    >>> name_offices("总理", None, None, None, "李克强"), name_offices("书记", "福建", "泉州", None, "尹力")
    (['国务院总理'], ['福建省委书记'])
    """
    offices: list[str] = []
    scope = ""
    for part in _SPLIT.split(role):
        part = _GOVERNMENT.sub("", _ERA.sub("", part))
        if not part:
            continue
        known = _tell_by_name(name, part, province, city, holders_extra) if name and part in _BARE else None
        full, scope = (known, "") if known else _complete(part, province, city, county, scope)
        if full not in offices:
            offices.append(full)
    return offices


def _tell_by_name(
    name: str, title: str, province: str | None, city: str | None, holders_extra: Path | None
) -> str | None:
    """The full office of `name` that a bare title means, as far as the table of holders knows one."""
    held = {(tenure.office, tenure.place) for tenure in read_tenures(holders_extra).get(name, ())}
    for office in _BARE[title] if held else ():
        if (office, "") in held:
            return office
        for place in (city, province):
            short = (place or "").removesuffix("市")
            if short and (office, short) in held:
                return _complete(office, province, city if place == city else None, None, "")[0]
    return None


_INNER = re.compile(
    r"^(?:党委|党组|组织部|宣传部|统战部|政法委|纪委|监委|秘书长|副秘书长|人大|政协|政府|办公厅|常委|常务副|教育厅|公安厅|财政厅|公安局|财政局|教育局)"
)


def _complete(part: str, province: str | None, city: str | None, county: str | None, scope: str) -> tuple[str, str]:
    """One office in full, and the scope (province, city, county or "") it tells for the next one."""
    if part == "总书记":
        return "中共中央总书记", ""
    if part in ("国家主席", "国家副主席") or part.startswith(CENTRAL):
        return part, ""
    named = next((p for p in PROVINCES if part.startswith(p)), None)
    if named:
        whole = full_province(named)
        rest = part.removeprefix(named)
        if re.fullmatch(rf"{_CHIEF}(?:省长|市长)", rest) and rest[-2] == whole[-1]:
            return whole + rest, whole  # 福建省长 is 福建省省长
        if rest.startswith("自治区") and whole.endswith("自治区"):
            return whole + rest.removeprefix("自治区"), whole
        return part, whole
    whole = full_province(province) if province else ""
    if whole:
        short = province or ""
        if re.match(rf"{_CHIEF}省长", part):
            return whole + part, whole
        if part.startswith("省") and whole.endswith("省"):
            return short + part, whole
        if part.startswith("自治区") and "自治区" in whole:
            return whole + part.removeprefix("自治区"), whole
        if province in _MUNICIPALITIES and (part.startswith("市") or re.match(rf"{_CHIEF}市长", part)):
            return (whole if re.match(rf"{_CHIEF}市长", part) else short) + part, whole
    if city:
        kind = next((k for k in ("州", "盟") if part.startswith((k, "代" + k, "副" + k))), "市")
        town = city if city.endswith(("市", "州", "盟", "地区")) else city + kind
        if re.match(rf"{_CHIEF}(?:市长|州长|盟长)", part):
            return town + part, town
        if part.startswith(("市", "州", "盟")) and town.endswith(part[0]):
            return town[:-1] + part, town
    if county:
        if re.match(rf"{_CHIEF}(?:县长|区长|旗长|市长)", part):
            return county + part, county
        if part[0] in "县区旗市" and county.endswith(part[0]):
            return county[:-1] + part, county
    if scope and _INNER.match(part):
        return scope + part if not part.startswith(("组织部", "宣传部", "统战部", "政法委", "纪委")) else scope + "委" + part, scope
    return part, scope
