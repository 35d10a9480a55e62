from datetime import date

import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.masked import Masked
from customer_registry.validation.rules import identity

TODAY = date(2026, 11, 24)


def found(document):
    others = (rule for rule in identity.RULES if rule is not identity.identity_birth_date_is_past)
    return [
        *identity.identity_birth_date_is_past(document, TODAY),
        *(issue for rule in others for issue in rule(document)),
    ]


@pytest.mark.parametrize(
    ("number", "sort", "codes"),
    [
        ("11010519491231002X", "cn.resident_id", []),
        ("810000199003078818", "cn.resident_id", []),
        ("91112419890115003X", "cn.resident_id", []),
        ("931840198206280010", "cn.resident_id", []),
        ("KAZ110090123105", "cn.resident_id", []),
        ("11010520300101001X", "cn.resident_id", ["id.birth_date"]),
        ("110105491231002", "cn.resident_id", ["id.legacy15"]),
        ("160105194912310029", "cn.resident_id", ["id.area_unknown"]),
        ("A123456(3)", "hk.id", []),
        ("H12345678", "cn.hk_mo_permit", []),
        ("X1", "cn.hk_mo_permit", ["identity.format"]),
        ("军字第1234号", "军官证", ["identity.type_unknown"]),
    ],
)
def test_a_sound_document_warns_of_what_wants_a_look(number, sort, codes):
    assert [issue.code for issue in found(IdentityDocument.parse(number, sort))] == codes


def test_a_birth_date_ahead_blocks_and_one_of_today_does_not():
    document = IdentityDocument.parse("11010520300101001X")
    (issue,) = identity.identity_birth_date_is_past(document, TODAY)
    assert issue.severity is Severity.ERROR
    assert issue.path == ("identity_document", "number")
    assert not list(identity.identity_birth_date_is_past(document, date(2030, 1, 1)))


def test_fifteen_digits_come_with_the_eighteen_that_replaced_them():
    (issue,) = found(IdentityDocument.parse("110105491231002"))
    assert issue.severity is Severity.WARNING
    assert issue.suggestion == "11010519491231002X"
    assert "1949" not in repr(issue)


@pytest.mark.parametrize("document", [None, IdentityDocument("cn.resident_id", Masked("1*X"))])
def test_nothing_and_a_masked_number_are_not_judged(document):
    assert found(document) == []
