import re

import pytest

from customer_registry import PostalAddress, Severity
from customer_registry.domain.values import postal_provinces
from customer_registry.domain.values.postal import _LOST_ITS_ZERO
from customer_registry.validation.rules import postal


def found(**parts):
    address = PostalAddress(**parts)
    return [issue for rule in postal.RULES for issue in rule(address)]


@pytest.mark.parametrize(
    ("postal_code", "region", "codes"),
    [
        ("200120", "上海市", []),
        ("200120", "上海", []),
        ("010010", "内蒙古自治区", []),
        ("154200", "黑龙江省", []),
        ("518057", None, []),
        (None, "上海市", []),
        ("200120", "浦东", []),
        ("100083", "北京市", []),
        ("100083", "上海市", ["postal.province_mismatch"]),
        ("518000", "北京市", ["postal.province_mismatch"]),
        ("750306", "内蒙古自治区", ["postal.province_mismatch"]),
        ("202450", "浙江省", ["postal.province_mismatch"]),
        ("090000", "上海市", ["postal.prefix_unknown"]),
        ("999077", "香港", ["postal.hk_mo_tw_placeholder"]),
        ("000000", None, ["postal.hk_mo_tw_placeholder"]),
    ],
)
def test_a_postal_code_fits_its_province_or_wants_a_look(postal_code, region, codes):
    issues = found(postal_code=postal_code, region=region, street_address="路1号")
    assert [issue.code for issue in issues] == codes
    assert all(issue.severity is Severity.WARNING for issue in issues)
    assert all(issue.path == ("postal_code",) for issue in issues)


@pytest.mark.parametrize(
    ("postal_code", "address"),
    [
        ("750306", "内蒙古自治区阿拉善盟阿拉善左旗1号"),
        ("202450", "浙江省舟山市嵊泗县1号"),
        ("253800", "河北省衡水市故城县1号"),
    ],
)
def test_a_county_served_by_the_next_province_has_its_code(postal_code, address):
    assert found(postal_code=postal_code, street_address=address) == []


def test_a_province_is_recognised_in_a_free_text():
    (issue,) = found(postal_code="100083", street_address="上海市浦东新区世纪大道1号")
    assert issue.params == {"value": "10", "province": "北京"}


def test_a_road_named_after_another_province_says_nothing():
    assert found(postal_code="200001", street_address="北京东路1号", region="上海市") == []


def test_a_code_of_another_country_is_not_judged():
    assert found(country="DE", postal_code="10117", region="上海") == []


def test_the_zeros_that_a_refusal_restores_are_those_of_real_provinces():
    digits = "0123456789"
    restored = {f"0{digit}" for digit in digits if re.fullmatch(_LOST_ITS_ZERO, f"{digit}0000")}
    assert restored == {prefix for prefix in postal_provinces._PROVINCES if prefix[0] == "0"}


@pytest.mark.parametrize(
    ("country", "postal_code", "code"),
    [
        ("HK", "999077", "postal.hk_mo_tw_placeholder"),
        ("MO", "999078", "postal.hk_mo_tw_placeholder"),
        ("TW", "000000", "postal.hk_mo_tw_placeholder"),
        ("HK", "12345", "postal.not_used"),
        ("JP", "12", "postal.unlikely"),
        ("DE", "999077", "postal.unlikely"),
    ],
)
def test_a_code_that_the_post_of_its_country_never_gave_wants_a_look(country, postal_code, code):
    (issue,) = found(country=country, postal_code=postal_code, street_address="x")
    assert (issue.code, issue.path) == (code, ("postal_code",))
    assert issue.params == ({"value": postal_code} if code == "postal.unlikely" else {})


@pytest.mark.parametrize(("postal_code", "province"), [("518000", "广东"), ("830000", "新疆")])
def test_the_province_of_a_code_is_called_as_people_say_it(postal_code, province):
    (issue,) = found(postal_code=postal_code, region="北京市", street_address="路1号")
    assert issue.params["province"] == province
