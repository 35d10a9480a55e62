"""Countries, postal codes and addresses."""

from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.postal import postal_code
from customer_registry.testing.examples import POSTAL_CODES
from customer_registry.testing.strategies.typed import Typed, digits, full_width, padded, st
from customer_registry.testing.strategies.words import unreadable

__all__ = ["addresses", "countries", "postal_codes"]


def _either_width(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from((text, text.lower(), full_width(text))).flatmap(padded)


_POSTAL = st.sampled_from(POSTAL_CODES)

postal_codes: Typed[str] = Typed(
    parse=postal_code,
    dressed=_either_width,
    sound=_POSTAL,
    edges=st.one_of(st.sampled_from(("010000", "999077", "000000", "CN-100083")), digits(6)),
    wrong=st.one_of(
        digits(1, 5),
        digits(7, 9),
        _POSTAL.map(lambda code: f"{code[:5]}A"),
        _POSTAL.map(lambda code: f"{code}号"),
    ),
)
"""Postal codes of mainland China."""

_NAMES = ("CN", "chn", "中国", "HK", "香港", "TW", "台湾", "US", "美国", "Germany", "日本", "MO")

countries: Typed[CountryCode] = Typed(
    parse=CountryCode.parse,
    dressed=_either_width,
    sound=st.sampled_from(_NAMES),
    edges=st.sampled_from(("AX", "ZWE", "248", "中国香港")),
    wrong=st.one_of(st.sampled_from(("", "XX", "亚特兰蒂斯", "EU1", "000")), unreadable()),
)
"""Countries by code or name."""

_ROADS = ("人民路", "建设大街", "中山北路", "解放东路", "中关村大街")
_STREETS = st.builds("{}{}号".format, st.sampled_from(_ROADS), st.integers(1, 300))
_WHOLE = ("广东省深圳市南山区科技园", "北京市海淀区", "重庆市渝中区", "湖北省仙桃市", "")

addresses: Typed[PostalAddress] = Typed(
    parse=PostalAddress.parse,
    dressed=padded,
    sound=st.one_of(
        st.builds("{}{}".format, st.sampled_from(_WHOLE), _STREETS),
        st.builds("{} Main Street".format, st.integers(1, 999)),
    ),
    edges=st.one_of(
        _STREETS.map(lambda street: street * 20),
        st.sampled_from(("1", "𠮷野家门口", "Straße 1, 80331 München", "عنوان 5")),
    ),
    wrong=st.one_of(st.sampled_from(("", "  ", "\u200b")), unreadable(), st.just("路" * 401)),
)
"""Addresses typed as one text."""
