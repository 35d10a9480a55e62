from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.masked import Masked, is_sensitive


def test_a_resident_number_tells_birth_date_and_gender_on_demand():
    document = IdentityDocument.parse("11010519491231002x")
    assert str(document) == "11010519491231002X"
    assert document.birth_date == date(1949, 12, 31)
    assert document.gender == "F"


def test_a_masked_number_tells_nothing():
    document = IdentityDocument("cn.resident_id", Masked("1****************X"))
    assert document.birth_date is None
    assert document.gender is None


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("身份证", "cn.resident_id"),
        ("居民身份证", "cn.resident_id"),
        ("二代身份证", "cn.resident_id"),
        ("居住证", "cn.resident_id"),
        ("港澳台居民居住证", "cn.resident_id"),
        ("港澳居民居住证", "cn.resident_id"),
        ("台湾居民居住证", "cn.resident_id"),
        ("居民身份證", "cn.resident_id"),
        ("身份证号", "cn.resident_id"),
        ("香港身份證", "hk.id"),
        ("護照", "passport"),
        ("外国人永久居留身份证", "cn.resident_id"),
        ("香港身份证", "hk.id"),
        ("护照", "passport"),
        ("回乡证", "cn.hk_mo_permit"),
        ("港澳通行证", "cn.hk_mo_permit"),
        ("港澳居民来往内地通行证", "cn.hk_mo_permit"),
        ("台胞证", "cn.tw_permit"),
        ("台湾居民来往大陆通行证", "cn.tw_permit"),
        (" PASSPORT ", "passport"),
    ],
)
def test_a_type_may_be_a_word_of_the_trade(word, named):
    numbers = {"cn.resident_id": "11010519491231002X", "hk.id": "A123456(3)"}
    number = numbers.get(named, "H12345678")
    assert IdentityDocument.parse(number, word).type == named


@pytest.mark.parametrize(
    ("number", "sort", "right"),
    [
        ("H12345678", "cn.hk_mo_permit", True),
        ("H1234567890", "cn.hk_mo_permit", True),
        ("X12345678", "cn.hk_mo_permit", False),
        ("12345678", "cn.tw_permit", True),
        ("1234567890A", "cn.tw_permit", True),
        ("1234567890", "cn.tw_permit", False),
        ("H123456789", "cn.hk_mo_permit", False),
        ("E12345678", "passport", True),
        ("E1", "passport", False),
        ("军字第1234号", "军官证", True),
    ],
)
def test_other_documents_are_kept_and_looked_at(number, sort, right):
    assert IdentityDocument.parse(number, sort).looks_right is right


def test_fifteen_and_eighteen_digits_of_one_citizen_share_a_key():
    assert (
        IdentityDocument.parse("110105491231002").key
        == IdentityDocument.parse("11010519491231002X").key
    )


def test_documents_of_different_types_share_no_key():
    assert (
        IdentityDocument.parse("12345678", "passport").key
        != IdentityDocument.parse("12345678", "cn.tw_permit").key
    )


def test_the_number_is_sensitive_and_never_shown():
    assert is_sensitive(IdentityDocument, "number")
    assert "1949" not in repr(IdentityDocument.parse("11010519491231002x"))


@pytest.mark.parametrize(
    ("number", "sort", "code"),
    [
        ("", "passport", "required"),
        ("A123456(4)", "hk.id", "hkid.check_digit"),
        ("X" * 51, "passport", "too_long"),
        ("cn.resident_id", "11010519491231002X", "not_in_list"),
    ],
)
def test_what_is_wrong_is_named(number, sort, code):
    with pytest.raises(InvalidValue) as refused:
        IdentityDocument.parse(number, sort)
    assert refused.value.code == code


@given(
    st.text(st.characters(), max_size=60),
    st.sampled_from(["cn.resident_id", "hk.id", "passport", "军官证"]) | st.text(max_size=20),
)
def test_what_parses_once_parses_again_to_the_same(number, sort):
    try:
        document = IdentityDocument.parse(number, sort)
    except InvalidValue:
        return
    assert IdentityDocument.parse(str(document), document.type) == document
