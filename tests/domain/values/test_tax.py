import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.messages import LANGUAGES, catalogue
from customer_registry.domain.values.identifiers.schemes import aliases
from customer_registry.domain.values.masked import Masked, is_sensitive
from customer_registry.domain.values.tax import (
    CHECKED_SCHEMES,
    TaxIdentifier,
    known_schemes,
    tax_key,
    tax_keys,
)


@pytest.mark.parametrize(
    ("number", "surroundings", "scheme"),
    [
        ("9144030071526726XG", {}, "cn.uscc"),
        ("110108551385082", {}, "cn.taxpayer"),
        ("11010519491231002X", {"kind": "person"}, "cn.resident_id"),
        ("11010549123100201", {"kind": "person"}, "cn.taxpayer"),
        ("W2019840000000001X", {"kind": "person"}, "cn.taxpayer"),
        ("H1234567801", {}, "cn.taxpayer"),
        ("LU26375245", {}, "eu.vat"),
        ("66820292", {"country": "HK"}, "hk.brn"),
        ("A123456(3)", {"country": "HK", "kind": "person"}, "hk.id"),
        ("04595257", {"country": "TW"}, "tw.ubn"),
        ("81234567", {"country": "MO"}, "mo.tax"),
        ("DE 123 456 788", {"country": "DE"}, "de.tax"),
        ("0477472701", {"country": "BE"}, "be.tax"),
        ("UY 215521750017", {"country": "UY"}, "uy.rut"),
        ("12345", {"country": "ZZ"}, "zz.tax"),
        ("whatever", {"country": "??"}, "unchecked"),
    ],
)
def test_without_a_scheme_country_and_kind_decide(number, surroundings, scheme):
    assert TaxIdentifier.parse(number, **surroundings).scheme == scheme


def test_the_same_characters_may_be_a_company_or_a_person_but_are_never_guessed():
    with pytest.raises(InvalidValue, match=r"id\.check_digit|id\.birth_date|id\.charset"):
        TaxIdentifier.parse("9144030071526726XG", kind="person")


def test_an_unknown_scheme_keeps_its_text_and_says_that_it_is_not_checked():
    identifier = TaxIdentifier.parse(" 201/123/ 12340 ", "de.other")
    assert str(identifier) == "201/123/ 12340"
    assert not identifier.is_checked


@pytest.mark.parametrize(
    ("number", "scheme", "country", "kept"),
    [
        (" 201/123/ 12340 ", "de.stnr", "CN", "de.stnr 20112312340"),
        ("de123456788", "eu.vat", "CN", "eu.vat DE123456788"),
        ("0477472701", "eu.vat", "BE", "eu.vat BE0477472701"),
        ("GR 094259216", "eu.vat", "CN", "eu.vat EL094259216"),
        ("BE 477.472.701", "be.vat", "CN", "be.vat 0477472701"),
        ("FR 83404833048", "fr.vat", "CN", "fr.tva 83404833048"),
        ("21.55217500.17", "uy.rut", "CN", "uy.rut 21.55217500.17"),
        ("131052-308t", "fi.hetu", "CN", "fi.hetu 131052-308T"),
        ("5493001kjtiigc8y1r12", "lei", "CN", "lei 5493001KJTIIGC8Y1R12"),
    ],
)
def test_a_number_abroad_is_written_without_its_separators_right_or_not(
    number, scheme, country, kept
):
    identifier = TaxIdentifier.parse(number, scheme, country=country)
    assert f"{identifier.scheme} {identifier}" == kept
    assert identifier.is_checked is (scheme == "lei")


@pytest.mark.parametrize(
    "typed", ["/", "／", "na", "NA", "N/A", "无", "無", "none", "没有", "-", "——", " / "]
)
def test_a_word_for_none_states_that_there_is_no_number(typed):
    identifier = TaxIdentifier.parse(typed)
    assert identifier.scheme == "none"
    assert identifier.key == ""
    assert not identifier.is_checked
    assert not identifier.is_personal
    assert TaxIdentifier.parse(str(identifier), "none") == identifier


def test_the_reason_for_having_none_is_kept_as_it_was_written():
    identifier = TaxIdentifier.parse("  foreign Embassy ", "none")
    assert str(identifier) == "foreign Embassy"
    assert identifier.key == ""


@pytest.mark.parametrize("typed", ["1", "ab", "x", "00", "91"])
@pytest.mark.parametrize("country", ["CN", "DE", "HK"])
def test_a_character_or_two_are_no_number_and_do_not_say_that_there_is_none(typed, country):
    with pytest.raises(InvalidValue) as refused:
        TaxIdentifier.parse(typed, country=country)
    assert (refused.value.code, dict(refused.value.params)) == (
        "tax_id.too_short",
        {"len": len(typed)},
    )


def test_a_number_from_elsewhere_may_be_kept_unchecked_however_short():
    assert str(TaxIdentifier.parse("1", "unchecked")) == "1"


def test_a_number_of_the_union_has_one_key_under_all_its_schemes():
    spellings = [
        TaxIdentifier.parse("BE0477472701", "eu.vat"),
        TaxIdentifier.parse("477 472 701", "be.vat"),
        TaxIdentifier.parse("0477.472.701", country="BE"),
        TaxIdentifier.parse("be 0477472701", country="BE"),
    ]
    assert {one.key for one in spellings} == {"BE0477472701"}
    assert "BE0477472701" in tax_keys("0477 472 701")
    assert tax_keys("GR094259216") == ("EL094259216",)


def test_equal_digits_of_two_members_share_no_key():
    assert (
        TaxIdentifier.parse("FI20774740", "eu.vat").key
        != TaxIdentifier.parse("HU20774740", "eu.vat").key
    )


def test_every_scheme_and_every_other_name_of_one_has_a_label():
    for language in LANGUAGES:
        words = catalogue(language).words
        assert [one for one in known_schemes() if one not in words] == []
    assert set(aliases().values()) <= set(known_schemes())
    assert set(known_schemes()) >= CHECKED_SCHEMES


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
        ("W2019840000000001X", "cn.taxpayer", True),
        ("H1234567801", "cn.taxpayer", True),
        ("LE12345678", "cn.taxpayer", True),
        ("E1234567801", "pt.tax", False),
        ("A123456(3)", "hk.id", True),
        ("DE123456788", "eu.vat", False),
        ("536904399", "us.ssn", True),
        ("911144442", "us.ein", False),
        ("110105491231002", "dz.nif", False),
        ("11010519491231002X", "none", False),
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
        ("  ", None, "tax_id.format"),
    ],
)
def test_what_is_wrong_is_named(number, scheme, code):
    with pytest.raises(InvalidValue) as refused:
        TaxIdentifier.parse(number, scheme)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("number", "scheme", "kept"),
    [
        ("9144030071526726XG", "USCC", "cn.uscc"),
        ("9144030071526726XG", "cn_uscc", "cn.uscc"),
        ("9144030071526726XG", "统一社会信用代码", "cn.uscc"),
        ("11010519491231002X", "cn.ric", "cn.resident_id"),
        ("04595257", "tw.vat", "tw.ubn"),
        ("DE136695976", "EU VAT", "eu.vat"),
        ("DE136695976", "eu-vat", "eu.vat"),
        ("91-1144442", "EIN", "us.ein"),
        ("094259216", "gr.afm", "gr.vat"),
        ("27AAPFU0939F1ZV", "in_.gstin", "in.gstin"),
        ("T5835678256246", "jp.cn", "jp.cn"),
    ],
)
def test_a_scheme_may_be_called_as_people_call_it(number, scheme, kept):
    assert TaxIdentifier.parse(number, scheme).scheme == kept


def test_a_japanese_corporate_number_is_the_same_with_the_letter_of_an_invoice():
    assert str(TaxIdentifier.parse("T5-8356-7825-6246", "jp.cn")) == "5835678256246"


def test_a_number_typed_into_the_scheme_does_not_come_out_again():
    with pytest.raises(InvalidValue) as refused:
        TaxIdentifier.parse("cn.resident_id", "11010519491231002X")
    assert "1101" not in str(dict(refused.value.params))


@given(
    st.text(st.characters(), max_size=60),
    st.none() | st.sampled_from(known_schemes()),
    st.sampled_from(["CN", "HK", "TW", "MO", "DE", ""]),
)
def test_what_parses_once_parses_again_to_the_same(number, scheme, country):
    try:
        identifier = TaxIdentifier.parse(number, scheme, country=country)
    except InvalidValue:
        return
    assert TaxIdentifier.parse(str(identifier), identifier.scheme) == identifier
    assert identifier.scheme == "none" or identifier.key in tax_keys(str(identifier))
