import pytest

from customer_registry import CustomerRegistry, Severity
from customer_registry.testing import uscc

ADDRESSES = {"CN": "浦东南路1号", "HK": "皇后大道中1號", "US": "1 Main St"}


def found(name, kind, **fields):
    report = CustomerRegistry().check(kind=kind, name=name, **fields)
    return [issue for issue in report if issue.path == ("name",)]


def living_in(country):
    return [{"country": country, "street_address": ADDRESSES[country]}]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("王芳", []),
        ("张　三", []),
        ("阿卜来提•如则托合提", []),
        ("阿卜来提．如则托合提", []),
        ("买买提·艾力·阿不都热西提", []),
        ("张", ["name.too_short"]),
        ("张3", ["name.digits"]),
        ("欧阳娜娜", []),
        ("王", ["name.too_short"]),
        ("王2芳", ["name.digits"]),
        ("王②芳", ["name.digits"]),
        ("爱新觉罗启骧", []),
        ("爱新觉罗启骧氏", ["name.unusually_long"]),
        ("阿卜来提·如则托合提", []),
        ("Christopher Robin", []),
        ("J", ["name.too_short"]),
        ("1", ["name.digits", "name.too_short"]),
    ],
)
def test_a_person_with_an_unusual_name_wants_a_look(name, codes):
    assert [issue.code for issue in found(name, "person")] == codes


@pytest.mark.parametrize(
    "name",
    [
        "上海浦江贸易有限公司",
        "上海浦江贸易有限责任公司北京分公司",
        "北京某某事务所（普通合伙）",
        "海淀区老王小吃店",
        "第一人民医院",
        "社区居民委员会",
        "农村信用合作社",
        "株式会社日立",
        "有限会社山田",
        "Acme Co., Ltd.",
        "ACME INC",
        "Acme (Shanghai) Corp.",
        "Siemens A.G.",
        "Foo S.p.A.",
        "ＡＣＭＥ　ＬＬＣ",
        "Bar GmbH & Co. KG",
    ],
)
def test_an_organisation_with_its_legal_form_is_usual(name):
    assert found(name, "organization") == []


@pytest.mark.parametrize("name", ["浦江", "上海浦江贸易", "Acme", "Cola Drinks"])
def test_an_organisation_without_a_legal_form_wants_a_look(name):
    assert [issue.code for issue in found(name, "organization")] == ["name.no_legal_form"]


@pytest.mark.parametrize(("name", "kind"), [("王2", "person"), ("浦江", "organization")])
def test_an_unusual_name_only_warns(name, kind):
    assert {issue.severity for issue in found(name, kind)} == {Severity.WARNING}


@pytest.mark.parametrize("name", ["ООО Ромашка", "บริษัท ปูเจียง", "삼성전자", "شركة"])
def test_a_form_in_other_letters_is_not_looked_for(name):
    assert found(name, "organization") == []


@pytest.mark.parametrize(
    "fields",
    [{"addresses": living_in("CN")}, {"tax_identifiers": [uscc(3)]}],
    ids=["lives", "pays"],
)
def test_a_mainland_organisation_under_a_latin_name_alone_wants_a_look(fields):
    told = found("Pujiang Trading Co., Ltd.", "organization", **fields)
    assert [(issue.code, issue.severity) for issue in told] == [
        ("name.foreign_only", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("Pujiang Trading Co., Ltd.", "organization", {}),
        ("Pujiang Trading Co., Ltd.", "organization", {"addresses": living_in("HK")}),
        ("Acme Inc.", "organization", {"addresses": living_in("US")}),
        ("浦江Trading有限公司", "organization", {"addresses": living_in("CN")}),
        ("Li Lei", "person", {"addresses": living_in("CN")}),
    ],
)
def test_a_latin_name_is_fine_abroad_for_persons_and_where_nobody_knows(name, kind, fields):
    assert found(name, kind, **fields) == []


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [("王*", "person", True), ("王＊", "person", True), ("*ST华微有限公司", "organization", False)],
)
def test_a_mask_of_a_name_is_no_name(name, kind, told):
    codes = [issue.code for issue in found(name, kind)]
    assert ("name.looks_masked" in codes) is told
