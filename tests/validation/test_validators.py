"""Each check alone says what the registry says, and never raises but InvalidValue."""

import copy
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CustomerRegistry, InvalidValue, Severity, TaxIdentifier
from customer_registry.domain.messages import catalogue
from customer_registry.testing import (
    emails,
    make_raw,
    phones,
    resident_id,
    resident_ids,
    uscc,
    usccs,
)
from customer_registry.validation import validators
from customer_registry.validation.validator import Validator

FAMILY = {name: each for name, each in vars(validators).items() if isinstance(each, Validator)} | {
    "eu_vat": validators.tax_number("eu.vat"),
    "passport": validators.document_number("护照"),
}

SOUND = {
    "address": "中关村大街1号",
    "bank_account": "1100123456789012345",
    "bic": "icbkcnbj",
    "cnaps": "102100099996",
    "country": "中国",
    "credit_limit": "20万",
    "currency": "cny",
    "customer_code": "C000001",
    "email": "li.lei@example.com",
    "hk_brn": "28370748",
    "hk_id": "A123456(3)",
    "iban": "GB82 WEST 1234 5698 7654 32",
    "money": "200,000.00",
    "mo_tax": "81234567",
    "org_code": "12345678-8",
    "organization_name": "上海浦江贸易有限公司",
    "payment_terms": "款到发货",
    "person_name": "欧阳修",
    "phone": "138 0013 8000",
    "postal_code": "１０００８３",
    "resident_id": resident_id(4),
    "tax_identifier": uscc(3),
    "taxpayer_number": uscc(3),
    "tw_ubn": "04595257",
    "uscc": uscc(3),
    "website": "www.example.com",
    "eu_vat": "DE123456788",
    "passport": "E12345678",
}


class Strange:
    def __str__(self):
        raise RuntimeError


ODDITIES = [
    None, "", "  ", True, 0, -1, 10**50, 13800138000, 1.5, float("nan"), float("inf"),
    Decimal("sNaN"), b"138", [], ["138"], {}, {"number": 1}, {"x": object()}, {1: 2}, object(),
    Strange(), date(2026, 1, 1), "\ud800", "\x00", "甲" * 50_000, "1" * 50_000, "٣" * 18, "²" * 18,
]  # fmt: skip


@pytest.mark.parametrize("name", FAMILY)
def test_a_sound_value_is_ok_and_its_value_is_read_again_as_it_is(name):
    check = FAMILY[name]
    value = check.parse(SOUND[name])
    assert check.ok(SOUND[name])
    assert check.parse(value) == value


def test_every_public_validator_is_tried_here():
    assert set(SOUND) == set(FAMILY)
    assert set(FAMILY) - {"eu_vat", "passport"} <= set(validators.__all__)


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("typed", ODDITIES, ids=lambda typed: type(typed).__name__)
def test_no_object_whatever_ends_in_anything_but_issues(name, typed):
    check = FAMILY[name]
    issues = check(typed)
    assert all(issue.path[: len(check.path)] == check.path for issue in issues)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if not errors:
        assert check.parse(typed) is not None
        return
    with pytest.raises(InvalidValue, match=rf"\({errors[0].code}\)$") as refused:
        check.parse(typed)
    assert refused.value.code == errors[0].code


@given(typed=st.text() | st.binary() | st.floats() | st.integers())
def test_no_text_or_number_ends_in_anything_but_issues(typed):
    for check in FAMILY.values():
        assert check.ok(typed) == (Severity.ERROR not in {each.severity for each in check(typed)})


@pytest.mark.parametrize("name", FAMILY)
def test_every_check_calls_its_value_by_a_name_that_people_know(name):
    assert ".".join(FAMILY[name].path) in catalogue("zh").labels


def test_a_check_says_what_the_registry_says_warnings_too():
    for number in ("17000138000", "010-1234567", "95588", "800-CALL-NOW", 13800138000):
        report = CustomerRegistry().check(kind="person", name="王芳", phone=number)
        assert validators.phone(number) == report.issues


@given(phone=phones(), email=emails(), code=usccs(), number=resident_ids())
def test_a_check_finds_no_fault_where_the_registry_finds_none(phone, email, code, number):
    assert validators.phone.ok(phone)
    assert validators.email.ok(email)
    assert validators.uscc.ok(code)
    assert validators.resident_id.ok(number)


@pytest.mark.parametrize(
    ("check", "typed", "code"),
    [
        (validators.uscc, "91", "uscc.length"),
        (validators.uscc, 9.1e17, "import.precision_loss"),
        (validators.uscc, "54330110ME1234563A", "uscc.category_unknown"),
        (validators.resident_id, "110105491231002", "id.legacy15"),
        (validators.person_name, "王2小", "name.digits"),
        (validators.organization_name, "浦江", "name.no_legal_form"),
        (validators.cnaps, "102100099997", "cnaps.check_digit"),
        (validators.iban, "GB82 WEST 1234 5698 7654 33", "iban.check_digit"),
        (validators.iban, "DE29 1234 5678 9012 3456", "iban.length"),
        (validators.bic, "ICBKZZBJ", "bic.country"),
        (validators.bank_account, "6228480012345678", "bank_card.luhn"),
        (validators.payment_terms, "看情况", "payment_term.unknown"),
        (validators.postal_code, "999077", "postal.hk_mo_tw_placeholder"),
        (validators.credit_limit, "-5", "credit.negative"),
        (validators.country, "??", "country.unknown"),
        (validators.tax_number("eu.vat"), "", "required"),
    ],
)
def test_a_fault_or_a_doubt_is_told_by_its_code(check, typed, code):
    assert code in [issue.code for issue in check(typed)]


def test_an_amount_may_be_negative_where_no_credit_is_meant():
    assert str(validators.money.parse("-5")) == "-5 CNY"


def test_surroundings_are_given_by_name():
    assert str(validators.phone.given(country="HK").parse("2987 6543")) == "+85229876543"
    assert validators.postal_code.given(country="JP").parse("〒100-0001") == "100-0001"
    assert str(validators.money.given(currency="USD").parse("5")) == "5 USD"
    person = validators.tax_identifier.given(kind="person")
    assert person.parse(resident_id(4)).scheme == "cn.resident_id"
    assert validators.phone.given(country="香港").ok("2987 6543")
    with pytest.raises(ValueError, match="robot"):
        validators.phone.given(kind="robot")
    with pytest.raises(InvalidValue, match=r"country\.unknown"):
        validators.phone.given(country="Atlantis")


def test_a_birth_to_come_is_a_fault_only_where_the_day_is_told():
    number = resident_id(4)
    assert validators.resident_id(number) == ()
    told = validators.resident_id(number, today=date(1900, 1, 1))
    assert [issue.code for issue in told] == ["id.birth_date"]


def test_a_mapping_is_told_of_its_parts():
    issues = validators.bank_account({"number": "12", "cnaps": "1"})
    assert {issue.path for issue in issues} == {
        ("bank_accounts", "number"),
        ("bank_accounts", "cnaps"),
    }


def test_a_postal_code_alone_is_no_incomplete_address():
    assert validators.postal_code("100083") == ()


@attrs.frozen
class Supplier:
    mobile: str = attrs.field(validator=validators.phone.validator)
    credit_code: TaxIdentifier = attrs.field(converter=validators.uscc.parse)
    fax: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(validators.phone.validator)
    )


def test_a_class_of_another_system_takes_a_check_as_validator_and_as_converter():
    supplier = Supplier("138 0013 8000", f" {uscc(3).lower()} ")
    assert str(supplier.credit_code) == uscc(3)
    assert attrs.evolve(supplier, fax="010-62345678").credit_code == supplier.credit_code


def test_a_class_of_another_system_refuses_with_field_code_and_sentence():
    with pytest.raises(ValueError, match=r"^mobile: Phone .*\(phone\.letters\)$") as caught:
        Supplier("800-CALL-NOW", uscc(3))
    assert caught.value.issue(("手机",)).line("zh") == "手机：电话号码不能包含字母"
    assert copy.copy(caught.value).args == caught.value.args
    with pytest.raises(InvalidValue, match=r"uscc\.length"):
        Supplier("13800138000", "91")


def test_a_class_of_another_system_is_told_what_is_missing_in_a_whole_sentence():
    with pytest.raises(InvalidValue, match=r"^mobile: it is required \(required\)$"):
        Supplier("", uscc(3))


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("uscc", "cn.uscc"), ("taxpayer_number", "cn.taxpayer"), ("org_code", "cn.org_code"),
        ("hk_brn", "hk.brn"), ("mo_tax", "mo.tax"), ("tw_ubn", "tw.ubn"),
    ],
)  # fmt: skip
def test_a_check_of_one_scheme_is_of_that_scheme(name, scheme):
    check = FAMILY[name]
    assert check.parse(SOUND[name]).scheme == scheme
    assert not check.ok("X")


@pytest.mark.parametrize(("name", "sort"), [("resident_id", "cn.resident_id"), ("hk_id", "hk.id")])
def test_a_check_of_one_document_is_of_that_document(name, sort):
    assert FAMILY[name].parse(SOUND[name]).type == sort
    assert not FAMILY[name].ok("X")


def test_a_refusal_does_not_repeat_the_number():
    number = "110105194912310021"
    for check in (validators.resident_id, validators.tax_identifier, validators.bank_account):
        told = [issue.line() + repr(issue) + str(dict(issue.params)) for issue in check(number)]
        assert not [line for line in told if number in line]


def test_what_the_examples_hold_passes_value_by_value():
    raw = make_raw("organization", 3)
    assert validators.organization_name.ok(raw["name"])
    assert all(map(validators.tax_identifier.ok, raw.get("tax_identifiers", [])))


@pytest.mark.parametrize("said", ["/", "无", "N/A"])
def test_a_word_for_none_is_no_value(said):
    assert [issue.code for issue in validators.phone(said)] == ["nothing_said", "required"]
    assert not validators.phone.ok(said)
    with pytest.raises(InvalidValue, match="required"):
        validators.phone.parse(said)
