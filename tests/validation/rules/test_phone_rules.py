import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.messages import LANGUAGES, catalogue
from customer_registry.domain.values.phone import PhoneLevel, PhoneNumber
from customer_registry.validation.rules.phones import RULES


def warnings(typed, region="CN"):
    phone = PhoneNumber.parse(typed, region)
    return [issue for rule in RULES for issue in rule(phone)]


@pytest.mark.parametrize(
    "typed",
    [
        *("13800138000", "19212345678", "19312345678", "14512345678", "14712345678"),
        *("010-62345678", "0716-8123456", "0755-86123456", "400-810-8888", "800-810-8888"),
        *("+852 2885 1234", "+886 2 2712 3456", "+1 212 555 1234", "+800 1234 5678"),
    ],
)
def test_an_ordinary_number_asks_for_no_second_look(typed):
    assert warnings(typed) == []


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("17012345678", "phone.mvno", {"value": "170"}),
        ("17112345678", "phone.mvno", {"value": "171"}),
        ("16212345678", "phone.mvno", {"value": "162"}),
        ("14612345678", "phone.iot_or_data", {}),
        ("14812345678", "phone.iot_or_data", {}),
        ("14912345678", "phone.iot_or_data", {}),
        ("1440012345678", "phone.iot", {}),
        ("17491234567", "phone.satellite", {}),
        ("17400123456", "phone.satellite", {}),
        ("13491234567", "phone.satellite", {}),
        ("16191234567", "phone.satellite", {}),
        ("+870773111632", "phone.satellite", {}),
        ("19412345678", "phone.unknown_prefix", {"value": "194"}),
        ("15412345678", "phone.unknown_prefix", {"value": "154"}),
        ("16112345678", "phone.unknown_prefix", {"value": "161"}),
        ("010-6234567", "phone.unverified_landline", {}),
        ("0716-81234567", "phone.unverified_landline", {}),
        ("62345678", "phone.no_area_code", {}),
        ("95588", "phone.short_code", {}),
        ("95105555", "phone.short_code", {}),
        ("010-95588", "phone.short_code", {}),
        ("+1 999 555 1234", "phone.unknown_range", {}),
    ],
)
def test_an_unusual_number_is_kept_with_one_warning(typed, code, params):
    (issue,) = warnings(typed)

    assert (issue.code, issue.severity, issue.params) == (code, Severity.WARNING, params)
    assert issue.path == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0852-28851234", "+85228851234"),
        ("852-2885-1234", "+85228851234"),
        ("853-2871-2345", "+85328712345"),
        ("0853-28712345", "+85328712345"),
    ],
)
def test_hong_kong_and_macau_behind_an_area_code_out_of_use_are_suggested(typed, meant):
    (issue,) = warnings(typed)

    assert issue.code == "phone.unverified_landline"
    assert issue.suggestion == meant


@pytest.mark.parametrize(
    ("typed", "region", "suggestion"),
    [
        ("13800138000", "US", "+86 138 0013 8000"),
        ("13800138000", "DE", "+86 138 0013 8000"),
        ("138 0013 8000 x12", "IT", "+86 138 0013 8000 转 12"),
        ("8613800138000", "IN", "+86 138 0013 8000"),
        ("+852 13800138000", "HK", "+86 138 0013 8000"),
        ("1588-1234-567", "KR", "+86 158 8123 4567"),
        ("１３８－００１３－８０００", "CA", "+86 138 0013 8000"),
        ("13800138000 转 12", "US", "+86 138 0013 8000 转 12"),
        ("+1 999 555 1234", "US", None),
        ("(999) 555-1234", "US", None),
        ("+852 12345678", "HK", None),
    ],
)
def test_a_mainland_mobile_in_no_range_abroad_is_suggested(typed, region, suggestion):
    (issue,) = warnings(typed, region)

    assert (issue.code, issue.suggestion) == ("phone.unknown_range", suggestion)
    if suggestion:
        assert warnings(suggestion, region) == []


def test_a_mainland_mobile_next_door_asks_for_no_second_look():
    for region in ("HK", "MO", "TW", "SG", "JP", "KR"):
        assert warnings("13800138000", region) == []


def test_a_number_that_a_range_abroad_holds_is_not_suggested_away():
    assert warnings("13012345678", "US") == []


LEVEL_CODES = {
    "phone.unknown_prefix": PhoneLevel.UNKNOWN_RANGE,
    "phone.unknown_range": PhoneLevel.UNKNOWN_RANGE,
    "phone.unverified_landline": PhoneLevel.POSSIBLE,
    "phone.no_area_code": PhoneLevel.POSSIBLE,
}


@given(
    st.from_regex(r"1[0-9]{4,12}|0[1-9][0-9]{8,10}|[2-8][0-9]{6,7}|\+[1-9][0-9]{9}", fullmatch=True)
)
def test_a_number_is_valid_where_no_warning_speaks_of_its_range(typed):
    try:
        phone = PhoneNumber.parse(typed)
    except InvalidValue:
        return
    told = {LEVEL_CODES.get(issue.code, PhoneLevel.VALID) for issue in warnings(typed)}

    assert phone.level in (told or {PhoneLevel.VALID})


def test_a_completed_local_number_asks_for_no_second_look():
    phone = PhoneNumber.parse("62345678").with_area_code("010")

    assert [issue for rule in RULES for issue in rule(phone)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_warning_has_its_sentence(language):
    for typed in ("17012345678", "19412345678", "1440012345678", "+1 999 555 1234", "95588"):
        (issue,) = warnings(typed)
        sentence = catalogue(language).sentence(issue.code, issue.params)

        assert sentence != issue.code
        assert not set("{}?") & set(sentence)
