"""What a company fills in where nothing was typed, and how it wants texts written."""

import pytest

from customer_registry import CompanyPolicy, CustomerRegistry

POLICY = CompanyPolicy.loads("""
[defaults.all]
source = "官网"
grade = "C"

[defaults.person]
category = "散客"
grade = "B"

[defaults.category."散客"]
payment_terms = "货到付款"

[defaults.category.VIP]
grade = "A"
credit_limit = 1000

[formats]
owner = "[一-龥]{2,4}"
mnemonic = { pattern = "[A-Z]{2,8}", example = "HWGS" }
name = "[^0-9]*"

[max_length]
short_name = 4
""")
PERSON = {"kind": "person", "name": "王芳"}


def registered(**typed):
    return CustomerRegistry(policy=POLICY).register({**PERSON, **typed}).customer


@pytest.mark.parametrize(
    ("typed", "filled"),
    [
        ({}, ("官网", "B", "散客", "COD", None)),
        ({"kind": "organization"}, ("官网", "C", None, None, None)),
        ({"category": "ｖｉｐ"}, ("官网", "A", "ｖｉｐ", None, "1000 CNY")),
        ({"category": "VIP", "grade": "Z"}, ("官网", "Z", "VIP", None, "1000 CNY")),
        ({"category": "VIP", "grade": ""}, ("官网", None, "VIP", None, "1000 CNY")),
        ({"category": "别的"}, ("官网", "B", "别的", None, None)),
        ({"category": ""}, ("官网", "B", None, None, None)),
    ],
)
def test_typed_values_win_over_the_categorys_and_those_over_the_kinds(typed, filled):
    customer = registered(name="王芳有限公司" if "kind" in typed else "王芳", **typed)
    terms = customer.payment_terms and "COD"
    limit = customer.credit_limit and str(customer.credit_limit)
    found = (customer.source, customer.grade, customer.category, terms, limit)
    assert found == filled


def test_an_edit_fills_nothing_in():
    registry = CustomerRegistry(policy=POLICY)
    customer = registry.register(PERSON, category="").customer
    assert registry.update(customer, category="VIP").customer.credit_limit is None


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ({"owner": "Li Lei"}, "业务员的格式不符合要求，应如：[一-龥]{2,4}"),
        ({"mnemonic": "a1"}, "助记码的格式不符合要求，应如：HWGS"),
        ({"short_name": "浦江贸易公司"}, "简称长度不能超过4个字符（当前6）"),
    ],
)
def test_a_text_that_is_not_written_as_the_company_wants_is_told(typed, line):
    report = CustomerRegistry(policy=POLICY).check(PERSON, **typed)
    assert report.lines("zh") == (line,)
    assert not report.ok


def test_a_name_may_have_a_format_too():
    report = CustomerRegistry(policy=POLICY).check(kind="person", name="王芳2")
    assert "format" in [issue.code for issue in report]


def test_a_format_may_only_warn():
    policy = CompanyPolicy.loads('[formats]\nowner = "[A-Z]+"\n[severity]\nformat = "warning"')
    receipt = CustomerRegistry(policy=policy).register(PERSON, owner="李雷")
    assert [issue.code for issue in receipt.report.warnings] == ["format"]
    assert receipt.customer.owner == "李雷"


def test_what_was_written_otherwise_before_is_not_asked_for_in_an_edit():
    customer = CustomerRegistry().register(PERSON, owner="Li Lei").customer
    edited = CustomerRegistry(policy=POLICY)
    assert edited.check({**customer.raw(), "short_name": "小王"}, of=customer).ok
    assert edited.check({"owner": " Li  Lei "}, of=customer).ok
    assert not edited.check({"owner": "Li"}, of=customer).ok


def test_a_company_may_call_a_field_otherwise():
    policy = CompanyPolicy.loads(
        '[messages.zh]\n"label.owner" = "客户经理"\n[required]\nall = ["owner"]'
    )
    assert CustomerRegistry(policy=policy).check(PERSON).lines("zh") == ("客户经理不能为空",)
