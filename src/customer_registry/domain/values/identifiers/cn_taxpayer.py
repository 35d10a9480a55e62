"""纳税人识别号, the taxpayer number of mainland China in all its forms.

STA announcements 2015 No. 66 and 2018 No. 59: a credit code; a person's number alone, or with two
digits for a business of that person; L before either for a temporary taxpayer; and the older
15 characters of division and organisation code. The person's number may be that of a permit
(回乡证) or a passport. Who has no citizen's number is given one of 18 characters: a letter, the
year, the nationality and a sequence (税总发〔2018〕172号).
"""

import re
from collections.abc import Callable

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import (
    cn_org_code,
    cn_resident_id,
    cn_uscc,
    compact,
    refuse_zeros,
)

__all__ = ["SCHEME", "canonical", "embeds_a_person", "form", "holds_a_document"]

SCHEME = "cn.taxpayer"

_LEGACY_LENGTH, _TEMPORARY = 15, 19
_LENGTHS = frozenset((_LEGACY_LENGTH, 17, 18, _TEMPORARY, 20))
_LETTERS_AND_DIGITS = "[0-9A-Z]+"
_LEGACY = "[0-9]{6}[0-9A-Z]{9}"
_PERSON_AND_SEQUENCE = "[0-9]{17}[0-9X][0-9]{2}"
_ASSIGNED = "[A-Z](?:19|20)[0-9]{14}[0-9A-Z]"
_PERMIT_OR_PASSPORT = "(?:[HM][0-9]{8}(?:[0-9]{2})?|[A-Z][0-9]{7,8}|E[A-Z][0-9]{7})"
_DOCUMENT_AND_SEQUENCE = f"{_PERMIT_OR_PASSPORT}[0-9]{{2}}"
_TEMPORARY_DOCUMENT = f"L(?:{_PERMIT_OR_PASSPORT}|[0-9]{{8}})"
_PERSONAL = frozenset(
    "id18 id15+2 id18+2 L+id18 L+unverified18 unverified17 unverified18 unverified20".split()
)


def canonical(typed: str) -> str:
    """Return the number in capital letters and digits.

    Raises InvalidValue `tax_id.format` for what no form allows, `tax_id.placeholder` for zeros
    alone, and `tax_id.check_digit` when the credit code or person's number that must stand inside
    18, 19 or 20 characters is wrong.

    >>> canonical("l9144030071526726xg")
    'L9144030071526726XG'
    """
    number = compact(typed)
    if holds_a_document(number):
        return number
    if len(number) not in _LENGTHS or not re.fullmatch(_LETTERS_AND_DIGITS, number):
        raise InvalidValue("tax_id.format")
    if len(number) == _TEMPORARY and number[0] != "L":
        raise InvalidValue("tax_id.format")
    refuse_zeros(number)
    if form(number) == "wrong":
        raise InvalidValue("tax_id.check_digit")
    return number


def form(number: str) -> str:
    """Return which form a number has.

    `uscc`, `id18`, `legacy15` (its organisation code is right), `unverified15`, `id15+2`,
    `id18+2`, `L+uscc`, `L+id18`; `unverified17`, `unverified20`, `unverified_document` and
    `L+document` where another document may stand inside, `unverified18` and `L+unverified18` for
    a number given to who has no citizen's; `wrong` where a check character proves it.

    >>> form("110108551385082"), form("11010519491231002X01")
    ('legacy15', 'id18+2')
    """
    if holds_a_document(number):
        return "L+document" if re.fullmatch(_TEMPORARY_DOCUMENT, number) else "unverified_document"
    return _FORMS[len(number)](number)


def embeds_a_person(number: str) -> bool:
    """Return whether the number is, holds or may be a person's: such a number is sensitive.

    Fifteen digits that read as a first-generation identity number count, to be safe.
    """
    if len(number) == _LEGACY_LENGTH:
        return cn_resident_id.reads_as_legacy(number)
    return len(number) in _LENGTHS and form(number) in _PERSONAL


def holds_a_document(number: str) -> bool:
    """Return whether a permit or passport stands inside: L before it, or two digits behind.

    >>> holds_a_document("H1234567801"), holds_a_document("LE12345678")
    (True, True)
    """
    return bool(re.fullmatch(f"{_TEMPORARY_DOCUMENT}|{_DOCUMENT_AND_SEQUENCE}", number))


def _fifteen(number: str) -> str:
    sound = (
        re.fullmatch(_LEGACY, number) and cn_org_code.check_character(number[6:14]) == number[14]
    )
    return "legacy15" if sound else "unverified15"


def _seventeen(number: str) -> str:
    sound = number.isdecimal() and _is(cn_resident_id.canonical, number[:15])
    return "id15+2" if sound else "unverified17"


def _eighteen(number: str) -> str:
    if _is(cn_uscc.canonical, number):
        return "uscc"
    if re.fullmatch(_ASSIGNED, number):
        return "unverified18"
    return "id18" if _is(cn_resident_id.canonical, number) else "wrong"


def _nineteen(number: str) -> str:
    inner = _eighteen(number[1:])
    return "wrong" if inner == "wrong" else f"L+{inner}"


def _twenty(number: str) -> str:
    if not re.fullmatch(_PERSON_AND_SEQUENCE, number):
        return "unverified20"
    return "id18+2" if _is(cn_resident_id.canonical, number[:18]) else "wrong"


def _is(canonical_form: Callable[[str], str], number: str) -> bool:
    try:
        canonical_form(number)
    except InvalidValue:
        return False
    return True


_FORMS = {15: _fifteen, 17: _seventeen, 18: _eighteen, 19: _nineteen, 20: _twenty}
