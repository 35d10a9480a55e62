import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, ValidationFailed
from customer_registry.domain.policy import DUPLICATE_CODES, UNIQUE_KEYS, Unique
from customer_registry.repository import Key
from customer_registry.testing import make_customer, make_raw, resident_id, uscc
from customer_registry.validation.rules.duplicates import duplicate

NAME = "上海浦江贸易有限公司"
SHARED = {
    "tax_identifier": ("organization", {"tax_identifiers": [uscc(3)]}),
    "identity_document": ("person", {"identity_document": resident_id(3)}),
    "organization_name": ("organization", {"name": NAME}),
    "person_name": ("person", {"name": "王芳"}),
    "phone": ("person", {"phone": "13800138000"}),
    "email": ("person", {"email": "li.lei@example.cn"}),
}
NAMES = {"organization": ("甲有限公司", "乙有限公司"), "person": ("王芳", "李雷")}


def registered_twice(key, unique, **changes):
    """Register two customers that share one key; return the registry and the second's report."""
    kind, shared = SHARED[key]
    policy = CompanyPolicy(unique={**dict.fromkeys(UNIQUE_KEYS, Unique.OFF), key: unique})
    registry = CustomerRegistry(policy=policy)
    first, second = NAMES[kind]
    registry.register({"kind": kind, "name": first, **shared})
    return registry.check({"kind": kind, "name": second, **shared, **changes})


@pytest.mark.parametrize("key", SHARED)
def test_a_shared_key_that_the_company_blocks_is_an_error(key):
    errors = registered_twice(key, Unique.BLOCK).errors
    assert [issue.code for issue in errors] == [DUPLICATE_CODES[key]]
    assert errors[0].params["code"] == "C000001"


@pytest.mark.parametrize("key", SHARED)
def test_a_shared_key_that_the_company_warns_of_does_not_block(key):
    report = registered_twice(key, Unique.WARN)
    assert report.ok
    assert DUPLICATE_CODES[key] in [issue.code for issue in report.warnings]


@pytest.mark.parametrize("key", SHARED)
def test_a_shared_key_that_the_company_lets_pass_is_not_told(key):
    report = registered_twice(key, Unique.OFF)
    assert DUPLICATE_CODES[key] not in [issue.code for issue in report]


@pytest.mark.parametrize("key", SHARED)
def test_a_blocked_key_is_the_same_issue_from_the_store(key):
    kind, shared = SHARED[key]
    policy = CompanyPolicy(unique={**dict.fromkeys(UNIQUE_KEYS, Unique.OFF), key: Unique.BLOCK})
    registry = CustomerRegistry(policy=policy)
    blind = CustomerRegistry(repository=registry._office.repository, policy=policy, rules=[])
    first, second = NAMES[kind]
    registry.register({"kind": kind, "name": first, **shared})
    raw = {"kind": kind, "name": second, **shared}
    by_rule = registry.check(raw).errors
    with pytest.raises(ValidationFailed) as by_store:
        blind.register(raw)
    assert by_store.value.report.errors == by_rule


def test_a_customer_is_no_duplicate_of_itself():
    registry = CustomerRegistry()
    customer = registry.register(make_raw("organization", 3)).customer
    report = registry.check(make_raw("organization", 3, grade="Z"), of=customer)
    assert not [issue for issue in report if issue.code.endswith("duplicate")]


def test_a_person_and_an_organisation_may_be_called_alike():
    registry = CustomerRegistry()
    registry.register(kind="organization", name="王芳")
    policy_codes = [issue.code for issue in registry.check(kind="person", name="王芳")]
    assert "name.duplicate" not in policy_codes


def test_a_service_number_identifies_nobody():
    registry = CustomerRegistry()
    registry.register(kind="person", name="王芳", phone="95588")
    codes = [issue.code for issue in registry.check(kind="person", name="李雷", phone="95588")]
    assert "phone.duplicate" not in codes


def test_another_spelling_of_a_name_is_the_same_name():
    registry = CustomerRegistry()
    registry.register(kind="organization", name="腾讯（深圳）有限公司")
    report = registry.check(kind="organization", name="腾讯(深圳) 有限公司")
    assert "name.duplicate" in [issue.code for issue in report.warnings]


def test_of_several_holders_one_is_named():
    registry = CustomerRegistry()
    for name in ("王芳", "李雷"):
        registry.register(kind="person", name=name, phone="13800138000")
    report = registry.check(kind="person", name="韩梅", phone="13800138000")
    told = [issue for issue in report if issue.code == "phone.duplicate"]
    assert [issue.params["code"] for issue in told] == ["C000001"]


@pytest.mark.parametrize("field", ["code", *UNIQUE_KEYS])
def test_every_key_that_can_be_taken_has_an_issue(field):
    holder = make_customer(seed=3)
    issue = duplicate(Key(field, "x"), holder)
    assert issue.code.endswith(".duplicate")
    assert str(holder.code) in issue.line("zh")
