import sys

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, MissingExtra, Severity
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.validation import validators
from customer_registry.validation.rules.tax_identifiers import (
    number_abroad_is_sound,
    tax_scheme_is_checked,
)


def found(identifier):
    return [*tax_scheme_is_checked(identifier), *number_abroad_is_sound(identifier)]


@pytest.mark.parametrize(
    ("number", "scheme", "codes"),
    [
        ("BE0477472701", "eu.vat", []),
        ("BE0477472702", "eu.vat", ["tax_number.check_digit"]),
        ("BE04774", "eu.vat", []),  # told by the rule about prefixes
        ("BE04774", "be.vat", ["tax_number.format"]),
        ("0477472701", "be.tax", []),
        ("136695978", "de.tax", ["tax_number.check_digit"]),
        ("201/123/12340", "de.tax", []),
        ("21.55217500.17", "uy.rut", ["tax_number.format"]),
        ("710341/2745", "cz.rc", ["tax_number.component"]),
        ("12345", "zz.tax", ["tax_id.not_checked"]),
        ("1", "unchecked", ["tax_id.not_checked"]),
        ("/", "none", []),
        ("9144030071526726XG", "cn.uscc", []),
        ("5493001KJTIIGC8Y1R12", "lei", []),
    ],
)
def test_a_number_abroad_warns_of_what_is_wrong(number, scheme, codes):
    issues = found(TaxIdentifier.parse(number, scheme))
    assert [issue.code for issue in issues] == codes
    assert all(issue.severity is Severity.WARNING for issue in issues)
    assert all(number not in issue.line(language) for issue in issues for language in ("zh", "en"))


def test_a_masked_number_is_not_judged():
    assert found(TaxIdentifier("eu.vat", Masked("****0123"))) == []


def test_without_the_library_a_number_abroad_is_kept_and_said_to_be_unchecked(monkeypatch):
    monkeypatch.setitem(sys.modules, "stdnum", None)
    wrong = TaxIdentifier.parse("BE0477472702", "eu.vat")
    assert [issue.code for issue in found(wrong)] == ["tax_id.not_checked"]


def test_who_asks_for_the_check_of_a_scheme_alone_gets_a_fault(monkeypatch):
    german = validators.tax_number("de.vat")
    assert german.ok("136695976")
    assert [(issue.code, issue.severity) for issue in german("136695978")] == [
        ("tax_number.check_digit", Severity.ERROR)
    ]
    monkeypatch.setitem(sys.modules, "stdnum", None)
    assert validators.tax_number("tw.ubn").ok("04595257")
    with pytest.raises(MissingExtra):
        validators.tax_number("de.vat")


def alpha(number, country):
    return {
        "kind": "organization",
        "name": "Alpha Trading Ltd.",
        "addresses": [{"country": country, "street_address": "1 Main Street"}],
        "tax_identifiers": [number],
    }


@pytest.mark.parametrize(
    ("number", "country", "sound"),
    [
        ("EU528003646", "CA", True),
        ("EU528003646", "BE", False),
        ("DE123456788", "DE", True),
        ("201/123/12340", "DE", True),
        ("136695978", "DE", False),
        ("215521750017", "UY", True),
        ("220018800014", "UY", True),
        ("21 55217500 17", "UY", True),
        ("21-55217500-18", "UY", False),
        ("21.55217500.17", "UY", False),
        ("RORORORO1234567897", "BE", False),
        ("RORO790707I47", "MX", True),
        ("152-0000706-8", "DO", True),
        ("4-01-00707-1", "DO", True),
        ("152-0000706-7", "DO", False),
        ("10123457890", "DO", False),
        ("152-0000706-99", "DO", False),
        ("88117254", "TW", True),
        ("88117250", "TW", False),
    ],
)
def test_a_company_that_refuses_wrong_numbers_refuses_them_by_country(number, country, sound):
    policy = CompanyPolicy.loads(
        '[severity]\n"tax_number.format" = "error"\n"tax_number.check_digit" = "error"'
    )
    registry = CustomerRegistry(policy=policy)
    assert registry.check(alpha(number, country)).ok is sound


def test_a_wrong_number_abroad_blocks_nobody_unless_the_company_says_so():
    report = CustomerRegistry().check(alpha("136695978", "DE"))
    assert report.ok
    assert "tax_number.check_digit" in {issue.code for issue in report}


def test_a_bare_number_of_the_union_needs_no_country():
    report = CustomerRegistry().check(
        kind="organization", name="甲贸易有限公司", tax_identifiers=["EU528003646"]
    )
    assert report.ok
    assert {"scheme": "eu.vat"} in [dict(issue.params) for issue in report]


def test_customers_without_a_number_are_no_duplicates_and_a_number_is_found_in_any_spelling():
    registry = CustomerRegistry()
    for name in ("甲", "乙"):
        registry.register(kind="organization", name=f"{name}贸易有限公司", tax_identifiers=["N/A"])
    first = registry.register(alpha("0477.472.701", "BE")).customer
    for typed in ("BE0477472701", "0477472701", "BE 477 472 701"):
        assert [found.code for found in registry.find(tax_identifier=typed)] == [first.code]
    again = registry.check(
        kind="organization",
        name="Beta Trading Ltd.",
        tax_identifiers=[{"scheme": "eu.vat", "number": "BE0477472701"}],
    )
    assert "tax_id.duplicate" in {issue.code for issue in again}
