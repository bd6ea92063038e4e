"""Radicals of Chinese writing, which fonts share with the characters that look alike, as those characters.

A program that writes a PDF looks a glyph's character up in its font, and where a radical shares the glyph with an
ideograph it may name the radical. No text means the radicals of the indexes of dictionaries, and no search finds them.
Source: EquivalentUnifiedIdeograph.txt of Unicode 14 for U+2E80–2EF3, the compatibility mappings for U+2F00–2FD5.
"""

from __future__ import annotations

import re
import unicodedata

_RADICAL = re.compile("[\u2e80-\u2fd5]")
_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉"
    "⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝"
    "𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_TABLE = str.maketrans(_RADICALS, _IDEOGRAPHS)


def with_ideographs(text: str) -> str:
    """Return the text with ideographs for radicals; its length in code points stays."""
    if not _RADICAL.search(text):
        return text
    return _RADICAL.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text.translate(_TABLE))
