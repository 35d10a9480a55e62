import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.cn_phone import is_area_code
from customer_registry.domain.values.phone import (
    PhoneKind,
    PhoneLevel,
    PhoneNumber,
    _plain_number,
    _read,
)

REGIONS = st.sampled_from(["CN", "HK", "US", "IT", "JP", "KR", "SG", "GB", "ZZ", ""])
NOISE = "0123456789+-() ./、;,#*x转分机電话张三:：（）－０１２ext=_~\n\u200b\u202d一"
ODD = st.characters(categories=["Cs", "Cc", "Cf", "Nd", "No", "Lo", "Mn", "Po"])
COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)


def refusal(typed, region="CN"):
    with pytest.raises(InvalidValue) as caught:
        PhoneNumber.parse(typed, region)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "kind", "canonical"),
    [
        ("138 0013 8000", "mobile", "+8613800138000"),
        ("138-0013-8000", "mobile", "+8613800138000"),
        ("+8613800138000", "mobile", "+8613800138000"),
        ("+86 138 0013 8000", "mobile", "+8613800138000"),
        ("8613800138000", "mobile", "+8613800138000"),
        ("0086-138-0013-8000", "mobile", "+8613800138000"),
        ("（+86）138-0013-8000", "mobile", "+8613800138000"),
        ("１３８００１３８０００", "mobile", "+8613800138000"),
        ("013800138000", "mobile", "+8613800138000"),
        ("'13800138000", "mobile", "+8613800138000"),
        ("13800138000.0", "mobile", "+8613800138000"),
        ("13800138000。", "mobile", "+8613800138000"),
        ("13800138000｡", "mobile", "+8613800138000"),
        ("\u200b13800138000\ufeff", "mobile", "+8613800138000"),
        ("19212345678", "mobile", "+8619212345678"),
        ("17012345678", "mobile", "+8617012345678"),
        ("14912345678", "mobile", "+8614912345678"),
        ("19412345678", "mobile", "+8619412345678"),
        ("14812345678", "iot", "+8614812345678"),
        ("1440012345678", "iot", "+861440012345678"),
        ("17491234567", "satellite", "+8617491234567"),
        ("13491234567", "satellite", "+8613491234567"),
        ("16191234567", "satellite", "+8616191234567"),
        ("010-62345678", "landline", "+861062345678"),
        ("（010）62345678", "landline", "+861062345678"),
        ("０１０－６２３４５６７８", "landline", "+861062345678"),
        ("010—62345678", "landline", "+861062345678"),
        ("010_62345678", "landline", "+861062345678"),
        ("010~62345678", "landline", "+861062345678"),
        ("010一62345678", "landline", "+861062345678"),
        ("010/62345678", "landline", "+861062345678"),
        ("+86-010-62345678", "landline", "+861062345678"),
        ("+86 (0)10 6234 5678", "landline", "+861062345678"),
        ("+86(0)21 62345678", "landline", "+862162345678"),
        ("0086(0)21 62345678", "landline", "+862162345678"),
        ("0086(0)755 86123456", "landline", "+8675586123456"),
        ("0086(021) 62345678", "landline", "+862162345678"),
        ("0086755 86123456", "landline", "+8675586123456"),
        ("+44(0)1234 567890", "landline", "+441234567890"),
        ("010-6234567", "landline", "+86106234567"),
        ("0716-81234567", "landline", "+8671681234567"),
        ("2162345678", "landline", "+862162345678"),
        ("62345678", "landline", "62345678;phone-context=+86"),
        ("+86 62345678", "landline", "62345678;phone-context=+86"),
        ("400-810-8888", "shared_cost", "+864008108888"),
        ("4008108888", "shared_cost", "+864008108888"),
        ("800-810-8888", "toll_free", "+868008108888"),
        ("95588", "service", "95588;phone-context=+86"),
        ("95105555", "service", "95105555;phone-context=+86"),
        ("10086", "service", "10086;phone-context=+86"),
        ("12345", "service", "12345;phone-context=+86"),
        ("010-95588", "service", "+861095588"),
        ("+852 2885 1234", "landline", "+85228851234"),
        ("00852 2885 1234", "landline", "+85228851234"),
        ("+886 2 2712 3456", "landline", "+886227123456"),
        ("+44 (0)20 7946 0000", "landline", "+442079460000"),
        ("+39 06 12345678", "landline", "+390612345678"),
        ("+1 212 555 1234", "other", "+12125551234"),
        ("+800 1234 5678", "toll_free", "+80012345678"),
        ("+870 773 111 632", "satellite", "+870773111632"),
    ],
)
def test_a_number_is_read_whatever_its_dress(typed, kind, canonical):
    phone = PhoneNumber.parse(typed)

    assert (str(phone.kind), str(phone)) == (kind, canonical)


@pytest.mark.parametrize(
    "typed",
    [
        "电话:13800138000",
        "手机：13800138000",
        "手机号码13800138000",
        "Tel.13800138000",
        "TEL: 13800138000",
        "T:13800138000",
        "Phone No. 13800138000",
        "李雷：13800138000",
        "☎13800138000",
        "(手机)13800138000",
        "13800138000（张三）",
        "13800138000 张三经理",
        "13800138000（微信同号）",
        "13800138000（工号123456）",
        "手机/13800138000",
        "tel:+86-138-0013-8000",
    ],
)
def test_labels_and_remarks_are_no_part_of_the_number(typed):
    phone = PhoneNumber.parse(typed)

    assert (phone.number, phone.raw) == ("+8613800138000", typed)


@pytest.mark.parametrize(
    "mark",
    [
        *("转", " 转 ", "转接", "轉", "分机", "分機號", "内线", "內線:", "内線", "转分机", "（转"),
        *(" ext.", " ext ", "EXT", "extension ", "x", "#", "*", ",", "，", ";ext=", "-", "－", "("),
    ],
)
def test_an_extension_is_told_from_the_number(mark):
    closing = ")" if "(" in mark or "（" in mark else ""
    phone = PhoneNumber.parse(f"010-62345678{mark}801{closing}")

    assert str(phone) == "+861062345678;ext=801"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("010-6234-5678-801", "+861062345678;ext=801"),
        ("+86-10-62345678-0801", "+861062345678;ext=0801"),
        ("010-62345678转123456", "+861062345678;ext=123456"),
        ("400-810-8888转1", "+864008108888;ext=1"),
        ("400-8108-888", "+864008108888"),
        ("13800138000转1234", "+8613800138000;ext=1234"),
        ("138-0013-8000", "+8613800138000"),
        ("62345678-801", "62345678;phone-context=+86;ext=801"),
        ("0571-8765432-1", "+865718765432;ext=1"),
        ("010-62345678转801（张三）", "+861062345678;ext=801"),
        ("010-62345678转801。", "+861062345678;ext=801"),
        ("+44 20 7946 0000 (12)", "+442079460000;ext=12"),
    ],
)
def test_a_dash_starts_an_extension_only_behind_a_complete_number(typed, canonical):
    assert str(PhoneNumber.parse(typed)) == canonical


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000、010-62345678", ["13800138000", "010-62345678"]),
        ("13800138000；13900139000", ["13800138000", "13900139000"]),
        ("13800138000或13900139000", ["13800138000", "13900139000"]),
        ("13800138000，13900139000", ["13800138000", "13900139000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("13800138000\n13900139000", ["13800138000", "13900139000"]),
        ("Tel 010-62345678 Fax 010-62345679", ["010-62345678", "010-62345679"]),
        ("62345678/79", ["62345678", "79"]),
        ("13800138000（家6234567）", ["13800138000(", "6234567)"]),
        ("13800138000。13900139000", ["13800138000", "13900139000"]),
        ("0086(0)2162345678 62345679", ["0086(0)2162345678", "62345679"]),
        ("010-62345678转801/802", ["010-62345678转801", "802"]),
    ],
)
def test_several_numbers_are_split_and_never_guessed(typed, parts):
    refused = refusal(typed)

    assert (refused.code, refused.params["parts"]) == ("phone.multiple", parts)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12345678901", "phone.mobile_prefix"),
        ("1.38E+10", "phone.scientific"),
        ("1.38001e10", "phone.scientific"),
        ("1-800-FLOWERS", "phone.letters"),
        ("13800138000 Li Lei", "phone.letters"),
        ("1380013800O", "phone.letters"),
        ("+44 20 PHONES", "phone.letters"),
        ("010-6234", "phone.too_short"),
        ("138", "phone.too_short"),
        ("400-810-888", "phone.too_short"),
        ("400-810-88888", "phone.too_long"),
        ("021-623456789", "phone.too_long"),
        ("1" * 30, "phone.too_long"),
        ("1" * 1_000_000, "phone.too_long"),
        ("+852 288", "phone.too_short"),
        ("+852 2", "phone.too_short"),
        ("+225 01234567", "phone.too_short"),
        ("+376 1234567", "phone.invalid"),
        ("+852 2885 1234 5678", "phone.too_long"),
        ("+999 1234567", "phone.invalid"),
        ("", "phone.invalid"),
        ("暂无", "phone.invalid"),
        ("一三八00138000", "phone.invalid"),
        ("6234567****8000", "phone.invalid"),
        ("++8613800138000", "phone.invalid"),
        ("010-62345678转123456789", "phone.multiple"),
        ("95588转1234567", "phone.extension"),
        ("1" * 220, "phone.too_long"),
        ("1380013\ud8008000", "text.forbidden"),
        ("1380013\x0b8000", "text.forbidden"),
        ("\u202e13800138000\u202c", "text.forbidden"),
    ],
)
def test_what_can_never_be_dialled_is_refused(typed, code):
    assert refusal(typed).code == code


def test_the_left_to_right_marks_that_an_address_book_copies_along_are_dropped():
    assert str(PhoneNumber.parse("\u202d138 0013 8000\u202c")) == "+8613800138000"


@pytest.mark.parametrize(
    ("typed", "length"), [("138001380001", 12), ("0138001380001", 12), ("138001380", 9)]
)
def test_a_mobile_of_another_length_is_refused_with_its_length(typed, length):
    refused = refusal(typed)

    assert (refused.code, refused.params) == ("phone.mobile_length", {"len": length})


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("2885 1234", "HK", "+85228851234"),
        ("0612345678", "NL", "+31612345678"),
        ("0031612345678", "NL", "+31612345678"),
        ("0031612345678", "US", "+31612345678"),
        ("(212) 555-1234", "us", "+12125551234"),
        ("011 86 138 0013 8000", "US", "+8613800138000"),
        ("13800138000", "cn", "+8613800138000"),
        ("0086 21 6234 5678", "HK", "+862162345678"),
        ("0086(0)21 62345678-801", "TH", "+862162345678"),
        ("0086 21 62345678", "ID", "+862162345678"),
        ("0086 138 0013 8000", "ID", "+8613800138000"),
        ("0086 95588", "HK", "95588;phone-context=+86"),
        ("00852 2885 1234", "HK", "+85228851234"),
        ("212 555 1234;phone-context=+1", "CN", "+12125551234"),
        ("+233 00 8515 5346", "CN", "+23385155346"),
    ],
)
def test_a_number_is_dialled_from_the_region_given(typed, region, number):
    assert PhoneNumber.parse(typed, region).number == number


@pytest.mark.parametrize("region", ["HK", "MO", "TW", "SG", "JP", "KR", "hk"])
@pytest.mark.parametrize(
    "typed",
    [
        *("13800138000", "138 0013 8000", "138-0013-8000", "手机：１３８００１３８０００"),
        *("8613800138000", "008613800138000", "0086 138 0013 8000"),
    ],
)
def test_a_mainland_mobile_typed_next_door_is_one(typed, region):
    phone = PhoneNumber.parse(typed, region)

    assert phone == PhoneNumber.parse("13800138000")
    assert PhoneNumber.parse(f"{typed} ext. 12", region).extension == "12"


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("1800 123 4567", "SG", "+6518001234567"),
        ("1588-1234", "KR", "+8215881234"),
        ("1588-1234-567", "KR", "+8215881234567"),
        ("13012345678", "US", "+13012345678"),
        ("13800138000", "US", "+13800138000"),
        ("13800138000", "DE", "+4913800138000"),
        ("15123456789", "DE", "+4915123456789"),
        ("+852 13800138000", "HK", "+85213800138000"),
    ],
)
def test_a_number_that_may_be_one_there_is_left_there(typed, region, number):
    assert PhoneNumber.parse(typed, region).number == number


@pytest.mark.parametrize(
    ("typed", "region", "suggestion"),
    [
        ("13800138000", "GB", "+86 138 0013 8000"),
        ("138 0013 8000 转 12", "FR", "+86 138 0013 8000 转 12"),
        ("8613800138000", "US", "+86 138 0013 8000"),
        ("13800138000", "ZZ", "+86 138 0013 8000"),
        ("23800138000", "GB", None),
        ("1380013800012", "GB", None),
    ],
)
def test_a_mainland_mobile_refused_elsewhere_is_suggested(typed, region, suggestion):
    assert refusal(typed, region).suggestion == suggestion


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("886-2-2345-6789", "+886 2 2345 6789"),
        ("886912345678 转 12", "+886 912 345 678 ext. 12"),
        ("886-2-2345-67890000", None),
        ("12345-67890-12", None),
    ],
)
def test_a_number_of_taiwan_without_its_plus_is_suggested(typed, suggestion):
    assert refusal(typed).suggestion == suggestion


@pytest.mark.parametrize("mark", ["内線", " 内線 ", "（内線:", " ext. ", " x", " X ", "#", "分機 "])
@pytest.mark.parametrize(
    ("typed", "region"),
    [
        *(("03-1234-5678", "JP"), ("2885 1234", "HK"), ("(212) 555-1234", "US")),
        *(("+44 (0)20 7946 0000", "CN"), ("0081 3-1234-5678", "CN"), ("02-2712-3456", "TW")),
    ],
)
def test_a_number_abroad_has_its_extension_too(typed, region, mark):
    alone = PhoneNumber.parse(typed, region)
    phone = PhoneNumber.parse(f"{typed}{mark}12{'）' if '（' in mark else ''}", region)

    assert str(phone) == f"{alone};ext=12"


@pytest.mark.parametrize(
    ("typed", "region"), [("03-1234-5678 内線12番", "JP"), ("02-312-3456 내선 12", "KR")]
)
def test_japan_and_korea_have_words_of_their_own_for_an_extension(typed, region):
    assert PhoneNumber.parse(typed, region).extension == "12"


@pytest.mark.parametrize(
    ("typed", "national", "international"),
    [
        ("13800138000", "138 0013 8000", "+86 138 0013 8000"),
        ("01062345678转801", "010-6234 5678 转 801", "+86 10 6234 5678 转 801"),
        ("07168123456", "0716-812 3456", "+86 716 812 3456"),
        ("4008108888", "400-810-8888", "+86 400 810 8888"),
        ("95105555", "95105555", "95105555;phone-context=+86"),
        ("62345678", "6234 5678", "62345678;phone-context=+86"),
        ("1440012345678", "1440012345678", "+86 1440012345678"),
        ("+852 28851234 ext 8", "2885 1234 ext. 8", "+852 2885 1234 ext. 8"),
        ("+80012345678", "+800 1234 5678", "+800 1234 5678"),
    ],
)
def test_a_number_is_shown_as_people_write_it(typed, national, international):
    phone = PhoneNumber.parse(typed)

    assert (phone.national, phone.international) == (national, international)


@pytest.mark.parametrize("region", ["CN", "US", "KR"])
@pytest.mark.parametrize(
    "typed",
    [
        *("13800138000转801", "010-62345678", "62345678转801", "2195588", "021-95588", "95588"),
        *("95105555", "8695588", "1440012345678", "400-810-8888", "+852 28851234 ext 8"),
        *("+80012345678", "+39 06 12345678", "+54 9 11 2345 6789", "+1 999 555 1234"),
    ],
)
def test_a_stored_or_shown_number_reads_back_anywhere(typed, region):
    phone = PhoneNumber.parse(typed)

    assert PhoneNumber.parse(str(phone), region) == phone
    assert PhoneNumber.parse(phone.international, region) == phone


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        *(("13800138000", "valid"), ("17012345678", "valid"), ("14912345678", "valid")),
        *(("14612345678", "valid"), ("1440012345678", "valid"), ("17491234567", "valid")),
        *(("010-62345678", "valid"), ("400-810-8888", "valid"), ("800-810-8888", "valid")),
        *(("95588", "valid"), ("010-95588", "valid"), ("+852 2885 1234", "valid")),
        *(("62345678", "possible"), ("0716-81234567", "possible"), ("026-62345678", "possible")),
        *(("19412345678", "unknown_range"), ("16112345678", "unknown_range")),
        *(("+1 999 555 1234", "unknown_range"), ("+870 773 111 632", "valid")),
    ],
)
def test_a_number_is_known_to_its_plan_or_possible_or_of_no_range(typed, level):
    assert PhoneNumber.parse(typed).level is PhoneLevel(level)


def test_an_area_code_completes_a_local_number_and_no_other():
    local = PhoneNumber.parse("62345678转801", use="work")

    assert local.is_local
    assert str(local.with_area_code("010")) == "+861062345678;ext=801"
    assert local.with_area_code("21").use == "work"
    mobile = PhoneNumber.parse("13800138000")
    assert mobile.with_area_code("010") is mobile


@pytest.mark.parametrize("area_code", ["139", "", "x", "400", "950", "01234"])
def test_what_is_no_area_code_is_refused(area_code):
    with pytest.raises(InvalidValue):
        PhoneNumber.parse("62345678").with_area_code(area_code)


@given(
    st.from_regex(r"0[0-9]{2,3}", fullmatch=True), st.from_regex(r"[2-8][0-9]{6,7}", fullmatch=True)
)
@example("0950", "7123456")
def test_what_is_called_an_area_code_completes_every_local_number(area_code, local):
    completes = True
    try:
        PhoneNumber.parse(local).with_area_code(area_code)
    except InvalidValue:
        completes = False

    assert completes or not is_area_code(area_code)


@pytest.mark.parametrize(
    ("typed", "region", "national"),
    [
        ("+32456998877", "BE", "0456 99 88 77"),
        ("+1-613-555-0177", "CA", "(613) 555-0177"),
        ("+1-202-555-0124", "US", "(202) 555-0124"),
        ("+852 2885 1234", "HK", "2885 1234"),
    ],
)
def test_a_number_knows_its_country_even_where_several_share_a_prefix(typed, region, national):
    phone = PhoneNumber.parse(typed)

    assert (phone.region, phone.national) == (region, national)


def test_only_a_number_of_ones_own_is_a_key():
    typed = ["010-62345678转801", "95588", "010-95588", "62345678", "+85228851234"]

    keys = [PhoneNumber.parse(one).key for one in typed]

    assert keys == ["+861062345678", None, None, None, "+85228851234"]


def test_the_use_takes_part_in_equality_and_the_typed_text_does_not():
    phone = PhoneNumber.parse("138 0013 8000")

    assert phone == PhoneNumber.parse("13800138000")
    assert hash(phone) == hash(PhoneNumber.parse("13800138000"))
    assert phone != PhoneNumber.parse("13800138000", use="fax")


def test_the_representation_keeps_the_number_to_itself():
    assert repr(PhoneNumber.parse("13800138000")) == "PhoneNumber(kind='mobile', region='CN')"


@given(st.text() | st.text(ODD) | st.text(NOISE, max_size=60) | st.text("0123456789-+ "), REGIONS)
@example("\x00" * 300, "CN")
@example("(" * 250, "CN")
@example("1 " * 125, "CN")
@example("转" * 249 + "1", "CN")
@example("0" * 20, "CN")
@example("+86" * 6, "US")
@example("1;phone-context=+", "CN")
@example("1;phone-context=+86;phone-context=+1", "CN")
def test_any_text_gives_a_number_that_reads_back_or_a_refusal(typed, region):
    try:
        phone = PhoneNumber.parse(typed, region)
    except InvalidValue:
        return
    for other in ("CN", "US", "HK", "KR", region):
        assert PhoneNumber.parse(str(phone), other) == phone
        assert PhoneNumber.parse(phone.international, other) == phone
    if phone.region == "CN":
        assert PhoneNumber.parse(phone.national) == phone
    elif phone.region and phone.level is PhoneLevel.VALID:
        assert PhoneNumber.parse(phone.national, phone.region) == phone


@given(
    st.from_regex(r"(\+?86[ -]?)?1[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{4}", fullmatch=True)
    | st.from_regex(
        r"(0|\+86 ?)[0-9]{2,3}[ -]?[0-9]{3,4} ?[0-9]{4}( ?转 ?[0-9]{1,7})?", fullmatch=True
    )
    | st.text("0123456789 -转", max_size=20).map(lambda text: f"0{text}"),
    REGIONS,
)
@example("0950 7123456", "CN")
@example("010 64123456789", "CN")
@example("0216 2345678", "CN")
def test_the_short_way_for_plain_numbers_gives_what_the_long_way_gives(typed, region):
    short = _plain_number(typed, region)

    assert short is None or short == _read(typed, region)


def test_the_short_way_takes_what_people_type_most():
    typed = [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "010-62345678",
        "0716 8123456转12",
        "010-6234 5678 转 801",
        "+86 512 6238 5273",
    ]
    assert all(_plain_number(each, "CN") for each in typed)


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(COUNTRIES), st.booleans())
@example(13800138000, "HK", False)  # noqa: FBT003  no country code in front
def test_a_mainland_mobile_is_never_quietly_a_number_of_another_country(digits, region, prefixed):
    typed = f"86{digits}" if prefixed else str(digits)
    mobile = PhoneNumber.parse(f"+86{digits}")
    try:
        phone = PhoneNumber.parse(typed, region)
    except InvalidValue as refused:
        phone = PhoneNumber.parse(refused.suggestion or "", region)
        assert phone == mobile
    assert PhoneNumber.parse(str(phone), region) == phone
    assert phone == mobile or phone.region != "CN"
    assert phone == mobile or region not in {"HK", "MO", "TW", "JP"}


@given(st.integers(13_000_000_000, 19_999_999_999))
def test_a_mobile_known_to_the_library_is_read_alike_by_it(digits):
    theirs = phonenumbers.parse(str(digits), "CN")
    assume(phonenumbers.is_valid_number(theirs))
    assume(phonenumbers.number_type(theirs) == phonenumbers.PhoneNumberType.MOBILE)

    ours = PhoneNumber.parse(str(digits))

    assert ours.number == phonenumbers.format_number(theirs, phonenumbers.PhoneNumberFormat.E164)
    assert ours.kind in {PhoneKind.MOBILE, PhoneKind.SATELLITE}


@given(
    st.from_regex(r"(10|2[0-9]|[3-9][0-9]{2})[0-9]{5,8}|[48]00[0-9]{7}|1[0-9]{10}", fullmatch=True)
)
def test_what_the_library_holds_sound_in_china_is_never_refused(national):
    theirs = phonenumbers.parse(f"+86{national}")
    assume(phonenumbers.is_valid_number(theirs))

    number = PhoneNumber.parse(f"+86{national}").number

    assert number in {f"+86{national}", f"{national};phone-context=+86"}


@pytest.mark.parametrize("region", COUNTRIES)
def test_every_countrys_example_reads_back(region):
    theirs = phonenumbers.example_number(region)
    text = phonenumbers.format_number(theirs, phonenumbers.PhoneNumberFormat.NATIONAL)
    e164 = phonenumbers.format_number(theirs, phonenumbers.PhoneNumberFormat.E164)

    phone = PhoneNumber.parse(text, region)

    assert phone.number == e164
    assert str(PhoneNumber.parse(f"{text} ext. 12", region)) == f"{e164};ext=12"
    assert PhoneNumber.parse(str(phone)) == phone
    assert PhoneNumber.parse(phone.international, "US") == phone
    assert PhoneNumber.parse(phone.national, region) == phone
