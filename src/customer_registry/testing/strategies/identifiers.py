"""Numbers that authorities give out, right in every check character.

Persons' numbers are of people born from 1900 to 1909, so that no living person has one; those of
Hong Kong begin with two letters that are not in use together, or are the authority's own example.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from customer_registry.domain.values.identifiers import cn_org_code, cn_resident_id, cn_uscc, hk_id
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.testing.examples import BIRTHPLACES, DIVISIONS
from customer_registry.testing.strategies.typed import Typed, digits, spaced, st

__all__ = [
    "hk_business_numbers",
    "hk_ids",
    "identity_documents",
    "macau_tax_numbers",
    "org_codes",
    "resident_ids",
    "taiwan_business_numbers",
    "tax_identifiers",
    "taxpayer_numbers",
    "usccs",
]


def _tax(scheme: str, **spellings: Any) -> Typed[TaxIdentifier]:  # noqa: ANN401  the strategies, by their names
    parse = partial(TaxIdentifier.parse, scheme=scheme)
    return Typed(parse=parse, dressed=spaced, **spellings)


def _identity(scheme: str, **spellings: Any) -> Typed[IdentityDocument]:  # noqa: ANN401  as above
    parse = partial(IdentityDocument.parse, type=scheme)
    return Typed(parse=parse, dressed=spaced, **spellings)


def _another(number: str, at: int, alphabet: str) -> st.SearchStrategy[str]:
    """Return `number` with another character at one place."""
    others = [char for char in alphabet if char != number[at]]
    return st.sampled_from(others).map(lambda char: f"{number[:at]}{char}{number[at + 1 :]}")


def _wrong_check(
    numbers: st.SearchStrategy[str], alphabet: str, at: int = -1
) -> st.SearchStrategy[str]:
    return numbers.flatmap(lambda number: _another(number, len(number) + at, alphabet))


_TENS, _TEN_AND_X = "0123456789", "0123456789X"
_DIVISIONS = st.sampled_from(("100000", *DIVISIONS))
_BODIES = st.one_of(digits(8), st.text(cn_uscc.ALPHABET, min_size=8, max_size=8))
_CATEGORIES = st.sampled_from(
    [
        authority + category
        for authority, (_, categories) in cn_uscc.AUTHORITIES.items()
        for category in categories
    ]
)


def _with_check(body: str, check: Callable[[str], str]) -> str:
    return body + check(body)


def _uscc(category: str, division: str, body: str) -> str:
    inner = _with_check(body, cn_org_code.check_character)
    return _with_check(category + division + inner, cn_uscc.check_character)


_USCCS = st.builds(_uscc, _CATEGORIES, _DIVISIONS, _BODIES)

usccs: Typed[TaxIdentifier] = _tax(
    "cn.uscc",
    sound=_USCCS,
    edges=st.one_of(
        st.builds(_uscc, st.sampled_from(("54", "55", "99", "YY")), _DIVISIONS, _BODIES),
        st.builds(
            lambda inner: _with_check(f"91310000{inner}", cn_uscc.check_character), digits(9)
        ),
        st.builds(_uscc, _CATEGORIES, st.just("999999"), st.just("XXXXXXXX")),
    ),
    wrong=st.one_of(
        _wrong_check(_USCCS, cn_uscc.ALPHABET),
        _USCCS.map(lambda number: number[:-1]),
        _USCCS.map(lambda number: f"{number}0"),
        _USCCS.map(lambda number: f"{number[:2]}A{number[3:]}"),
        st.builds(lambda number, char: char + number[1:], _USCCS, st.sampled_from("IOSVZ*中")),
        st.just("0" * 18),
    ),
)
"""Unified social credit codes (GB 32100-2015) of every authority and category."""

_ORG_CODES = _BODIES.map(lambda body: f"{body}-{cn_org_code.check_character(body)}")

org_codes: Typed[TaxIdentifier] = _tax(
    "cn.org_code",
    sound=_ORG_CODES,
    edges=st.sampled_from(("D2143569-X", "00000000-0", "ZZZZZZZZ-3")),
    wrong=st.one_of(
        _wrong_check(_ORG_CODES, _TEN_AND_X),
        _ORG_CODES.map(lambda number: number[1:]),
        _ORG_CODES.map(lambda number: f"中{number[1:]}"),
    ),
)
"""Organisation codes (GB 11714-1997), withdrawn in 2015."""


def _days(first: int, last: int) -> st.SearchStrategy[str]:
    return st.builds(
        "{}{:02}{:02}".format, st.integers(first, last), st.integers(1, 12), st.integers(1, 28)
    )


def _eighteen(area: str, day: str, sequence: str) -> str:
    return _with_check(area + day + sequence, cn_resident_id.check_character)


def _old_card(nationality: str, area: str, day: str, sequence: str) -> str:
    """Add the check digit of ICAO Doc 9303 (weights 7, 3, 1)."""
    body = nationality + area + day + sequence
    weighted = (int(char, 36) * (7, 3, 1)[at % 3] for at, char in enumerate(body))
    return body + str(sum(weighted) % 10)


_AREAS = st.sampled_from(BIRTHPLACES)
_LONG = st.builds(_eighteen, _AREAS, _days(1900, 1909), digits(3))
_PERMITS = st.builds(
    _eighteen, st.sampled_from(("810000", "820000", "830000")), _days(1900, 1909), digits(3)
)
_FOREIGN = st.builds(
    _eighteen,
    st.sampled_from(("911840", "931826", "944392", "911036")),
    _days(1900, 1909),
    digits(3),
)
_OLD_CARDS = st.builds(
    _old_card,
    st.sampled_from(("USA", "GBR", "JPN")),
    st.sampled_from(("1100", "3100")),
    _days(1900, 1909).map(lambda day: day[2:]),
    digits(1),
)
_SHORT = st.builds(
    lambda area, day, sequence: area + day[2:] + sequence,
    _AREAS,
    _days(1900, 1909),
    st.integers(1, 995).map("{:03}".format),
)

resident_ids: Typed[IdentityDocument] = _identity(
    "cn.resident_id",
    sound=st.one_of(_LONG, _PERMITS, _FOREIGN),
    edges=st.one_of(
        _SHORT,
        _OLD_CARDS,
        st.builds(_eighteen, _AREAS, st.just("19040229"), st.sampled_from(("000", "999"))),
        st.sampled_from(("11010519491231002X", "110105491231002")),
    ),
    wrong=st.one_of(
        _wrong_check(_LONG, _TEN_AND_X),
        _wrong_check(_OLD_CARDS, _TENS),
        st.builds(_eighteen, _AREAS, st.sampled_from(("19010229", "19001301")), digits(3)),
        _LONG.map(lambda number: number[:-1]),
        _LONG.map(lambda number: f"{number}1"),
        _LONG.map(lambda number: f"{number[:9]}O{number[10:]}"),
        _LONG.map(lambda number: f"{number[:6]}********{number[14:]}"),
        st.builds("{}003100{}".format, _AREAS, digits(3)),
    ),
)
"""Numbers of identity cards and residence permits; at the edge those of fifteen characters."""


def _hk_id(body: str) -> str:
    return _with_check(body, hk_id.check_character)


_HK_IDS = st.builds("{}{}".format, st.sampled_from("II OO QQ UU".split()), digits(6)).map(_hk_id)

hk_ids: Typed[IdentityDocument] = _identity(
    "hk.id",
    sound=_HK_IDS.map(lambda number: f"{number[:-1]}({number[-1]})"),
    edges=st.sampled_from(("A123456(3)", "a1234563")),
    wrong=st.one_of(
        _wrong_check(_HK_IDS, "0123456789A"),
        _HK_IDS.map(lambda number: number[2:]),
        _HK_IDS.map(lambda number: number[:-2]),
        _HK_IDS.map(lambda number: f"X{number}"),
    ),
)
"""Numbers of Hong Kong identity cards."""


def _told(numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return the numbers that are not zeros alone, which stand for none."""
    return numbers.filter(lambda number: number.strip("0") != "")


_EIGHT = _told(digits(8))

hk_business_numbers: Typed[TaxIdentifier] = _tax(
    "hk.brn",
    sound=_EIGHT,
    edges=st.one_of(
        _EIGHT.map("{}-000-06-23-5".format), _EIGHT.map("{}-000".format), _told(digits(7))
    ),
    wrong=st.one_of(
        digits(1, 6),
        digits(9),
        _EIGHT.map(lambda number: f"A{number[1:]}"),
        st.just("0" * 8),
    ),
)
"""Business registration numbers of Hong Kong; at the edge whole certificate numbers."""


def _ubn(body: str) -> str:
    """Add the last digit that makes the sum a multiple of five (rule of 2023)."""
    weighted = [
        int(digit) * weight for digit, weight in zip(body, (1, 2, 1, 2, 1, 2, 4), strict=True)
    ]
    total = sum(each // 10 + each % 10 for each in weighted)
    return body + str(-total % 5)


_UBNS = digits(7).filter(lambda body: body != "0000000").map(_ubn)

taiwan_business_numbers: Typed[TaxIdentifier] = _tax(
    "tw.ubn",
    sound=_UBNS,
    edges=st.sampled_from(("62140097", "88117254", "12345601", "90183275")),
    wrong=st.one_of(
        st.builds(
            lambda number, more: number[:-1] + str((int(number[-1]) + more) % 10),
            _UBNS.filter(lambda number: number[6] != "7"),
            st.sampled_from((1, 2, 3, 4)),
        ),
        digits(1, 7),
        digits(9, 12),
        st.just("00000000"),
    ),
)
"""Unified business numbers of Taiwan."""

macau_tax_numbers: Typed[TaxIdentifier] = _tax(
    "mo.tax",
    sound=_EIGHT,
    edges=st.sampled_from(("00000001", "99999999")),
    wrong=st.one_of(
        digits(1, 7),
        digits(9, 12),
        _EIGHT.map(lambda number: f"{number[:7]}O"),
        st.just("0" * 8),
    ),
)
"""Taxpayer numbers of Macau."""

_LEGACY = st.builds(
    lambda area, body: area + _with_check(body, cn_org_code.check_character), _AREAS, digits(8)
)

taxpayer_numbers: Typed[TaxIdentifier] = _tax(
    "cn.taxpayer",
    sound=st.one_of(
        _USCCS,
        _LEGACY,
        _LONG,
        st.builds("{}{}".format, _SHORT, digits(2)),
        st.builds("{}{}".format, _LONG, digits(2)),
        st.builds("L{}".format, st.one_of(_USCCS, _LONG)),
    ),
    edges=_told(st.one_of(digits(15), st.text(cn_uscc.ALPHABET, min_size=17, max_size=17))),
    wrong=st.one_of(
        _wrong_check(_USCCS.filter(lambda number: not number.isdecimal()), cn_uscc.ALPHABET).filter(
            lambda number: not number[:17].isdecimal()
        ),
        _USCCS.map(lambda number: f"M{number}"),
        st.one_of(digits(14), digits(16), digits(21, 30)),
        _LEGACY.map(lambda number: f"{number[:14]}中"),
    ),
)
"""Taxpayer numbers of mainland China in all their forms."""


def identity_documents() -> st.SearchStrategy[IdentityDocument]:
    """Return documents of every kind whose numbers are proved, and passports."""
    passports = st.builds("{}{}".format, st.sampled_from("EGP"), digits(8))
    return st.one_of(
        resident_ids.values(),
        hk_ids.values(),
        passports.map(lambda number: IdentityDocument.parse(number, "passport")),
    )


def tax_identifiers() -> st.SearchStrategy[TaxIdentifier]:
    """Return tax numbers of every scheme here, and some that nobody checks."""
    every = (
        usccs,
        taxpayer_numbers,
        org_codes,
        hk_business_numbers,
        taiwan_business_numbers,
        macau_tax_numbers,
    )
    unchecked = digits(6, 12).map(lambda number: TaxIdentifier.parse(number, "unchecked"))
    return st.one_of(*(each.values() for each in every), unchecked)
