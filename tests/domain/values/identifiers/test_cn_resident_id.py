from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_resident_id


@pytest.mark.parametrize(
    ("typed", "kept", "kind", "born", "gender"),
    [
        ("11010519491231002x", "11010519491231002X", "id18", date(1949, 12, 31), "F"),
        ("34052419800101001X", "34052419800101001X", "id18", date(1980, 1, 1), "M"),
        ("810000199003078818", "810000199003078818", "residence_permit_hk", date(1990, 3, 7), "M"),
        ("820000198506154322", "820000198506154322", "residence_permit_mo", date(1985, 6, 15), "F"),
        ("830000197805051232", "830000197805051232", "residence_permit_tw", date(1978, 5, 5), "M"),
        ("91112419890115003X", "91112419890115003X", "fpr18", date(1989, 1, 15), "M"),
        ("931840198206280010", "931840198206280010", "fpr18", date(1982, 6, 28), "M"),
        ("110105491231002", "110105491231002", "id15", date(1949, 12, 31), "F"),
        ("KAZ110090123105", "KAZ110090123105", "fpr15", None, None),
    ],
)
def test_a_sound_number_tells_kind_birth_date_and_gender(typed, kept, kind, born, gender):
    number = cn_resident_id.canonical(typed)
    assert number == kept
    assert cn_resident_id.kind(number) == kind
    assert cn_resident_id.birth_date(number) == born
    assert cn_resident_id.gender(number) == gender
    assert cn_resident_id.area_known(number)


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("110105194912310021", "id.check_digit", {"expected_check": "X"}),
        ("99010519491231002X", "id.check_digit", {"expected_check": "3"}),
        ("1101051949123100", "id.length", {"len": 16}),
        ("11010519491331002X", "id.birth_date", {}),
        ("11010519490229002X", "id.birth_date", {}),
        ("110105491331002", "id.birth_date", {}),
        ("1101051949123100A1", "id.charset", {}),
        ("A10105491231002", "id.charset", {}),
        ("KAZ110090123106", "id.check_digit", {"expected_check": "5"}),
        ("KAZ110090133105", "id.birth_date", {}),
        (
            "110105194912310000",
            "id.check_digit",
            {"expected_check": "3", "hint": "import.precision_loss"},
        ),
    ],
)
def test_what_is_wrong_is_named_without_the_number(typed, code, params):
    with pytest.raises(InvalidValue) as refused:
        cn_resident_id.canonical(typed)
    assert (refused.value.code, dict(refused.value.params)) == (code, params)
    assert refused.value.suggestion is None


def test_a_birth_date_ahead_is_no_matter_of_form():
    assert cn_resident_id.canonical("11010520300101001X") == "11010520300101001X"


def test_a_wrong_check_character_is_told_before_a_birth_date_ahead():
    with pytest.raises(InvalidValue) as refused:
        cn_resident_id.canonical("110105203001010013")
    assert refused.value.code == "id.check_digit"
    assert refused.value.params["expected_check"] == "X"


def test_fifteen_digits_are_upgraded_by_century_and_check_character():
    assert cn_resident_id.upgraded("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize(
    ("sequence", "year"),
    [("995", 1999), ("996", 1899), ("997", 1899), ("998", 1899), ("999", 1899)],
)
def test_the_sequences_kept_for_centenarians_mean_the_nineteenth_century(sequence, year):
    assert cn_resident_id.birth_date(f"110105991231{sequence}") == date(year, 12, 31)


@pytest.mark.parametrize(("born", "lawful"), [("18000101", True), ("17991231", False)])
def test_nobody_born_before_1800_has_a_number(born, lawful):
    body = f"110105{born}001"
    number = body + cn_resident_id.check_character(body)
    if lawful:
        assert cn_resident_id.canonical(number) == number
    else:
        with pytest.raises(InvalidValue, match=r"id\.birth_date"):
            cn_resident_id.canonical(number)


PROVINCES = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71
81 82 83
""".split()


def test_an_area_lies_in_one_of_the_provinces_of_the_standard_or_is_of_a_residence_permit():
    pairs = [f"{pair:02}" for pair in range(100)]
    known = [pair for pair in pairs if cn_resident_id.area_known(f"{pair}0105491231002")]
    assert known == PROVINCES


def test_an_area_outside_every_province_is_unknown():
    assert not cn_resident_id.area_known("99010519491231002X")
    assert not cn_resident_id.area_known("160105491231002")
    assert not cn_resident_id.area_known("815000199001010013")


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.integers(0, 999))
def test_any_number_with_a_computed_check_character_passes(born, sequence):
    body = f"110105{born:%Y%m%d}{sequence:03}"
    number = body + cn_resident_id.check_character(body)
    assert cn_resident_id.canonical(number.lower()) == number
    assert cn_resident_id.birth_date(number) == born


@given(
    st.text(st.characters(), max_size=30) | st.from_regex("[0-9A-Z]{15}|[0-9X]{18}", fullmatch=True)
)
def test_any_text_is_a_number_or_is_refused(typed):
    try:
        number = cn_resident_id.canonical(typed)
    except InvalidValue:
        return
    assert cn_resident_id.canonical(number) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("110105203001010013", "id.birth_date"),
        ("11010520300101001X", "id.birth_date"),
        ("110105000101010017", "id.birth_date"),
        ("110105202611250018", "id.birth_date"),
    ],
)
def test_a_day_ahead_or_long_past_is_no_birthday_whatever_the_check_character(typed, code):
    with pytest.raises(InvalidValue) as refused:
        cn_resident_id.canonical(typed, today=date(2026, 11, 24))
    assert refused.value.code == code


def test_a_child_of_today_has_a_number_and_without_a_day_none_lies_ahead():
    body = "11010520261124001"
    number = body + cn_resident_id.check_character(body)
    assert cn_resident_id.canonical(number, today=date(2026, 11, 24)) == number
    assert cn_resident_id.canonical("11010520300101001X") == "11010520300101001X"
