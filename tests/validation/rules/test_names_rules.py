import pytest

from customer_registry import PartyKind, PartyName, Severity
from customer_registry.validation.rules import names


def found(name, kind):
    kind = PartyKind(kind)
    value = PartyName.parse(name, kind)
    return [issue for rule in names.RULES for issue in rule(value, kind)]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("王芳", []),
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
