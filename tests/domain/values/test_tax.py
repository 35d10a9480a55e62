import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.masked import Masked, is_sensitive
from customer_registry.domain.values.tax import CHECKED_SCHEMES, TaxIdentifier, tax_key


@pytest.mark.parametrize(
    ("number", "surroundings", "scheme"),
    [
        ("9144030071526726XG", {}, "cn.uscc"),
        ("110108551385082", {}, "cn.taxpayer"),
        ("11010519491231002X", {"kind": "person"}, "cn.resident_id"),
        ("11010549123100201", {"kind": "person"}, "cn.taxpayer"),
        ("66820292", {"country": "HK"}, "hk.brn"),
        ("A123456(3)", {"country": "HK", "kind": "person"}, "hk.id"),
        ("04595257", {"country": "TW"}, "tw.ubn"),
        ("81234567", {"country": "MO"}, "mo.tax"),
        ("DE 123 456 788", {"country": "DE"}, "de.tax"),
        ("whatever", {"country": "??"}, "unchecked"),
    ],
)
def test_without_a_scheme_country_and_kind_decide(number, surroundings, scheme):
    assert TaxIdentifier.parse(number, **surroundings).scheme == scheme


def test_the_same_characters_may_be_a_company_or_a_person_but_are_never_guessed():
    with pytest.raises(InvalidValue, match=r"id\.check_digit|id\.birth_date|id\.charset"):
        TaxIdentifier.parse("9144030071526726XG", kind="person")


def test_an_unknown_scheme_keeps_its_text_and_says_that_it_is_not_checked():
    identifier = TaxIdentifier.parse(" 201/123/ 12340 ", "de.stnr")
    assert str(identifier) == "201/123/ 12340"
    assert not identifier.is_checked


def test_equal_numbers_share_a_key_whatever_the_scheme():
    code = TaxIdentifier.parse("9144030071526726XG")
    kept = TaxIdentifier.parse("9144-0300-7152-6726-xg", "unchecked")
    assert code.key == kept.key == tax_key("9144 0300 7152 6726 XG")


def test_a_stroke_that_means_none_has_no_key():
    assert TaxIdentifier.parse("/", "none").key == ""


@pytest.mark.parametrize(
    ("number", "scheme", "personal"),
    [
        ("9144030071526726XG", "cn.uscc", False),
        ("11010519491231002X", "cn.resident_id", True),
        ("11010519491231002X", "cn.taxpayer", True),
        ("11010519491231002X", "unchecked", True),
        ("11010549123100201", "cn.taxpayer", True),
        ("11010519491231002X01", "cn.taxpayer", True),
        ("L11010519491231002X", "cn.taxpayer", True),
        ("L9144030071526726XG", "cn.taxpayer", False),
        ("A123456(3)", "hk.id", True),
        ("DE123456788", "eu.vat", False),
    ],
)
def test_a_number_that_is_or_embeds_a_persons_is_personal(number, scheme, personal):
    assert TaxIdentifier.parse(number, scheme).is_personal is personal


def test_a_masked_number_stays_personal():
    assert TaxIdentifier("cn.uscc", Masked("****0123")).is_personal


def test_the_number_is_sensitive_and_never_shown():
    assert is_sensitive(TaxIdentifier, "number")
    assert repr(TaxIdentifier.parse("9144030071526726XG")) == "TaxIdentifier(scheme='cn.uscc')"


@pytest.mark.parametrize(
    ("number", "scheme", "code"),
    [
        ("1", "CN", "tax_id.scheme"),
        ("1", "", "tax_id.scheme"),
        ("  ", "eu.vat", "required"),
        ("x" * 51, "eu.vat", "too_long"),
        ("\ud800", "eu.vat", "text.forbidden"),
        ("91110000600037341N", None, "uscc.check_digit"),
        ("1234567890", None, "tax_id.format"),
    ],
)
def test_what_is_wrong_is_named(number, scheme, code):
    with pytest.raises(InvalidValue) as refused:
        TaxIdentifier.parse(number, scheme)
    assert refused.value.code == code


def test_a_number_typed_into_the_scheme_does_not_come_out_again():
    with pytest.raises(InvalidValue) as refused:
        TaxIdentifier.parse("cn.resident_id", "11010519491231002X")
    assert "1101" not in str(dict(refused.value.params))


@given(
    st.text(st.characters(), max_size=60),
    st.none() | st.sampled_from([*sorted(CHECKED_SCHEMES), "eu.vat", "unchecked", "none"]),
    st.sampled_from(["CN", "HK", "TW", "MO", "DE", ""]),
)
def test_what_parses_once_parses_again_to_the_same(number, scheme, country):
    try:
        identifier = TaxIdentifier.parse(number, scheme, country=country)
    except InvalidValue:
        return
    assert TaxIdentifier.parse(str(identifier), identifier.scheme) == identifier
    assert tax_key(str(identifier)) == identifier.key
