"""统一社会信用代码, the unified social credit code of mainland China (GB 32100-2015)."""

from operator import mul
from types import MappingProxyType

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_org_code, compact, precision_hint

__all__ = [
    "ALPHABET",
    "AUTHORITIES",
    "SCHEME",
    "authority",
    "canonical",
    "category",
    "category_known",
    "check_character",
    "inner_org_code",
    "inner_org_code_ok",
]

SCHEME = "cn.uscc"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
AUTHORITIES = MappingProxyType(
    {
        "1": ("机构编制", "1239"),
        "2": ("外交", "19"),
        "3": ("司法行政", "123459"),
        "4": ("文化", "19"),
        "5": ("民政", "1239"),
        "6": ("旅游", "129"),
        "7": ("宗教", "129"),
        "8": ("工会", "19"),
        "9": ("工商（市场监管）", "1239"),
        "A": ("中央军委改革和编制办公室", "19"),
        "N": ("农业农村", "1239"),
        "Y": ("其他", "1"),
    }
)
"""Registering authorities and the categories each gives out, with the amendment of 2016."""

_LENGTH = 18
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_CYRILLIC, _GREEK = "АВЕКМНРСТХУ", "ΑΒΕΗΚΜΝΡΤΧΥ"
_MISREAD = str.maketrans("OIZS" + _CYRILLIC + _GREEK, "0125" + "ABEKMHPCTXY" + "ABEHKMNPTXY")


def canonical(typed: str) -> str:
    """Return the code in 18 capital characters.

    Raises InvalidValue `uscc.length` (`len`), `uscc.charset` (`pos`, `char`, `positions`; with
    the code that was probably meant, if O I Z S were read for 0 1 2 5 or letters of another
    alphabet look like ours), `uscc.region_digits`,
    `uscc.placeholder` for zeros alone and `uscc.check_digit` (`expected_check`, and a `hint`
    when the tail looks rounded by a spreadsheet).

    >>> canonical("9144 0300 7152 6726 xg")
    '9144030071526726XG'
    """
    number = compact(typed)
    if len(number) != _LENGTH:
        raise InvalidValue("uscc.length", len=len(number))
    _refuse_foreign_characters(number)
    if not number[2:8].isdecimal():
        raise InvalidValue("uscc.region_digits")
    if not number.strip("0"):
        raise InvalidValue("uscc.placeholder")
    expected = check_character(number)
    if number[17] != expected:
        hint = precision_hint(number)
        raise InvalidValue("uscc.check_digit", expected_check=expected, **hint)
    return number


def check_character(number: str) -> str:
    """Return the character that must stand at place 18 (weights 3^(i-1) mod 31)."""
    return ALPHABET[-sum(map(mul, map(_VALUES.__getitem__, number[:17]), _WEIGHTS)) % 31]


def category(number: str) -> str:
    """Return the two characters that name the registering authority and the kind of entity."""
    return number[:2]


def category_known(number: str) -> bool:
    """Return whether the standard's table lists the category; practice is ahead of it (54, 55)."""
    _, categories = AUTHORITIES.get(number[0], ("", ""))
    return number[1] in categories


def authority(number: str) -> str | None:
    """Return the registering authority's Chinese name, `None` where the table has none."""
    name, _ = AUTHORITIES.get(number[0], (None, ""))
    return name


def inner_org_code(number: str) -> str:
    """Return the organisation code (GB 11714) at places 9 to 17.

    >>> inner_org_code("9144030071526726XG")
    '71526726X'
    """
    return number[8:17]


def inner_org_code_ok(number: str) -> bool:
    """Return whether the organisation code inside has its right check character."""
    inner = inner_org_code(number)
    return cn_org_code.check_character(inner[:8]) == inner[8]


def _refuse_foreign_characters(number: str) -> None:
    if not _VALUES.keys() >= set(number):
        positions = tuple(at for at, char in enumerate(number, 1) if char not in _VALUES)
        first = positions[0]
        raise InvalidValue(
            "uscc.charset",
            suggestion=_probably_meant(number),
            pos=first,
            char=number[first - 1],
            positions=positions,
        )


def _probably_meant(number: str) -> str | None:
    read_anew = number.translate(_MISREAD)
    if read_anew == number:
        return None
    try:
        return canonical(read_anew)
    except InvalidValue:
        return None
