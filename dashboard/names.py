"""Names of provinces as the dashboard writes them, and where each stands on the tile map.

Every province is one tile, laid so that neighbours stand beside one another as far as a grid allows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProvinceName:
    """A province: short name, English name, one-character abbreviation, letter code (GB/T 2260), place on the map."""

    name: str
    english: str
    short: str
    code: str
    row: int
    column: int


_TABLE = """
北京 Beijing 京 BJ 2 7
天津 Tianjin 津 TJ 3 7
河北 Hebei 冀 HE 2 6
山西 Shanxi 晋 SX 2 5
内蒙古 Inner_Mongolia 蒙 NM 1 6
辽宁 Liaoning 辽 LN 2 8
吉林 Jilin 吉 JL 1 9
黑龙江 Heilongjiang 黑 HL 0 9
上海 Shanghai 沪 SH 5 8
江苏 Jiangsu 苏 JS 4 7
浙江 Zhejiang 浙 ZJ 5 7
安徽 Anhui 皖 AH 4 6
福建 Fujian 闽 FJ 6 6
江西 Jiangxi 赣 JX 5 6
山东 Shandong 鲁 SD 3 6
河南 Henan 豫 HA 3 5
湖北 Hubei 鄂 HB 4 5
湖南 Hunan 湘 HN 5 5
广东 Guangdong 粤 GD 6 5
广西 Guangxi 桂 GX 6 4
海南 Hainan 琼 HI 7 4
重庆 Chongqing 渝 CQ 4 4
四川 Sichuan 川 SC 4 3
贵州 Guizhou 黔 GZ 5 4
云南 Yunnan 滇 YN 5 3
西藏 Tibet 藏 XZ 4 1
陕西 Shaanxi 陕 SN 3 4
甘肃 Gansu 甘 GS 2 2
青海 Qinghai 青 QH 3 2
宁夏 Ningxia 宁 NX 2 3
新疆 Xinjiang 新 XJ 2 0
台湾 Taiwan 台 TW 6 8
香港 Hong_Kong 港 HK 7 6
澳门 Macao 澳 MO 7 5
"""

PROVINCE_NAMES: dict[str, ProvinceName] = {
    name: ProvinceName(name, english.replace("_", " "), short, code, int(row), int(column))
    for name, english, short, code, row, column in (line.split() for line in _TABLE.split("\n") if line)
}


def name_province(name: str | None, language: str, centre: str = "") -> str:
    """A province's name in the language; `centre` for what belongs to none.

    >>> name_province("福建", "en"), name_province("福建", "zh")
    ('Fujian', '福建')
    """
    if not isinstance(name, str) or not name:
        return centre
    known = PROVINCE_NAMES.get(name)
    return known.english if known and language == "en" else name
