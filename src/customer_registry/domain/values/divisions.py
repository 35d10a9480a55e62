"""Chinese administrative divisions by code and by name, those of today and those that were."""

from collections.abc import Collection, Mapping
from functools import cache, cached_property
from typing import Literal, TypeAlias

import attrs

from customer_registry.domain.values.late_pattern import late_pattern

__all__ = [
    "DATA_DATE",
    "Division",
    "Level",
    "by_code",
    "children",
    "find",
    "lies_in",
    "named_at",
    "official",
]

Level: TypeAlias = Literal["province", "prefecture", "county"]

DATA_DATE = "2026-09-11"
"""The day the list was taken from the national geographical names database (dmfw.mca.gov.cn)."""

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


@attrs.frozen(kw_only=True, cache_hash=True)
class Division:
    """A province, prefecture or county by its code of six digits (GB/T 2260).

    `parent` is the code of the division above, None for a province; a county of a municipality or
    directly below a province has the province. `retired` is the year a division was abolished,
    recoded or renamed and `successors` the codes of what stands in its place, as far as known.

    >>> by_code("500105").retired, by_code("500105").successors
    (2025, ('500157',))
    """

    code: str
    name: str
    parent: str | None
    retired: int | None = None
    successors: tuple[str, ...] = ()

    @cached_property
    def level(self) -> Level:
        """Which of the three levels it is of."""
        if self.code.endswith("0000"):
            return "province"
        return "prefecture" if self.code.endswith("00") else "county"

    @property
    def province(self) -> str:
        """The code of its province."""
        return f"{self.code[:2]}0000"

    @cached_property
    def is_municipality(self) -> bool:
        """Whether it is a province of one city: Beijing, Tianjin, Shanghai or Chongqing."""
        return self.level == "province" and self.code[:2] in _MUNICIPALITIES

    @property
    def has_parts(self) -> bool:
        """Whether the list knows divisions below it; Dongguan and Hong Kong have none."""
        return bool(children(self.code))

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the province down to this one.

        >>> by_code("422801").path
        ('湖北省', '恩施土家族苗族自治州', '恩施市')
        """
        above = _all().get(self.parent) if self.parent else None
        return (*(above.path if above else ()), self.name)


def by_code(code: str) -> Division | None:
    """Return the division with this code, an abolished one too; None where no list ever had it.

    >>> by_code("110105").name, by_code("990000")
    ('朝阳区', None)
    """
    return _all().get(code)


def find(name: str, within: str | None = None) -> tuple[Division, ...]:
    """Return the divisions called `name` in full or in short, today's first.

    `within` is the code of a province or prefecture that they have to lie in.

    >>> [division.code for division in find("朝阳区")]
    ['110105', '220104']
    >>> [division.path for division in find("恩施州")]
    [('湖北省', '恩施土家族苗族自治州')]
    """
    found = _names().get(name, ())
    return found if within is None else tuple(each for each in found if lies_in(each, within))


def lies_in(division: Division, above: str) -> bool:
    """Return whether a division lies in the one with the code `above`, or did before a change."""
    return above in _around(division)


def official(name: str, above: str | None) -> Division | None:
    """Return today's division with just this name right below the one with the code `above`.

    >>> official("南山区", "440300").code
    '440305'
    """
    return _official().get((name, above))


def named_at(line: str, at: int) -> list[tuple[str, tuple[Division, ...]]]:
    """Return the names that stand in a line from `at` on, the longest first, with their places."""
    names = (line[at : at + length] for length in _lengths().get(line[at : at + 2], ()))
    return [(name, _names()[name]) for name in names if name in _names()]


def longest_at(line: str, at: int) -> str:
    """Return the longest name that stands in a line from `at` on; nothing where none does."""
    known = _names()
    for length in _lengths().get(line[at : at + 2], ()):
        if (name := line[at : at + length]) in known:
            return name
    return ""


@cache
def _around(division: Division) -> frozenset[str]:
    """Return the codes above a division and above what followed it, those of former parents too."""
    found = {division.province, *((division.parent,) if division.parent else ())}
    former = _all().get(division.parent or "")
    for code in (*division.successors, *(former.successors if former else ())):
        now = _today()[code]
        found |= {now.province, *((now.parent,) if now.parent else ())}
        found |= {code} if former and code in former.successors else set()
    return frozenset(found - {division.code} if division.retired is None else found)


def children(code: str) -> tuple[Division, ...]:
    """Return today's divisions directly below the one with this code."""
    return _children().get(code, ())


@cache
def _today() -> Mapping[str, Division]:
    """Return the divisions of today by code."""
    return {each.code: each for each in _read() if each.retired is None}


@cache
def _all() -> Mapping[str, Division]:
    """Return every division by code: today's, else the one that had the code last."""
    past = sorted((each for each in _read() if each.retired), key=lambda each: each.retired or 0)
    return {each.code: each for each in past} | dict(_today())


@cache
def _official() -> Mapping[tuple[str, str | None], Division]:
    return {(each.name, each.parent): each for each in _today().values()}


@cache
def _children() -> Mapping[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for each in _today().values():
        if each.parent:
            found.setdefault(each.parent, []).append(each)
    return {code: tuple(below) for code, below in found.items()}


@cache
def _names() -> Mapping[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for each in sorted(_read(), key=lambda each: -(each.retired or 9999)):
        for name in {each.name} if each.retired else spellings(each):
            found.setdefault(name, []).append(each)
    return {name: tuple(called) for name, called in found.items()}


@cache
def _lengths() -> Mapping[str, tuple[int, ...]]:
    """Return how long the names are that begin with two characters, the longest first."""
    found: dict[str, set[int]] = {}
    for name in _names():
        found.setdefault(name[:2], set()).add(len(name))
    return {begin: tuple(sorted(lengths, reverse=True)) for begin, lengths in found.items()}


@cache
def _read() -> tuple[Division, ...]:
    """Read the list; it lies beside this module and says where it comes from."""
    from importlib import resources  # noqa: PLC0415  the list is read at its first use

    text = (
        resources.files("customer_registry.domain.values")
        .joinpath("divisions.txt")
        .read_text("utf-8")
    )
    rows = [line.split(" ") for line in text.splitlines() if not line.startswith("#")]
    names = {row[0]: row[1] for row in rows if len(row) == _NOW}
    ever = {row[0] for row in rows}
    return tuple(_division(row, names, ever) for row in rows)


_NOW = 2


def _division(row: list[str], names: Mapping[str, str], ever: Collection[str]) -> Division:
    code, name, *was = row
    parent = _parent(code, ever if was else names.keys())
    if not was:
        return Division(code=code, name=name, parent=parent)
    year, *successors = was
    spelt = names[successors[0]] if name == "=" else name
    return Division(
        code=code, name=spelt, parent=parent, retired=int(year), successors=tuple(successors)
    )


def _parent(code: str, known: Collection[str]) -> str | None:
    province, prefecture = f"{code[:2]}0000", f"{code[:4]}00"
    if code == province:
        return None
    if prefecture != code and prefecture in known:
        return prefecture
    return province


_PEOPLES = "|".join(
    """蒙古族 蒙古 回族 藏族 维吾尔族 维吾尔 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 土家族
    哈尼族 哈萨克族 哈萨克 傣族 黎族 傈僳族 佤族 畲族 拉祜族 水族 东乡族 纳西族 景颇族 柯尔克孜族
    柯尔克孜 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 锡伯 阿昌族 普米族
    塔吉克族 塔吉克 怒族 鄂温克族 德昂族 保安族 裕固族 独龙族 鄂伦春族 鄂伦春 各族""".split()
)
_AUTONOMOUS = late_pattern(rf"(.{{2,20}}?)(?:{_PEOPLES}){{1,6}}(自治)([州县旗])")
_SUFFIX = late_pattern(
    r"(..+?)(?:自治区|特别行政区|自治[州县旗]|地区|新区|林区|矿区|特区|[省市州盟县区旗])"
)
_OTHERWISE = {
    "150000": ("内蒙古", "内蒙"),
    "450000": ("广西", "广西省", "广西自治区"),
    "540000": ("西藏",),
    "640000": ("宁夏", "宁夏省", "宁夏自治区"),
    "650000": ("新疆", "新疆省", "新疆自治区"),
    "710000": ("台湾",),
    "152500": ("锡盟", "锡林郭勒"),
    "652700": ("博州", "博尔塔拉"),
    "652800": ("巴州", "巴音郭楞"),
    "653000": ("克州", "克孜勒苏"),
    "532800": ("版纳", "西双版纳"),
    "150724": ("鄂温克旗",),
    "622926": ("东乡县", "东乡"),
}


def spellings(division: Division) -> frozenset[str]:
    """Return the names a division of today goes by, the full one among them.

    >>> sorted(spellings(by_code("522700")))
    ['黔南', '黔南州', '黔南布依族苗族自治州']
    """
    full = full_spellings(division)
    written = min(full, key=len)
    short = _SUFFIX.fullmatch(written)
    otherwise = _OTHERWISE.get(division.code, (short[1],) if short else ())
    return frozenset((*full, *otherwise))


@cache
def full_spellings(division: Division) -> frozenset[str]:
    """Return the names that show their level: the official one, and it without its peoples.

    >>> sorted(full_spellings(by_code("422800")))
    ['恩施土家族苗族自治州', '恩施州']
    """
    autonomous = _AUTONOMOUS.fullmatch(division.name)
    return frozenset({division.name, *([autonomous[1] + autonomous[3]] if autonomous else [])})
