"""Rules about postal codes."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.postal import PLACEHOLDERS

__all__ = ["RULES"]

_PROVINCES = {
    "内蒙古": "01 02",
    "山西": "03 04",
    "河北": "05 06 07",
    "北京": "10",
    "辽宁": "11 12",
    "吉林": "13",
    "黑龙江": "15 16",
    "上海": "20",
    "江苏": "21 22",
    "安徽": "23 24",
    "山东": "25 26 27",
    "天津": "30",
    "浙江": "31 32",
    "江西": "33 34",
    "福建": "35 36",
    "重庆": "40",
    "湖南": "41 42",
    "湖北": "43 44",
    "河南": "45 46 47",
    "广东": "51 52",
    "广西": "53 54",
    "贵州": "55 56",
    "海南": "57",
    "四川": "61 62 63 64",
    "云南": "65 66 67",
    "陕西": "71 72",
    "甘肃": "73 74",
    "宁夏": "75",
    "青海": "81",
    "新疆": "83 84",
    "西藏": "85 86",
}
_PROVINCE_OF = {
    prefix: province for province, prefixes in _PROVINCES.items() for prefix in prefixes.split()
}


def postal_code_fits_the_province(address: PostalAddress) -> Iterator[Issue]:
    """The first two digits name the province (国内邮政编码), but for some border counties."""
    code = address.postal_code
    if code is None or address.country != "CN":
        return
    if code in PLACEHOLDERS:
        yield Issue("postal.hk_mo_tw_placeholder", ("postal_code",), Severity.WARNING)
        return
    province = _PROVINCE_OF.get(code[:2])
    if province is None:
        yield Issue("postal.prefix_unknown", ("postal_code",), Severity.WARNING)
    elif (typed := _province_named(address)) is not None and typed != province:
        params = {"value": code[:2], "province": province}
        yield Issue("postal.province_mismatch", ("postal_code",), Severity.WARNING, params)


def _province_named(address: PostalAddress) -> str | None:
    """Return the province an address begins with, if it begins with one."""
    written = str(address)
    return next((province for province in _PROVINCES if written.startswith(province)), None)


RULES = (postal_code_fits_the_province,)
