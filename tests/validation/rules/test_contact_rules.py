import pytest

from customer_registry import Contact, CustomerRegistry, EmailAddress, PhoneNumber, Severity
from customer_registry.validation.rules import contacts

NAME = "上海浦江贸易有限公司"


def told(contact):
    return [issue for rule in contacts.RULES for issue in rule(contact)]


@pytest.mark.parametrize(
    "way",
    [
        {"phones": (PhoneNumber.parse("021-62345678"),)},
        {"emails": (EmailAddress.parse("li.lei@example.com"),)},
        {"messengers": {"wechat": "wx_li"}},
    ],
)
def test_one_way_to_reach_a_contact_is_enough(way):
    assert told(Contact(name="李雷", **way)) == []


def test_a_contact_nobody_can_reach_wants_a_look():
    (issue,) = told(Contact(name="李雷", title="采购"))

    assert (issue.code, issue.severity) == ("contact.unreachable", Severity.WARNING)


def test_a_row_with_an_unreachable_contact_is_saved_with_a_warning():
    registry = CustomerRegistry()
    rows = [{"kind": "organization", "name": NAME, "contacts": ["李雷", {"phones": "13800138000"}]}]
    (row,) = registry.load(rows)

    assert row.outcome == "registered"
    assert [(issue.code, issue.path) for issue in row.report] == [
        ("contact.unreachable", ("contacts", 0))
    ]
    assert row.report.lines("zh") == (
        "联系人 1：没有联系方式，请为该联系人补充电话、邮箱或即时通讯账号",
    )


def test_an_edit_of_something_else_does_not_ask_again():
    registry = CustomerRegistry()
    customer = registry.register(kind="organization", name=NAME, contacts=["李雷"]).customer

    assert registry.check(notes="老客户", of=customer).issues == ()
    assert registry.check(customer.raw(), of=customer).issues == ()
