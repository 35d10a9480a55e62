import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.validation.rule_set import RuleSet
from customer_registry.validation.rules import tax_identifiers
from customer_registry.validation.scene import Entry, grouped


def found(identifier, *others, country=None):
    given = {
        "tax_identifier": identifier,
        "tax_identifiers": (identifier, *others),
        "addresses": (PostalAddress(country=country),) if country else (),
    }
    rules = RuleSet(tax_identifiers.RULES).prepared
    entries = [Entry("tax_identifier", (), identifier)]
    return [issue for rule in rules for issue in rule.over(given, grouped(entries))]


@pytest.mark.parametrize(
    ("number", "scheme", "codes"),
    [
        ("9144030071526726XG", "cn.uscc", []),
        ("A1100000MB1234562N", "cn.uscc", []),
        ("54330110ME1234563A", "cn.uscc", ["uscc.category_unknown"]),
        ("914403007152672630", "cn.uscc", ["uscc.org_code_check"]),
        ("110108551385082", "cn.taxpayer", ["tax_id.legacy15"]),
        ("11010519491231002X01", "cn.taxpayer", ["tax_id.individual_business"]),
        ("11010549123100201", "cn.taxpayer", ["tax_id.individual_business"]),
        ("L9144030071526726XG", "cn.taxpayer", ["tax_id.temporary"]),
        ("9144030071526726XG", "cn.taxpayer", []),
        ("E1010519491231002X", "cn.taxpayer", ["uscc.category_unknown", "uscc.org_code_check"]),
        ("110108551385083", "cn.taxpayer", ["tax_id.unverified"]),
        ("E1234567890123456701", "cn.taxpayer", ["tax_id.unverified"]),
        ("11010519491231002X", "cn.resident_id", []),
        ("10458570", "tw.ubn", []),
        ("66820292", "hk.brn", []),
        ("2837074", "hk.brn", ["hk.looks_like_cr_number"]),
        ("81234567", "mo.tax", ["mo.unverified"]),
        ("DE123456788", "eu.vat", []),
        ("DE12345", "eu.vat", ["eu_vat.format"]),
        ("5493001KJTIIGC8Y1R12", "lei", []),
        ("1", "unchecked", ["tax_id.not_checked"]),
        ("/", "none", []),
    ],
)
def test_a_sound_number_warns_of_what_wants_a_look(number, scheme, codes):
    issues = found(TaxIdentifier.parse(number, scheme))
    assert [issue.code for issue in issues] == codes
    assert all(issue.severity is Severity.WARNING and issue.path == () for issue in issues)


def test_every_warning_renders_without_the_number():
    for number, scheme in (("54330110ME1234563A", "cn.uscc"), ("12345678901", "eu.vat")):
        for issue in found(TaxIdentifier.parse(number, scheme)):
            for language in ("zh", "en"):
                assert "?" not in issue.line(language)
                assert number not in issue.line(language)


@pytest.mark.parametrize("scheme", ["cn.uscc", "cn.taxpayer", "hk.brn", "mo.tax"])
def test_a_masked_number_is_not_judged(scheme):
    assert found(TaxIdentifier(scheme, Masked("****0123"))) == []


def test_a_stated_absence_beside_a_number_is_a_contradiction():
    absence, number = TaxIdentifier.parse("无"), TaxIdentifier.parse("9144030071526726XG")
    (issue,) = found(absence, number)
    assert (issue.code, issue.path) == ("tax_id.none_beside_number", ("tax_identifiers",))
    assert found(absence, TaxIdentifier.parse("外国机构", "none")) == []


@pytest.mark.parametrize(
    ("country", "codes"),
    [("BE", ["eu_vat.outside_union"]), ("GR", ["eu_vat.outside_union"]), ("CA", []), (None, [])],
)
def test_a_one_stop_shop_number_is_of_a_firm_outside_the_union(country, codes):
    issues = found(TaxIdentifier.parse("EU528003646", "eu.vat"), country=country)
    assert [issue.code for issue in issues if issue.code != "tax_id.not_checked"] == codes
