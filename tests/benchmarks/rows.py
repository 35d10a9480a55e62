"""Rows of a trading company's small form, all different, as its clerks would type them."""

from collections.abc import Iterator

from customer_registry.testing import uscc

__all__ = ["Row", "rows"]

Row = dict[str, object]

_SEATS = tuple(
    row.split()
    for row in """
    上海 上海市浦东新区世纪大道 200120
    杭州 浙江省杭州市西湖区文三路 310012
    苏州 江苏省苏州市姑苏区人民路 215002
    青岛 山东省青岛市市南区香港中路 266071
    广州 广东省广州市天河区天河路 510620
    深圳 广东省深圳市南山区科技南路 518057
    成都 四川省成都市锦江区红星路 610021
    西安 陕西省西安市碑林区长安北路 710001
    """.strip().splitlines()
)
_BRANDS = "恒瑞鑫隆泰华盛达宏远嘉禾博锐铭晟皓宇凯捷雅信辰锦澜沐晴峰岚川诺祥"
_TRADES = "贸易 机电设备 电子科技 纺织品 建筑材料 食品 化工 五金制品".split()
_FAMILIES, _GIVEN = "王李张刘陈杨赵黄", "芳伟敏静磊军洋勇艳杰娟涛明超霞平"
_MOBILES = "138 139 150 159 186 188 177 133".split()
_HOSTS = "example.com mail.example.net corp.example.org trade.example.cn".split()
_SPREAD = 7919  # prime to every number below, so that neighbours differ


def rows(count: int, first: int = 0) -> Iterator[Row]:
    """Yield sound rows; the same number gives the same row."""
    return map(_row, range(first, first + count))


def _row(number: int) -> Row:
    spread = number * _SPREAD
    place, street, postal_code = _SEATS[number % len(_SEATS)]
    mobile = f"{_MOBILES[number % len(_MOBILES)]}{spread % 10**8:08}"
    return {
        "kind": "organization",
        "name": f"{place}{_brand(spread)}{_TRADES[number // 8 % len(_TRADES)]}有限公司",
        "contact": _FAMILIES[number % 8] + _GIVEN[spread % 16] + _GIVEN[number // 16 % 16],
        "phone": mobile if number % 2 else f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
        "email": f"sales{number}@{_HOSTS[number % len(_HOSTS)]}",
        "address": f"{street}{number % 900 + 1}号{number % 30 + 1}楼",
        "postal_code": postal_code,
        "tax_identifiers": uscc(number),
        "grade": "ABC"[number % 3],
        "credit_limit": f"{number % 50 * 10_000}.00",
        "tags": ["老客户", "华东"] if number % 4 else ["直销"],
    }


def _brand(spread: int) -> str:
    size = len(_BRANDS)
    return "".join(_BRANDS[spread // size**digit % size] for digit in range(4))
