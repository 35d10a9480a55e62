"""Telephone numbers: of mainland China in all its kinds, and from abroad.

China sets no numbers aside for examples, so those here are drawn from whole ranges: nobody should
be called on them. Those from abroad lie in the ranges that NANPA, Ofcom, ACMA, ARCEP and
Bundesnetzagentur keep for fiction.
"""

from typing import Any

from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.testing.strategies.typed import Typed, digits, full_width, padded, st

__all__ = [
    "foreign_phones",
    "hotlines",
    "iot_numbers",
    "landlines",
    "mobiles",
    "phones",
    "service_numbers",
]

_LABELS = ("", "电话：", "手机:", "Tel. ", "tel:", "☎ ", "联系电话 ")
_DASHES = "-–—－‐−"


def _dressed(text: str) -> st.SearchStrategy[str]:
    """Return other spellings of a number: its width, its dashes, a label, a name behind it."""
    widths = st.sampled_from((text, full_width(text)))
    dashes = st.sampled_from(_DASHES)
    labels, names = st.sampled_from(_LABELS), st.sampled_from(("", "（张三）", " (王经理)"))
    written = st.builds(lambda number, dash: number.replace("-", dash), widths, dashes)
    return st.builds("{}{}{}".format, labels, written, names).flatmap(padded)


def _typed(**spellings: Any) -> Typed[PhoneNumber]:  # noqa: ANN401  the strategies, by their names
    return Typed(parse=PhoneNumber.parse, dressed=_dressed, **spellings)


_PREFIXES = st.sampled_from("130 133 136 138 139 150 157 159 166 173 181 186 189 191 198".split())
_MOBILES = st.builds("{}{}".format, _PREFIXES, digits(8))

mobiles: Typed[PhoneNumber] = _typed(
    sound=st.builds(
        lambda form, number: form.format(number[:3], number[3:7], number[7:]),
        st.sampled_from(("{}{}{}", "{} {} {}", "{}-{}-{}", "+86 {} {} {}", "+86{}{}{}")),
        _MOBILES,
    ),
    edges=st.one_of(
        st.sampled_from(("13000000000", "19999999999", "0086 13800138000", "8613800138000")),
        st.builds("{}{}".format, st.sampled_from("145 154 165 170 174 194".split()), digits(8)),
    ),
    wrong=st.one_of(
        _MOBILES.map(lambda number: number[:-1]),
        _MOBILES.map(lambda number: number + "1"),
        _MOBILES.map(lambda number: "12" + number[2:]),
        _MOBILES.map(lambda number: number[:3] + "****" + number[7:]),
        _MOBILES.map(lambda number: number[:10] + "O"),
        _MOBILES.map(lambda number: f"{number[0]}.{number[1:3]}E+10"),
        st.builds("{}/{}".format, _MOBILES, _MOBILES),
    ),
)
"""Mobile numbers of mainland China."""

_AREAS = "010 020 021 022 023 024 025 027 028 029 0512 0532 0571 0731 0755".split()
_LANDLINES = st.builds("{}-{}{}".format, st.sampled_from(_AREAS), st.sampled_from("68"), digits(7))

landlines: Typed[PhoneNumber] = _typed(
    sound=st.builds(
        "{}{}".format,
        _LANDLINES,
        st.sampled_from(("", "-801", " 转 12", "转9999", " ext. 7", "分机 88", " #01")),
    ),
    edges=st.one_of(
        st.builds("{}{}".format, st.sampled_from("68"), digits(6, 7)),
        st.builds("{}-{}".format, _LANDLINES, digits(1, 6)),
        st.builds("0991-{}{}".format, st.sampled_from("2345678"), digits(6)),
        _LANDLINES.map(lambda number: f"+86 {number[1:]}"),
        _LANDLINES.map(lambda number: "（" + number.replace("-", "）")),
    ),
    wrong=st.one_of(
        st.builds("{}-{}".format, st.sampled_from(_AREAS), digits(1, 4)),
        st.builds("{} 转 {}".format, _LANDLINES, digits(7, 9)),
        st.builds("{}、{}".format, _LANDLINES, _LANDLINES),
        st.sampled_from(_AREAS),
        _LANDLINES.map(lambda number: number.replace("-", "-A")),
    ),
)
"""Landlines of mainland China, many with an extension; at the edge those without area code."""

hotlines: Typed[PhoneNumber] = _typed(
    sound=st.builds("{}-8{}-{}".format, st.sampled_from(("400", "800")), digits(2), digits(4)),
    edges=st.one_of(
        st.sampled_from(("4000000000", "400 999 9999", "10 800 1234567")),
        st.builds("400-8{}-{} 转 {}".format, digits(2), digits(4), digits(1, 6)),
    ),
    wrong=st.one_of(
        st.builds("400-8{}-{}".format, digits(2), digits(3)),
        st.builds("800-8{}-{}A".format, digits(2), digits(4)),
    ),
)
"""Numbers of 400 and 800."""

service_numbers: Typed[PhoneNumber] = _typed(
    sound=st.one_of(
        st.sampled_from("95588 95533 10086 10010 12345 12315 96110 110 12306".split()),
        st.builds("95{}".format, digits(3)),
    ),
    edges=st.sampled_from(("110", "95016333", "96123456", "10106688", "010-12345")),
    wrong=st.one_of(
        st.builds("97{}".format, digits(3)),
        st.builds("98{}".format, digits(2)),
        digits(1),
    ),
)
"""Numbers of public services, which belong to nobody's file."""

_IOT = st.builds("14{}{}".format, st.sampled_from("01234"), digits(10))

iot_numbers: Typed[PhoneNumber] = _typed(
    sound=_IOT,
    edges=st.one_of(
        st.sampled_from(("1400000000000", "1449999999999")),
        st.builds("{}{}".format, st.sampled_from(("146", "148")), digits(8)),
    ),
    wrong=st.one_of(_IOT.map(lambda number: number[:-1]), _IOT.map(lambda number: f"{number}1")),
)
"""Numbers of things that send data: thirteen digits, at the edge the older eleven."""

_FICTION = st.one_of(
    st.builds("+1 {}-555-01{}".format, st.sampled_from("202 212 312 415 613".split()), digits(2)),
    st.builds("+44 20 7946 0{}".format, digits(3)),
    st.builds("+44 7700 900{}".format, digits(3)),
    st.builds("+61 491 570 {}".format, st.sampled_from(("156", "157", "158", "159"))),
    st.builds("+33 1 99 00 {} {}".format, digits(2), digits(2)),
    st.builds("+33 6 39 98 {} {}".format, digits(2), digits(2)),
    st.builds("+49 30 23125 {}".format, digits(3)),
    st.builds("+49 176 040690 {}".format, digits(2)),
)

foreign_phones: Typed[PhoneNumber] = _typed(
    sound=_FICTION,
    edges=st.one_of(
        st.builds("{} ext. {}".format, _FICTION, digits(1, 6)),
        st.sampled_from(
            ("+39 06 698 12345", "+870 773 111 632", "+800 1234 5678", "+852 29876543")
        ),
        _FICTION.map(lambda number: "00" + number[1:]),
    ),
    wrong=st.one_of(
        _FICTION.map(lambda number: number[:6]),
        _FICTION.map(lambda number: f"{number}123456789"),
        _FICTION.map(lambda number: number.replace(" ", " CALL ", 1)),
        st.builds("+999 {}".format, digits(8)),
        st.builds("{}; {}".format, _FICTION, _FICTION),
    ),
)
"""Numbers of other countries, all in ranges kept for fiction; some at the edge by satellite."""

_EVERY = (mobiles, landlines, hotlines, service_numbers, iot_numbers, foreign_phones)

phones: Typed[PhoneNumber] = _typed(
    sound=st.one_of(*(each.sound for each in (mobiles, landlines, hotlines, foreign_phones))),
    edges=st.one_of(*(each.edges for each in _EVERY)),
    wrong=st.one_of(*(each.wrong for each in _EVERY)),
)
"""Telephone numbers of every kind."""
