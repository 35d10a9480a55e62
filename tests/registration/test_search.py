"""What a host asks of a search: filters, periods in the company's days, counts, cursors."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerRegistry,
    InvalidCursor,
    PolicyError,
)

POLICY = CompanyPolicy.loads(
    """
    time_zone = "Asia/Shanghai"
    [custom]
    "门店数" = { type = "number", searchable = true }
    "开业" = { type = "date", searchable = true }
    "会员" = { type = "bool", searchable = true }
    "等级" = { type = "choice", choices = ["A", "B"], searchable = true }
    "备忘" = { }
    """
)
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry(clock):
    return CustomerRegistry(policy=POLICY, clock=clock)


def register(registry, name, **fields):
    return registry.register(kind="organization", name=name, **fields).customer


def names(page):
    return [str(customer.name) for customer in page]


def test_a_custom_field_is_asked_for_as_a_form_gives_it(registry):
    custom = {"门店数": "1,200", "开业": "2026年3月1日", "会员": "是", "等级": "A"}
    register(registry, "甲公司", custom=custom)
    register(registry, "乙公司", custom={"门店数": 3})
    for asked in (
        {"门店数": 1200},
        {"门店数": "1200"},
        {"门店数": Decimal("1200.0")},
        {"开业": date(2026, 3, 1)},
        {"开业": "2026-03-01"},
        {"会员": True, "等级": "A"},
        {"等级": "A", "门店数": None},
    ):
        assert names(registry.search(custom=asked)) == ["甲公司"], asked
    assert not registry.search(custom={"门店数": "many"})
    assert not registry.search(custom={"等级": "B"})


def test_only_what_is_declared_searchable_may_be_asked_for(registry):
    for name in ("备忘", "无此字段"):
        with pytest.raises(PolicyError, match=f"custom.{name} is not declared searchable"):
            registry.search(custom={name: "x"})
    with pytest.raises(PolicyError):
        CustomerRegistry().search(custom={"门店数": 3})


def test_a_cursor_asks_for_no_more_than_its_registry_declares(registry, clock):
    for number in range(3):
        register(registry, f"第{number}公司", custom={"门店数": 3})
    cursor = registry.search(custom={"门店数": 3}, limit=1).next
    other = CustomerRegistry(repository=registry._office.repository, clock=clock)
    with pytest.raises(PolicyError):
        other.search(after=cursor)


def test_a_day_is_the_companys_and_both_ends_belong_to_the_period(registry, clock):
    for name, at in (
        ("昨夜", datetime(2026, 2, 28, 15, 59, 59, 999_999, tzinfo=UTC)),
        ("凌晨", datetime(2026, 2, 28, 16, tzinfo=UTC)),
        ("深夜", datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)),
        ("次日", datetime(2026, 3, 1, 16, tzinfo=UTC)),
    ):
        clock.now = at
        register(registry, f"{name}公司")
    day = date(2026, 3, 1)
    assert names(registry.search(created_from=day, created_until=day)) == ["深夜公司", "凌晨公司"]
    assert names(registry.search(created_until=date(2026, 2, 28))) == ["昨夜公司"]
    assert names(registry.search(updated_from=date(2026, 3, 2))) == ["次日公司"]
    moment = datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert names(registry.search(created_from=moment, created_until=moment)) == ["凌晨公司"]


@pytest.mark.parametrize("name", ["created_from", "created_until", "updated_from", "updated_until"])
def test_a_time_without_its_zone_is_refused(registry, name):
    with pytest.raises(ValueError, match="zone"):
        registry.search(**{name: datetime(2026, 3, 1)})  # noqa: DTZ001  what is tested


def test_the_ends_of_all_time_are_no_trouble(registry):
    register(registry, "甲公司")
    assert len(registry.search(created_from=date.min, created_until=date.max)) == 1
    assert len(registry.search(created_from=datetime.min.replace(tzinfo=POLICY.zone))) == 1
    assert len(registry.search(created_until=datetime.max.replace(tzinfo=UTC))) == 1
    assert not registry.search(created_until=date.min)
    assert not registry.search(created_from=date.max)


def test_an_edit_moves_a_customer_in_time(registry, clock):
    customer = register(registry, "甲公司")
    clock.now = NOON + timedelta(days=3)
    registry.update(customer, grade="A")
    assert not registry.search(updated_until=date(2026, 3, 1))
    assert registry.search(updated_from=date(2026, 3, 4), created_until=date(2026, 3, 1))


def test_a_page_says_how_many_there_are_only_if_asked(registry):
    for number in range(5):
        register(registry, f"第{number}贸易公司", grade="AB"[number % 2])
    assert registry.search("贸易", limit=2).total is None
    page = registry.search("贸易", limit=2, count=True)
    assert (len(page), page.total) == (2, 5)
    assert registry.search("贸易", grade="A", count=True).total == 3
    assert registry.search(after=page.next, count=True).total == 5
    assert registry.search("没有", count=True).total == 0


def test_a_count_is_of_those_whom_the_actor_may_see():
    class OwnOnly:
        def permits(self, actor, action, customer):
            return actor.id == "system" or customer is None or customer.owner == actor.id

    registry = CustomerRegistry(access=OwnOnly())
    for number in range(7):
        register(registry, f"第{number}公司", owner=["li", "han"][number % 2])
    clerk = registry.acting_as(Actor("han"))
    assert clerk.search("公司", limit=2, count=True).total == 3
    assert registry.search("公司", limit=2, count=True).total == 7


def test_a_cursor_carries_every_filter(registry, clock):
    for number in range(6):
        register(
            registry,
            f"第{number}贸易公司",
            custom={"门店数": Decimal("3.5"), "开业": date(2026, 3, 1), "会员": True},
            addresses=[{"region": "浙江省", "locality": "杭州市", "street_address": "人民路1号"}],
            tags=["重点"],
            sales_region="华东",
            department="一部",
        )
        register(registry, f"第{number}电子公司")
    asked = {
        "text": "贸易",
        "custom": {"门店数": 3.5, "开业": "2026-03-01", "会员": True},
        "region": "浙江",
        "tags": ["重点"],
        "sales_region": "华东",
        "department": "一部",
        "created_from": date(2026, 3, 1),
        "created_until": NOON,
        "updated_from": NOON - timedelta(microseconds=7),
        "updated_until": date(2026, 3, 1),
    }
    page, found = registry.search(limit=4, **asked), []
    found += names(page)
    page = registry.search(after=page.next, count=True)
    assert page.total == 6
    assert len(found + names(page)) == len(set(found + names(page))) == 6
    assert page.next is None


def forged(**changes):
    carried = {"text": "公司", "limit": 1, "before": 5, **changes}
    return base64.urlsafe_b64encode(json.dumps(carried).encode()).decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"created_from": "2026-03-01T00:00:00"},
        {"created_from": "yesterday"},
        {"created_before": 5},
        {"custom": {"门店数": {"decimal": "many"}}},
        {"custom": {"门店数": {"date": "2026-02-30"}}},
        {"custom": {"门店数": [1]}},
        {"custom": {"门店数": 1.5}},
        {"custom": [1]},
        {"custom": "门店数"},
        {"region": 5},
        {"department": ["a"]},
        {"nothing": 1},
    ],
)
def test_a_cursor_of_other_making_is_refused(registry, changes):
    with pytest.raises(InvalidCursor):
        registry.search(after=forged(**changes))


@pytest.mark.parametrize("number", ["1e999999999", "NaN", "sNaN", "-Infinity", "0e-999999"])
def test_a_monstrous_number_finds_nobody_and_takes_no_time(registry, number):
    register(registry, "甲公司", custom={"门店数": 1})
    assert not registry.search(after=forged(custom={"门店数": {"decimal": number}}))


def test_pages_hold_whom_they_began_with_while_others_are_added_and_edited(registry):
    began = [register(registry, f"第{number}贸易公司") for number in range(12)]
    seen, page = [], registry.search("贸易", limit=3)
    while True:
        seen += [customer.code for customer in page]
        for customer in registry.search("贸易", limit=1000):
            registry.update(customer, grade="A" if customer.grade != "A" else "B")
        register(registry, f"新{len(seen)}贸易公司")
        if page.next is None:
            break
        page = registry.search(after=page.next)
    assert seen == [customer.code for customer in reversed(began)]


def test_a_search_by_mnemonic_code_phone_and_mail(registry):
    register(
        registry,
        "浦江贸易有限公司",
        mnemonic="PJMY",
        foreign_name="Pujiang Trading",
        contacts=[{"name": "李雷", "phones": ["13800138000"], "emails": ["li.lei@pj.example"]}],
    )
    register(registry, "西湖科技有限公司", mnemonic="XHKJ")
    for text in (
        "浦", "浦江", "江贸易有", "PJMY", "pjm", "pujiang", "Puj Tra", "C000001", "c00000 浦",
        "0138", "浦江 0138", "浦江 138 0013 8000", "8000", "138-0013-8000", "+86 13800138000",
        "li.lei@pj.example", "LI.LEI", "李雷 pjmy", "0001 浦江",
    ):  # fmt: skip
        assert names(registry.search(text)) == ["浦江贸易有限公司"], text
    for text in ("江浦", "jmy", "ujiang", "0139", "浦江 xhkj", "ei@pj"):
        assert names(registry.search(text)) == [], text


def test_the_filters_of_a_policy_file_are_true_or_false():
    with pytest.raises(PolicyError, match="searchable is true or false"):
        CompanyPolicy.loads('[custom]\na = { searchable = "yes" }')
    declared = POLICY.custom_fields["门店数"]
    assert declared.searchable
    assert not attrs.evolve(declared, searchable=False).searchable


def test_filters_are_tidied_as_stored_values_are():
    registry = CustomerRegistry()
    registry.register(kind="organization", name="Zoë商行", tags=["a  b"], grade="A")
    for asked in (
        {"tags": [" a  b "]}, {"kind": ""}, {"grade": " "}, {"grade": " A "}, {"text": "Zo\u200bë"},
    ):  # fmt: skip
        assert len(registry.search(**asked)) == 1, asked
    assert not registry.search(grade="B").customers
