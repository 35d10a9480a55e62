from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import cn_uscc

SOUND = [
    "9144030071526726XG",
    "914403001922038216",
    "91330100716105852F",
    "91110108551385082Q",
    "91110000802100433B",
    "91100000100003962T",
    "12100000400000624D",
    "91110000600037341L",
    "93410100MA45XY124P",
    "11110000000001230C",
    "31110000E00018675X",
    "52110108MJ01234562",
    "5310000050001234X6",
    "81110105MC1234566Q",
    "A1100000MB1234562N",
    "Y1110000MD123456XX",
    "54330110ME1234563A",
]


def refusal(typed):
    with pytest.raises(InvalidValue) as refused:
        cn_uscc.canonical(typed)
    return refused.value


@pytest.mark.parametrize("number", SOUND)
def test_a_code_with_its_right_check_character_is_kept(number):
    assert cn_uscc.canonical(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        "9144-0300-7152-6726-XG",
        " 9144 0300 7152 6726 xg",
        "９１４４０３００７１５２６７２６ＸＧ",
        "9144030071526726\u200bXG",
    ],
)
def test_spaces_hyphens_width_and_case_do_not_matter(typed):
    assert cn_uscc.canonical(typed) == "9144030071526726XG"


@pytest.mark.parametrize(
    ("typed", "code", "params"),
    [
        ("9144030071526762XG", "uscc.check_digit", {"expected_check": "3"}),
        ("914403007152672XG", "uscc.length", {"len": 17}),
        ("91330100716105852V", "uscc.charset", {"pos": 18, "char": "V", "positions": (18,)}),
        (
            "914403001922038000",
            "uscc.check_digit",
            {"expected_check": "1", "hint": "import.precision_loss"},
        ),
        ("91A40300192203800K", "uscc.region_digits", {}),
        ("000000000000000000", "uscc.placeholder", {}),
        ("", "uscc.length", {"len": 0}),
        ("9" * 1_000_000, "too_long", {"max": 200, "len": 1_000_000}),
    ],
)
def test_what_is_wrong_is_named(typed, code, params):
    wrong = refusal(typed)
    assert (wrong.code, dict(wrong.params)) == (code, params)


def test_letters_read_for_digits_are_offered_back_when_the_check_character_agrees():
    wrong = refusal("9I44O30071526726XG")
    assert wrong.code == "uscc.charset"
    assert wrong.params["positions"] == (2, 5)
    assert wrong.suggestion == "9144030071526726XG"


@pytest.mark.parametrize("typed", ["9144030071526726ХG", "9144030071526726ΧG"])
def test_letters_of_other_alphabets_are_offered_as_ours_when_the_check_character_agrees(typed):
    assert refusal(typed).suggestion == "9144030071526726XG"


@pytest.mark.parametrize("authority", "123456789ANY")
def test_every_authority_s_codes_pass_and_its_table_is_known(authority):
    for category in cn_uscc.ALPHABET:
        body = f"{authority}{category}110000MA1234567"
        number = body + cn_uscc.check_character(body)
        assert cn_uscc.canonical(number) == number
        listed = category in cn_uscc.AUTHORITIES[authority][1]
        assert cn_uscc.category_known(number) is listed
        assert cn_uscc.authority(number) == cn_uscc.AUTHORITIES[authority][0]


@pytest.mark.parametrize(
    ("first", "name", "categories"),
    [
        ("1", "机构编制", "1239"),
        ("2", "外交", "19"),
        ("3", "司法行政", "123459"),
        ("4", "文化", "19"),
        ("5", "民政", "1239"),
        ("6", "旅游", "129"),
        ("7", "宗教", "129"),
        ("8", "工会", "19"),
        ("9", "工商（市场监管）", "1239"),
        ("A", "中央军委改革和编制办公室", "19"),
        ("N", "农业农村", "1239"),
        ("Y", "其他", "1"),
        ("B", None, ""),
    ],
)
def test_an_authority_gives_out_the_categories_that_the_standard_lists(first, name, categories):
    known = [char for char in cn_uscc.ALPHABET if cn_uscc.category_known(f"{first}{char}")]

    assert (cn_uscc.authority(f"{first}1"), known) == (name, list(categories))


ALIKE = {
    "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "Р": "P", "С": "C", "Т": "T",
    "Х": "X", "У": "Y", "Α": "A", "Β": "B", "Ε": "E", "Η": "H", "Κ": "K", "Μ": "M", "Ν": "N",
    "Ρ": "P", "Τ": "T", "Χ": "X", "Υ": "Y", "O": "0", "I": "1", "Z": "2", "S": "5",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), ALIKE.items())
def test_a_letter_that_looks_like_another_is_offered_as_it(typed, meant):
    head = f"91110108MA{meant}123456"
    number = head + cn_uscc.check_character(head)

    assert refusal(number.replace(f"MA{meant}", f"MA{typed}")).suggestion == number


def test_no_code_is_offered_when_the_check_character_disagrees():
    assert refusal("9I44O30071526726XA").suggestion is None


def test_no_code_is_offered_for_a_v():
    assert refusal("91330100716105852V").suggestion is None


def test_a_check_value_of_31_stands_as_zero():
    assert cn_uscc.check_character("0" * 17) == "0"


@pytest.mark.parametrize("number", SOUND[:3])
def test_every_single_wrong_character_is_found(number):
    for at in range(18):
        for char in set(cn_uscc.ALPHABET) - {number[at]}:
            with pytest.raises(InvalidValue):
                cn_uscc.canonical(number[:at] + char + number[at + 1 :])


@pytest.mark.parametrize("number", SOUND[:3])
def test_every_swap_of_neighbours_is_found(number):
    for at in range(17):
        if number[at] != number[at + 1]:
            with pytest.raises(InvalidValue):
                cn_uscc.canonical(number[:at] + number[at + 1] + number[at] + number[at + 2 :])


def test_a_code_tells_authority_category_and_organization_code():
    number = "9144030071526726XG"
    assert cn_uscc.category(number) == "91"
    assert cn_uscc.authority(number) == "工商（市场监管）"
    assert cn_uscc.inner_org_code(number) == "71526726X"


@given(st.text(alphabet=cn_uscc.ALPHABET, min_size=9, max_size=9), st.integers(0, 999_999))
def test_any_code_with_a_computed_check_character_passes_twice(body, region):
    head = f"91{region:06}{body}"
    number = head + cn_uscc.check_character(head)
    assert cn_uscc.canonical(cn_uscc.canonical(number)) == number


@given(st.text(st.characters(), max_size=30))
def test_any_text_is_a_code_or_is_refused(typed):
    with suppress(InvalidValue):
        number = cn_uscc.canonical(typed)
        assert cn_uscc.canonical(number) == number
