import pytest

from customer_registry import CompanyPolicy, CustomerRegistry, Severity, ValidationFailed
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


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"emails": ["test@example.com"]}, 1),
        ({"emails": ["Test@Example.com"]}, 1),
        ({"emails": ["foo@example.com"]}, 0),
        ({"messengers": {"jabber": "test@example.com"}}, 0),
    ],
)
def test_a_shared_mail_address_is_told_once_and_not_among_messengers(second, told):
    registry = CustomerRegistry()
    registry.register(kind="person", name="王芳", email="test@example.com")
    report = registry.check(kind="person", name="李雷", contacts=[{"name": "李雷", **second}])
    assert [issue.code for issue in report] == ["email.duplicate"] * told


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


def test_who_has_a_key_already_is_told_by_code_and_name():
    holder = make_customer(seed=3)
    code, name = str(holder.code), str(holder.name)
    issue = duplicate(Key("phone", "x"), holder)
    assert issue.params == {"code": code, "name": name, "value": code}


def similar(registry, name, **fields):
    report = registry.check(kind="organization", name=name, **fields)
    return [issue for issue in report if issue.code == "name.similar"]


@pytest.fixture(params=["memory", "file"])
def registry(request, tmp_path):
    where = "memory:" if request.param == "memory" else tmp_path / "a.db"
    with CustomerRegistry.open(where) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "score"),
    [
        ("上海浦江貿易股份有限公司", 97),
        ("浦江贸易（上海）公司", 93),
        ("北京浦江贸易有限公司", 86),
        ("上海铺江贸易有限公司", 88),
        ("上海浦江国际贸易有限公司", 92),
    ],
)
def test_who_is_nearly_called_like_a_customer_wants_a_look(registry, name, score):
    code = registry.register(kind="organization", name=NAME).customer.code
    (told,) = similar(registry, name)
    assert told.severity is Severity.WARNING
    assert told.path == ("name",)
    assert told.params == {"code": str(code), "name": NAME, "score": score}


@pytest.mark.parametrize(
    "name",
    [
        "上海浦东贸易有限公司",
        "上海浦江建筑有限公司",
        "浦江",
        "上海浦江贸易有限公司北京分公司",
        "北京铺江贸易有限公司",
    ],
)
def test_another_company_is_not_nearly_taken(registry, name):
    registry.register(kind="organization", name=NAME)
    assert similar(registry, name) == []


def test_a_name_that_is_taken_is_not_called_similar_as_well():
    registry = CustomerRegistry()
    registry.register(kind="organization", name=NAME)
    codes = [issue.code for issue in registry.check(kind="organization", name=f"{NAME} ")]
    assert codes == ["name.duplicate"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("上海浦江贸易股份有限公司", 1), ("浦江贸易有限公司", 0), ("铺江贸易有限公司", 0)],
)
def test_of_two_taxpayers_only_the_same_name_in_another_form_is_told(name, told):
    registry = CustomerRegistry()
    registry.register(kind="organization", name=NAME, tax_identifiers=[uscc(3)])
    assert len(similar(registry, name, tax_identifiers=[uscc(4)])) == told
    assert len(similar(registry, name)) == 1


def test_the_nearest_of_several_is_named():
    registry = CustomerRegistry()
    for name in ("北京铺江贸易有限公司", "上海铺江贸易有限公司", "上海浦江贸易公司"):
        registry.register(kind="organization", name=name)
    assert [issue.params["score"] for issue in similar(registry, NAME)] == [97]


def test_persons_may_be_called_nearly_alike():
    registry = CustomerRegistry()
    registry.register(kind="person", name="张伟")
    assert registry.check(kind="person", name="张玮").issues == ()


def test_a_customer_is_not_similar_to_itself():
    registry = CustomerRegistry()
    customer = registry.register(kind="organization", name=NAME).customer
    assert registry.check(name="上海浦江贸易公司", of=customer).issues == ()


def test_an_edit_of_something_else_does_not_ask_again():
    registry = CustomerRegistry()
    registry.register(kind="organization", name=NAME)
    customer = registry.register(kind="organization", name="上海浦江贸易公司").customer
    assert registry.check(notes="欠款", of=customer).issues == ()


def test_a_company_may_silence_similar_names():
    registry = CustomerRegistry(policy=CompanyPolicy.loads('[severity]\n"name.similar" = "off"'))
    registry.register(kind="organization", name=NAME)
    assert similar(registry, "上海浦江贸易公司") == []


def test_a_customer_renamed_is_similar_under_the_new_name_only(registry):
    customer = registry.register(kind="organization", name=NAME).customer
    registry.update(customer, name="杭州天目建材有限公司")
    assert similar(registry, "上海浦江贸易公司") == []
    assert len(similar(registry, "天目建材有限公司")) == 1
