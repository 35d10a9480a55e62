"""Places in names of organisations: where they stand, and the name without them."""

import re
from collections.abc import Mapping
from functools import cache

from customer_registry.domain.values.late_pattern import late_pattern
from customer_registry.domain.values.trade_words import split_trade

__all__ = ["split_places"]

_LATIN = tuple(
    """
    china shanghai beijing shenzhen guangzhou hangzhou nanjing suzhou ningbo tianjin wuhan chengdu
    chongqing qingdao dalian xiamen xian wuxi fujian zhejiang jiangsu guangdong shandong hongkong
    hk macau macao taiwan taipei singapore asia apac asiapacific
    """.split()
)
_REGIONS = (
    "中国 大陆 亚洲 亚太 大中华 大中华区 全球 国际 华东 华南 华北 华中 西南 西北 东北 集团".split()
)
_RANKS = late_pattern(
    "(?:[壮回]族自治区|维吾尔自治区|自治区|特别行政区|[一-鿿]{0,9}自治州|省|地区|[市县](?![场政民值域])"
    "|区(?![块域间]))?"
)
_COUNTY = late_pattern("[一-鿿]{1,10}?自治县|[一-鿿]{1,3}县(?!域)|[一-鿿]{2,3}市(?![场政民值])")
_COUNTY_BEHIND_A_PLACE = late_pattern(
    "[一-鿿]{1,10}?自治[县旗]|[一-鿿]{1,6}?(?:[县市](?![场政民值域])|区(?![块域间])|(?<=..)旗(?![舰下袍牌帜]))"
)
_NO_COUNTIES = tuple(
    "都市 超市 城市 夜市 门市 菜市 集市 花市 股市 小区 社区 景区 校区 院区 厂区 军区 园区".split()
)
_OF_A_COUNTY = frozenset("县市区旗")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_MOST_PLACES = 4  # province, prefecture, county, zone


def split_places(core: str) -> tuple[str, frozenset[str]]:
    """Return a name without its places and brackets, and the short names of those places.

    `core` is a folded name without its legal form. A name that would be left with nothing of its
    own keeps its place: 上海银行, 北京大学.

    >>> split_places("浦江(上海)贸易") == split_places("上海市浦江贸易")
    True
    >>> split_places("上海银行")
    ('上海银行', frozenset())
    """
    places: set[str] = set()

    def kept(bracket: re.Match[str]) -> str:
        rest, found = _split_front(bracket[1])
        if rest and rest not in _REGIONS and rest not in _LATIN:
            return bracket[1]
        places.update(found)
        return ""

    bare = _IN_BRACKETS.sub(kept, core).replace("(", "") if "(" in core else core
    bare = bare.replace(")", "")
    rest, found = _split_front(bare)
    if not split_trade(rest)[0]:
        rest, found = bare, []
    return (rest, frozenset([*places, *found])) if rest else (core, frozenset())


def _split_front(name: str) -> tuple[str, list[str]]:
    """Return what follows the places that a name begins with, and the places."""
    places: list[str] = []
    rest = name
    while rest and len(places) < _MOST_PLACES:
        place, end = _first_place(rest, behind_another=bool(places))
        if not end:
            break
        places.append(place)
        rest = rest[end:]
    return rest, places


def _first_place(name: str, *, behind_another: bool) -> tuple[str, int]:
    """Return the place that a name begins with and where it ends; 0 where it begins with none."""
    for place in _known().get(name[:2], ()):
        if name.startswith(place):
            rank = _RANKS.match(name, len(place))
            return place, rank.end() if rank else len(place)
    if _OF_A_COUNTY.isdisjoint(name):
        return "", 0
    county = (_COUNTY_BEHIND_A_PLACE if behind_another else _COUNTY).match(name)
    if county is None or county[0].endswith(_NO_COUNTIES):
        return "", 0
    return county[0][:-1], county.end()


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """Return the places by their first two characters, the longest first."""
    from customer_registry.domain.values import _places  # noqa: PLC0415  a long table

    table = f"{_places.PROVINCES} {_places.PREFECTURES} {_places.AUTONOMOUS}"
    names = frozenset([*table.split(), *_LATIN]) - {"阿里"}  # as short as that it is a trade name
    begun: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        begun.setdefault(name[:2], []).append(name)
    return {begin: tuple(named) for begin, named in begun.items()}
