import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values._countries import ALIASES, TABLE
from customer_registry.domain.values.country import CountryCode

CODES = [row[:2] for row in TABLE.splitlines()]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("CN", "CN"),
        ("cn", "CN"),
        ("中国", "CN"),
        ("中國", "CN"),
        ("China", "CN"),
        ("CHN", "CN"),
        ("156", "CN"),
        ("香港", "HK"),
        ("Hong Kong", "HK"),
        ("hongkong", "HK"),
        ("澳门", "MO"),
        ("台湾", "TW"),
        ("U.S.A.", "US"),
        ("uk", "GB"),
        ("ＵＳＡ", "US"),
        ("韩国", "KR"),
        ("刚果（金）", "CD"),
    ],
)
def test_a_country_is_read_from_codes_and_names(typed, code):
    assert str(CountryCode.parse(typed)) == code


@pytest.mark.parametrize("code", CODES)
def test_every_country_is_found_by_each_of_its_names(code):
    country = CountryCode(code)
    for name in (country.name("zh"), country.name("en"), country.alpha3, country.numeric):
        assert CountryCode.parse(name) == country


def test_the_table_holds_the_249_entries_of_the_standard_once_each():
    assert len(CODES) == len(set(CODES)) == 249


def test_no_alias_is_given_to_two_countries_or_hides_a_name():
    for row in ALIASES.splitlines():
        code, names = row.split(" ", 1)
        assert {str(CountryCode.parse(name)) for name in names.split("|")} == {code}


def test_a_country_is_named_in_chinese_unless_another_language_is_asked_for():
    country = CountryCode("DE")
    assert country.name() == country.name("zh-Hant") == "德国"
    assert country.name("en-GB") == country.name("fr") == "Germany"


@pytest.mark.parametrize("typed", ["", "Atlantis", "ZZ", "中"])
def test_an_unknown_country_is_refused(typed):
    with pytest.raises(InvalidValue) as refused:
        CountryCode.parse(typed)
    assert refused.value.code == "country.unknown"


@given(st.text(st.characters(), max_size=120))
def test_any_text_is_a_country_or_is_refused(typed):
    try:
        country = CountryCode.parse(typed)
    except InvalidValue:
        return
    assert CountryCode.parse(str(country)) == country
