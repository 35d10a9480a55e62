"""The front door, as a developer meets it first."""

import inspect
from collections import UserDict
from types import MappingProxyType

import pytest

from customer_registry import (
    STANDARD,
    Actor,
    CodePattern,
    CompanyPolicy,
    CustomerNotFound,
    CustomerRegistry,
    CustomerStatus,
    InMemoryRepository,
    InvalidCursor,
    Issue,
    NotPermitted,
    PolicyError,
    Severity,
    StorageError,
    ValidationFailed,
)
from customer_registry.testing import make_raw, uscc

VERBS = {
    "acting_as",
    "change_status",
    "changes",
    "check",
    "close",
    "codes",
    "find",
    "get",
    "history",
    "load",
    "open",
    "register",
    "reserve_code",
    "search",
    "unit",
    "update",
}


class Denying:
    """Permits everything but some actions, and remembers what it was asked."""

    def __init__(self, *denied, answer=False):
        self.denied, self.answer, self.asked = denied, answer, []

    def permits(self, actor, action, customer):
        self.asked.append((actor.id, action, customer))
        return self.answer if action in self.denied else True


@pytest.fixture
def registry():
    return CustomerRegistry()


@pytest.fixture
def wang(registry):
    return registry.register(
        kind="person", name="王芳", phone="13800138000", email="wang@example.cn"
    ).customer


def test_the_front_door_keeps_the_daily_verbs_and_no_more():
    public = {name for name in vars(CustomerRegistry) if not name.startswith("_")}
    assert public == VERBS


def test_every_verb_tells_what_it_does():
    assert all(inspect.getdoc(getattr(CustomerRegistry, name)) for name in VERBS)


def test_a_check_tells_everything_wrong_at_once():
    report = CustomerRegistry().check(
        kind="organization",
        name=" ",
        tax_identifiers=["91110000600037341N"],
        contacts=[{"name": "李雷", "emails": ["li.lei"]}],
    )
    assert not report.ok
    assert (report.issues[0].code, report.issues[0].path) == ("name.required", ("name",))
    assert report.lines("zh") == (
        "客户名称不能为空",
        "税号：统一社会信用代码校验位不正确，请核对",
        "联系人 1 的邮箱：电子邮箱格式不正确",
    )
    assert report.by_path("zh").keys() == {"name", "tax_identifiers.0", "contacts.0.emails.0"}


def test_a_check_writes_nothing(registry):
    registry.check(make_raw("organization", 3))
    assert len(registry.search()) == 0
    assert str(registry.register(make_raw("organization", 3)).customer.code) == "C000001"


def test_a_check_runs_the_rules_of_the_store_too(registry):
    registry.register(make_raw("organization", 3))
    assert "tax_id.duplicate" in [issue.code for issue in registry.check(make_raw(seed=3)).errors]


def test_a_customer_is_registered_as_the_design_shows(registry):
    receipt = registry.register(
        kind="organization",
        name="上海浦江贸易有限公司",
        tax_identifiers=["91110000 600037341L"],
        contacts=[{"name": "李雷", "phones": ["021-62345678 转 801"]}],
    )
    assert str(receipt.customer.code) == "C000001"
    assert receipt.report.ok
    assert receipt.message("zh") == "保存成功，客户编码：C000001"


@pytest.mark.parametrize(
    "wrap", [dict, UserDict, MappingProxyType], ids=["dict", "UserDict", "proxy"]
)
def test_a_mapping_of_any_kind_may_be_given(registry, wrap):
    raw = wrap({"kind": "person", "name": "王芳", "phone": "13800138000"})
    assert registry.register(raw).customer.phones


def test_a_mapping_and_keywords_may_be_given_together(registry):
    customer = registry.register({"kind": "person"}, name="王芳").customer
    assert str(customer.name) == "王芳"


def test_a_field_given_twice_is_told_and_nothing_is_saved(registry):
    with pytest.raises(ValidationFailed) as failed:
        registry.register({"kind": "person", "name": "王芳"}, name="李雷", website="nowhere")
    assert [issue.code for issue in failed.value.report] == ["field.twice", "website.format"]
    assert len(registry.search()) == 0


def test_a_check_tells_of_a_field_given_twice(registry):
    report = registry.check({"kind": "person", "name": "王芳"}, name="王芳")
    assert [(issue.code, issue.path) for issue in report.errors] == [("field.twice", ("name",))]


@pytest.mark.parametrize("raw", [5, "王芳", [("kind", "person")]], ids=type)
def test_what_is_no_mapping_is_told_even_beside_keywords(registry, raw):
    with pytest.raises(ValidationFailed) as failed:
        registry.register(raw, kind="person", name="王芳")
    assert [issue.code for issue in failed.value.report.errors] == ["raw.type"]


@pytest.mark.parametrize("key", ["self", "raw", "of", "target", "version", "idempotency_key"])
def test_a_form_may_send_any_name(registry, key):
    with pytest.raises(ValidationFailed) as failed:
        registry.register({"kind": "person", "name": "王芳", key: "x"})
    assert failed.value.report.errors[0].path == (key,)


def test_a_customer_is_found_by_each_of_its_keys(registry, wang):
    assert registry.find(phone="138 0013 8000") == (wang,)
    assert registry.find(phone="+86-13800138000") == (wang,)
    assert registry.find(email="wang@EXAMPLE.cn") == (wang,)


def test_a_tax_number_is_found_in_any_spelling(registry):
    customer = registry.register(
        kind="organization", name="甲公司", tax_identifiers=[uscc(3)]
    ).customer
    spelt = f"{uscc(3)[:8].lower()} {uscc(3)[8:]}"
    assert registry.find(tax_identifier=spelt) == (customer,)


def test_a_person_s_tax_number_is_found_as_well(registry):
    customer = registry.register(
        kind="person", name="王芳", tax_identifiers=["11010519491231002X"]
    ).customer
    assert registry.find(tax_identifier="11010519491231002x") == (customer,)


def test_all_holders_of_a_key_are_found_oldest_first(registry, wang):
    li = registry.register(kind="person", name="李雷", phone="13800138000").customer
    assert registry.find(phone="13800138000") == (wang, li)


def test_several_keys_narrow_the_answer(registry, wang):
    registry.register(kind="person", name="李雷", phone="13800138000")
    assert registry.find(phone="13800138000", email="wang@example.cn") == (wang,)
    assert registry.find(phone="13800138000", email="nobody@example.cn") == ()


@pytest.mark.parametrize(
    "key", [{"phone": "x"}, {"email": "\0"}, {"tax_identifier": ""}, {"phone": "95588"}], ids=str
)
def test_a_text_that_is_no_key_finds_nobody(registry, wang, key):
    assert registry.find(**key) == ()


def test_no_key_finds_nobody(registry, wang):
    assert registry.find() == ()


def test_pages_come_newest_first_and_carry_their_search():
    registry = CustomerRegistry()
    for seed in range(7):
        registry.register(make_raw("person", seed, grade="A" if seed % 2 else "B"))
    first = registry.search(grade="B", limit=3)
    second = registry.search(after=first.next)
    codes = [str(customer.code) for page in (first, second) for customer in page]
    assert codes == ["C000007", "C000005", "C000003", "C000001"]
    assert second.next is None


def test_whoever_comes_while_one_turns_pages_moves_nobody():
    registry = CustomerRegistry()
    for seed in range(4):
        registry.register(make_raw("person", seed))
    page = registry.search(limit=2)
    seen = list(page)
    registry.register(make_raw("person", 9))
    while page.next:
        page = registry.search(after=page.next)
        seen += page
    assert [str(customer.code) for customer in seen] == [f"C{at:06}" for at in (4, 3, 2, 1)]


def test_a_full_last_page_is_the_last():
    registry = CustomerRegistry()
    for seed in range(2):
        registry.register(make_raw("person", seed))
    assert registry.search(limit=2).next is None


@pytest.mark.parametrize(("limit", "shown"), [(0, 1), (-5, 1), (2, 2), (10**9, 3)])
def test_a_page_holds_at_least_one_customer_and_at_most_what_is_sensible(limit, shown):
    registry = CustomerRegistry()
    for seed in range(3):
        registry.register(make_raw("person", seed))
    assert len(registry.search(limit=limit)) == shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"text": "浦江"}, 1),
        ({"kind": "organization"}, 1),
        ({"status": "active"}, 2),
        ({"status": CustomerStatus.BLOCKED}, 0),
        ({"grade": "A"}, 1),
        ({"category": "经销商"}, 1),
        ({"owner": "li.lei"}, 1),
        ({"tags": {"重点"}}, 1),
        ({"tags": {"重点", "闲"}}, 0),
        ({"text": "浦江", "kind": "person"}, 0),
        ({}, 2),
    ],
    ids=str,
)
def test_a_search_is_narrowed_by_what_it_names(wang, registry, asked, found):
    registry.register(
        kind="organization",
        name="上海浦江贸易有限公司",
        grade="A",
        category="经销商",
        owner="li.lei",
        tags=["重点"],
    )
    assert len(registry.search(**asked)) == found


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "bm90IGpzb24=", "e30=", "W10=", "eyJsaW1pdCI6MH0=", "张", "\ud800", "eyJhIjoxfQ=="],
    ids=ascii,
)
def test_a_cursor_of_somebody_else_is_refused(registry, cursor):
    with pytest.raises(InvalidCursor, match="start again from the first page"):
        registry.search(after=cursor)


def test_history_tells_who_did_what(registry, wang):
    registry.update(wang, grade="A")
    actions = [(entry.number, entry.action) for entry in registry.history(wang)]
    assert actions == [(1, "registered"), (2, "updated")]


def test_nobody_has_no_history(registry):
    with pytest.raises(CustomerNotFound):
        registry.history("C000009")


def test_who_acts_is_named_in_the_journal(registry):
    desk = registry.acting_as(Actor("han.meimei", roles={"sales"}))
    customer = desk.register(kind="person", name="王芳").customer
    assert registry.history(customer)[0].actor == "han.meimei"


def test_acting_as_somebody_leaves_the_registry_as_it_was(registry):
    registry.acting_as(Actor("han.meimei"))
    customer = registry.register(kind="person", name="王芳").customer
    assert registry.history(customer)[0].actor == "system"


def test_acting_as_somebody_keeps_the_store_and_the_type(registry, wang):
    class Own(CustomerRegistry):
        pass

    own = Own(repository=registry._office.repository).acting_as(Actor("han.meimei"))
    assert type(own) is Own
    assert own.get("C000001") == wang


@pytest.mark.parametrize(
    ("action", "act"),
    [
        ("check", lambda registry, wang: registry.check(kind="person", name="李雷")),
        ("register", lambda registry, wang: registry.register(kind="person", name="李雷")),
        ("update", lambda registry, wang: registry.update(wang, grade="A")),
        ("change_status", lambda registry, wang: registry.change_status(wang, "blocked")),
        ("get", lambda registry, wang: registry.get("C000001")),
        ("find", lambda registry, wang: registry.find(phone="1")),
        ("search", lambda registry, wang: registry.search()),
        ("history", lambda registry, wang: registry.history(wang)),
        ("load", lambda registry, wang: registry.load([{}])),
    ],
)
def test_no_verb_works_for_whom_it_is_not_permitted(registry, wang, action, act):
    policy = CompanyPolicy(whom_to_ask="王主管")
    closed = CustomerRegistry(
        repository=registry._office.repository, access=Denying(action), policy=policy
    )
    with pytest.raises(NotPermitted, match=f"not permitted: {action}") as refused:
        act(closed, wang)
    assert (refused.value.action, refused.value.whom_to_ask) == (action, "王主管")
    told = [(entry.action, entry.version) for entry in registry.history(wang)]
    assert told in ([("registered", 1)], [("registered", 1), ("denied", None)])


@pytest.mark.parametrize("answer", [None, 1, "yes", object()], ids=repr)
def test_anything_but_true_denies(answer):
    registry = CustomerRegistry(access=Denying("search", answer=answer))
    with pytest.raises(NotPermitted):
        registry.search()


def test_a_customer_one_may_not_see_is_not_found(registry, wang):
    class OnlyOwn:
        def permits(self, actor, action, customer):
            return customer is None or customer.owner == actor.id

    desk = CustomerRegistry(
        repository=registry._office.repository, access=OnlyOwn(), actor=Actor("li.lei")
    )
    with pytest.raises(CustomerNotFound):
        desk.get("C000001")


def test_a_room_beyond_the_verbs_asks_access_first(registry, wang):
    access = Denying("audit")
    closed = CustomerRegistry(repository=registry._office.repository, access=access)
    with pytest.raises(NotPermitted), closed.unit("audit", wang):
        raise AssertionError("never entered")
    assert access.asked[-1] == ("system", "audit", wang)


def test_a_room_beyond_the_verbs_reads_and_writes(registry, wang):
    with registry.unit("prepare", writing=True) as work:
        work.numbers.raise_to("customer", 41)
    assert str(registry.register(kind="person", name="李雷").customer.code) == "C000042"


def test_a_room_that_fails_leaves_nothing_behind(registry, wang):
    with pytest.raises(ZeroDivisionError), registry.unit("prepare", writing=True) as work:
        work.numbers.raise_to("customer", 1 // (work.numbers.next("customer") - 2))
    assert str(registry.register(kind="person", name="李雷").customer.code) == "C000002"


def test_a_registry_codes_as_the_design_shows():
    registry = CustomerRegistry(
        codes=CodePattern(
            "{kind:person=P,organization=E}{date:%Y%m}-{number:05,by=kind,reset=month}"
        )
    )
    code = str(registry.register(kind="person", name="王芳").customer.code)
    assert code.startswith("P20")
    assert code.endswith("-00001")
    assert registry.codes.accepts(registry.get(code).code)


def large_credit_needs_an_address(credit_limit, addresses):
    """Who gets much credit has an address."""
    if credit_limit and credit_limit.amount > 100_000 and not addresses:
        yield Issue("required", ("addresses",))


def test_a_house_adds_its_own_rule():
    registry = CustomerRegistry(rules=STANDARD + [large_credit_needs_an_address])  # noqa: RUF005  as a house writes it
    report = registry.check(kind="person", name="王芳", credit_limit="20万")
    assert [(issue.code, issue.severity) for issue in report] == [("required", Severity.ERROR)]


def test_rules_may_be_a_plain_list():
    registry = CustomerRegistry(rules=[large_credit_needs_an_address])
    assert registry.check(kind="person", name="王1").issues == ()


def test_a_store_may_be_opened_in_memory():
    with CustomerRegistry.open("memory:") as registry:
        assert registry.register(kind="person", name="王芳").version == 1


def test_a_store_may_be_opened_from_a_file_and_again(tmp_path):
    with CustomerRegistry.open(tmp_path / "客户.db") as registry:
        customer = registry.register(make_raw("organization", 3)).customer
    with CustomerRegistry.open(str(tmp_path / "客户.db")) as again:
        assert again.get("C000001") == customer


def test_an_unknown_kind_of_store_is_named():
    with pytest.raises(StorageError, match="oracle"):
        CustomerRegistry.open("oracle://crm")


def test_a_policy_that_cannot_be_lets_go_of_the_file(tmp_path):
    policy = CompanyPolicy.loads('[defaults.all]\ncredit_limit = "much"')
    with pytest.raises(PolicyError):
        CustomerRegistry.open(tmp_path / "a.db", policy=policy)
    with CustomerRegistry.open(tmp_path / "a.db") as registry:
        assert len(registry.search()) == 0


def test_closing_twice_is_no_fault():
    registry = CustomerRegistry()
    registry.close()
    registry.close()


def test_registries_without_a_store_share_nothing():
    CustomerRegistry().register(kind="person", name="王芳")
    assert len(CustomerRegistry().search()) == 0


def test_registries_over_one_store_share_it():
    store = InMemoryRepository()
    CustomerRegistry(repository=store).register(kind="person", name="王芳")
    assert len(CustomerRegistry(repository=store).search()) == 1


def test_a_zone_this_machine_lacks_fails_at_the_door():
    with pytest.raises(PolicyError, match="tzdata"):
        CustomerRegistry(policy=CompanyPolicy(time_zone="Asia/Pudong"))


class Unfinished:
    """A backend that somebody has begun."""

    durability = identity = read = write = snapshot = close = None


class WithoutIdentity(InMemoryRepository):
    """A store that cannot tell who it is yet."""

    @property
    def identity(self):
        raise StorageError("the server is not there yet")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("customers.db", "a str is no repository: after_commit, close, condition, durability, "),
        (Unfinished(), "an? Unfinished is no repository: after_commit, condition, scrub missing$"),
    ],
)
def test_what_lacks_members_of_a_repository_is_refused_with_their_names(given, said):
    with pytest.raises(TypeError, match=said):
        CustomerRegistry(repository=given)


def test_a_repository_is_not_asked_anything_when_a_registry_is_made():
    assert CustomerRegistry(repository=WithoutIdentity())
