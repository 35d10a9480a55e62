"""A Chinese address written in one piece, split into its divisions and what follows them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import attrs

from customer_registry.domain.values import divisions, text
from customer_registry.domain.values.divisions import Division
from customer_registry.domain.values.postal_provinces import fits_the_province, province_of

__all__ = ["SplitAddress", "official_parts", "split_address"]

_LONGEST = 400
_STILL_TYPED = 10  # years that people go on writing a name after it was abolished

_BETWEEN = re.compile(r"[\s,，、;；:：/|>_·.。\-—–]*")
_COUNTRY = re.compile(r"(?i:中华人民共和国|中国大陆|中国|china|cn)")
_PLAIN_STREET = re.compile(r"(?:[一-鿿](?:[一-鿿A-Za-z]|[0-9]{1,5}(?![0-9]))*)?")
_FILLERS = re.compile("市辖区|县|(?:省|自治区)直辖县级行政(?:区划|单位)")
_FIRST_OF_A_FILLER = frozenset("市县省自")


@attrs.frozen(kw_only=True)
class SplitAddress:
    """What a free text says, every part as it was typed.

    `region` is a province, `locality` a prefecture or what lies directly below a province without
    one, `district` a county; the four municipalities are a `region` with a `district`. What
    follows is `street_address`, townships and functional zones included. `division` is the
    smallest one recognised. Where a name stands for several places, nothing is split: they are
    the `candidates` and the `doubtful` word is told. `retired` are the names of former times.
    """

    country: str | None = attrs.field(default=None, repr=False)
    region: str | None = attrs.field(default=None, repr=False)
    locality: str | None = attrs.field(default=None, repr=False)
    district: str | None = attrs.field(default=None, repr=False)
    street_address: str | None = attrs.field(default=None, repr=False)
    postal_code: str | None = attrs.field(default=None, repr=False)
    division: Division | None = None
    candidates: tuple[Division, ...] = ()
    doubtful: str | None = attrs.field(default=None, repr=False)
    unknown: str | None = attrs.field(default=None, repr=False)
    retired: tuple[Division, ...] = ()


def split_address(typed: str) -> SplitAddress:
    """Return the parts of an address of mainland China written in one piece; it never guesses.

    Names may lack their suffix (广东深圳南山) and their province (深圳市南山区); a postal code at
    either end or set apart inside is found; a text that names no division is all street.
    Raises InvalidValue for what `text.line` refuses.

    >>> split = split_address("广东省深圳市南山区科技园 518057")
    >>> split.region, split.locality, split.district, split.street_address, split.postal_code
    ('广东省', '深圳市', '南山区', '科技园', '518057')
    >>> [division.path for division in split_address("朝阳区建国路1号").candidates]
    [('北京市', '朝阳区'), ('吉林省', '长春市', '朝阳区')]
    """
    line = text.line(typed, longest=_LONGEST)
    for match in _postal_codes(line) if _SIX_DIGITS.search(line) else ():
        postal = text.width_folded(match[1])
        split = _without_postal_code(_around(line, match))
        if _belongs(postal, split, apart=_stands_apart(line, match)):
            return attrs.evolve(split, postal_code=postal)
    return _written_out(line) or _without_postal_code(line)


def official_parts(
    region: str | None, locality: str | None, district: str | None, street: str | None
) -> SplitAddress | None:
    """Return what `split_address` makes of parts in their official names; None for any others.

    >>> official_parts("广东省", "深圳市", "南山区", "科技园").division.code
    '440305'
    """
    place = None
    names = (region, locality, district) if locality else (region, district)
    for name in names:
        place = _official(name, place)
        if place is None:
            return None
    return _down_to_a_county(names, place, street)


def _written_out(line: str) -> SplitAddress | None:
    """Return what `_without_postal_code` would, sooner, for official names down to a county."""
    names: list[str] = []
    at, place = 0, None
    while place is None or place.level != "county":
        names.append(divisions.longest_at(line, at))
        place = _official(names[-1], place)
        if place is None:
            return None
        at += len(names[-1])
    return None if line.startswith("市场", at - 1) else _down_to_a_county(names, place, line[at:])


def _down_to_a_county(
    names: Sequence[str | None], place: Division | None, street: str | None
) -> SplitAddress | None:
    """Return the parts of an address in which `place` has the last of these names."""
    if place is None or place.level != "county" or not _PLAIN_STREET.fullmatch(street or ""):
        return None
    region, *between, district = names
    if not (between or _municipal(place)):
        return None
    return SplitAddress(
        region=region,
        locality=between[0] if between else None,
        district=district,
        street_address=street or None,
        division=place,
    )


def _official(name: str | None, above: Division | None) -> Division | None:
    """Return the one division of today with just this name right below another one."""
    return divisions.official(name, above.code if above else None) if name else None


class _Step(NamedTuple):
    """A name of the text and the division it stands for; None where it only fills a level."""

    start: int
    end: int
    division: Division | None
    is_short: bool = False


def _without_postal_code(line: str) -> SplitAddress:
    start = 0
    named = _COUNTRY.match(line)
    if named and (after := _skip(line, named.end())) < len(line):
        start = after
    best = _longest(_readings(line, start, None))
    if not best and start:
        start, named = 0, None
        best = _longest(_readings(line, 0, None))
    if not best:
        unknown = _UNKNOWN_PROVINCE.match(line)
        return SplitAddress(street_address=line or None, unknown=unknown[1] if unknown else None)
    candidates = _places(best) if len(best) > 1 else ()
    if len(candidates) > 1:
        last = best[0][-1]
        doubtful = line[last.start : last.end]
        return SplitAddress(street_address=line, candidates=candidates, doubtful=doubtful)
    steps = min(best, key=_detours) if len(best) > 1 else best[0]
    return _laid_out(line, line[: named.end()] if named else None, steps)


def _laid_out(line: str, country: str | None, steps: tuple[_Step, ...]) -> SplitAddress:
    """Return the text cut at the steps of the one reading it has."""
    parts: dict[str, str] = {}
    for step in steps:
        slot = _slot(step, parts)
        parts[slot] = parts.get(slot, "") + line[step.start : step.end]
    places = [step.division for step in steps if step.division]
    rest = line[_skip(line, steps[-1].end) :]
    asks = places[-1].level == "province" and not places[-1].is_municipality
    unknown = _UNKNOWN_CITY.match(rest) if asks else None
    return SplitAddress(
        region=parts.get("region"),
        locality=parts.get("locality"),
        district=parts.get("district"),
        country=country,
        street_address=rest or None,
        division=places[-1],
        unknown=unknown[1] if unknown else None,
        retired=tuple(place for place in places if place.retired),
    )


def _slot(step: _Step, parts: dict[str, str]) -> str:
    place = step.division
    if place is None or (place.is_municipality and "region" in parts):
        return "locality"
    if place.level == "county":
        below_a_province = place.parent == place.province and not _municipal(place)
        return "locality" if below_a_province and "locality" not in parts else "district"
    return "region" if place.level == "province" else "locality"


def _municipal(place: Division) -> bool:
    province = divisions.by_code(place.province)
    return province is not None and province.is_municipality


def _readings(line: str, at: int, above: Division | None) -> list[tuple[_Step, ...]]:
    """Return every way to read divisions from here on, each smaller than the one before."""
    found: list[tuple[_Step, ...]] = []
    for step in (*_steps(line, at, above), *_fillers(line, at, above)):
        reached = step.division or above
        if reached is not None and reached.level != "county":
            further = _readings(line, _skip(line, step.end), reached)
            found += [(step, *steps) for steps in further]
        if _may_end(line, step, above):
            found.append((step,))
    return found


def _steps(line: str, at: int, above: Division | None) -> list[_Step]:
    return [
        _Step(at, at + len(name), place, is_short)
        for name, _ in divisions.named_at(line, at)
        for place, is_short in _reached(name, above)
    ]


@lru_cache(maxsize=4096)
def _reached(name: str, above: Division | None) -> tuple[tuple[Division, bool], ...]:
    """Return the places that a name may stand for below another one, and whether it is short."""
    return tuple(
        (place, _is_short(place, name))
        for place in divisions.find(name)
        if _reachable(place, name, above)
    )


def _reachable(place: Division, name: str, above: Division | None) -> bool:
    """Whether a division may be named so where the one above was named before it."""
    if above is None:
        return not (place.level == "county" and (_is_short(place, name) or _is_generic(name)))
    if place == above or not any(divisions.lies_in(place, code) for code in _codes(above)):
        return place == above and not _is_short(place, name)  # typed twice: 惠州市惠州市惠城区
    if _is_generic(name):
        return above.level == "prefecture" or place.parent in _codes(above)
    if place.level == "county" and _is_short(place, name):
        return place.parent in _codes(above) or place.name.endswith("市")
    return True


def _fillers(line: str, at: int, above: Division | None) -> tuple[_Step, ...]:
    """Return the word of old lists that stands between a division and its counties."""
    if above is None or line[at : at + 1] not in _FIRST_OF_A_FILLER:
        return ()
    filler = _FILLERS.match(line, at)
    return (_Step(at, filler.end(), None),) if filler else ()


def _codes(place: Division) -> tuple[str, ...]:
    return (place.code, *place.successors)


def _is_short(place: Division, name: str) -> bool:
    return not place.retired and name not in divisions.full_spellings(place)


def _is_generic(name: str) -> bool:
    """Whether a name says no more than which quarter of a town it is."""
    return name in _GENERIC or (len(name) == _SHORTEST and name.endswith("区"))


def _may_end(line: str, step: _Step, above: Division | None) -> bool:
    """Whether the text goes on, or ends, as it would after a division."""
    if step.division is None:
        return False
    if not step.is_short:
        return not line.startswith("市场", step.end - 1)
    if _GOES_ON_AS_A_NAME.match(line, step.end) or _is_begun(line, step):
        return False
    if above is not None or not (step.end < len(line) and text.is_han(line[step.end])):
        return True
    name = line[step.start : step.end]
    return name not in _ORDINARY_WORDS and not _OF_AN_INSTITUTION.match(line, step.end)


def _is_begun(line: str, step: _Step) -> bool:
    """Whether the name is the beginning of a longer one of its place: 内蒙 in 内蒙古大学."""
    return any(
        len(name) > step.end - step.start and step.division in places
        for name, places in divisions.named_at(line, step.start)
    )


def _longest(readings: list[tuple[_Step, ...]]) -> list[tuple[_Step, ...]]:
    """Return the readings that explain most of the text, those in names of today before others."""
    end = max((steps[-1].end for steps in readings), default=0)
    best = [steps for steps in readings if steps[-1].end == end]
    if len(best) == 1:
        return best
    current = [steps for steps in best if not any(map(_long_gone, steps))]
    settled = [steps for steps in current if not any(map(_gone, steps))]
    at_the_root = any(len(steps) == 1 and _gone(steps[0]) for steps in current)
    return (settled if settled and not at_the_root else current) or best


def _gone(step: _Step) -> bool:
    return step.division is not None and step.division.retired is not None


def _long_gone(step: _Step) -> bool:
    year = step.division.retired if step.division else None
    return year is not None and year < int(divisions.DATA_DATE[:4]) - _STILL_TYPED


def _places(readings: list[tuple[_Step, ...]]) -> tuple[Division, ...]:
    """Return the different places that the readings end in."""
    found: dict[tuple[str, ...], Division] = {}
    for steps in readings:
        last = steps[-1].division
        if last is not None:
            found.setdefault(last.successors or (last.code,), last)
    return tuple(found.values())


def _detours(steps: tuple[_Step, ...]) -> tuple[int, int]:
    """Rank a reading: names of today first, then those without a level left out."""
    places = [step.division for step in steps if step.division]
    gaps = sum(small.parent != large.code for large, small in pairwise(places))
    return sum(map(_gone, steps)), gaps


def _skip(line: str, at: int) -> int:
    found = _BETWEEN.match(line, at)
    return found.end() if found else at


_SHORTEST = 2
_GENERIC = frozenset("新城区 新市区 老城区".split())
_ORDINARY_WORDS = frozenset(
    """
    中山 朝阳 大同 北海 长治 安康 白山 白城 保山 海东 海西 海北 海南 黄南 玉树 红河 文山 兴安 南平
    三明 吉安 来宾
    """.split()
)
_GOES_ON_AS_A_NAME = re.compile(
    r"""
    [省市区县州盟旗] | 地区
    | [东西南北中上下前后内外新老大小环]{0,2}[一二三四五六七八九十百0-9]{0,3}
      (?:路|街|道|大道|巷|弄|里|胡同|桥|高速|快速|线)
    | [东西南北]?(?:站|火车站|汽车站|客运站|高铁站|机场|国际机场)
    | (?:镇|乡|社区|村|新村|新城(?!区)|小区|大学|学院|中学|小学|银行|大厦|大楼|饭店|宾馆|酒店|广场
      |公园|公寓|花园|商城|商厦|商场|文化|医院|法院|公司|集团|分公司|电视台|日报|体育|博物馆|图书馆
      |大剧院)(?![东西南北中]?(?:路|街|大道))
    | [山湖河江海岛城门楼宫寺塔馆湾港口府陵屯坡](?![一-鿿])
    """,
    re.VERBOSE,
)
_OF_AN_INSTITUTION = re.compile(r"[一-鿿]{0,10}?(?:大学|学院|研究院|研究所|公司|集团|银行)")
_UNKNOWN_PROVINCE = re.compile(r"([一-鿿]{2,3}(?:省|自治区))(?!道)")
_UNKNOWN_CITY = re.compile(
    r"([一-鿿]{2,4}?(?<![城超都夜门股集上])市)(?![场政民区长中口路街大桥村])"
)


_CODE = r"[0-9０-９]{6}"
_SIX_DIGITS = re.compile(_CODE)
_LABEL = r"(?:邮政编码|邮编)[\s:：]*"
_LABELLED = re.compile(rf"(?:[(（]\s*|\s)?{_LABEL}({_CODE})(?![0-9０-９])\s*[)）]?")
_IN_BRACKETS = re.compile(rf"[(（]\s*({_CODE})\s*[)）]")
_FIRST = re.compile(rf"({_CODE})(?![0-9０-９A-Za-z\-—])")
_LAST = re.compile(rf"(?<![0-9０-９A-Za-z\-—#])({_CODE})$")
_INSIDE = re.compile(rf"(?<=[\s,，])({_CODE})(?=[\s,，])")


def _postal_codes(line: str) -> Iterator[re.Match[str]]:
    """Yield what may be the postal code, the likeliest first."""
    found = (
        _LABELLED.search(line),
        _IN_BRACKETS.search(line),
        _FIRST.match(line),
        _LAST.search(line),
        _INSIDE.search(line),
    )
    return filter(None, found)


def _around(line: str, match: re.Match[str]) -> str:
    """Return the text without the postal code."""
    before, after = line[: match.start()].strip(_MARKS), line[match.end() :].strip(_MARKS)
    return f"{before} {after}".strip()


_MARKS = " ,，;；、"


def _stands_apart(line: str, match: re.Match[str]) -> bool:
    """Whether a label, brackets or marks on both sides set six digits apart from the rest."""
    labelled = len(match[0]) > len(match[1])
    sides = (line[max(match.start() - 1, 0) : match.start()], line[match.end() : match.end() + 1])
    return labelled or all(side in _MARKS for side in sides)


def _belongs(postal: str, split: SplitAddress, *, apart: bool) -> bool:
    """Whether six digits are a postal code: set apart from the rest, or of the province named."""
    if split.division and fits_the_province(postal, split.division.code):
        return True
    return apart and province_of(postal) is not None
