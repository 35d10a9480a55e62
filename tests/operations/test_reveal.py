"""A masked value is shown to who may and says why; the journal keeps that, and not the value."""

from contextlib import contextmanager

import attrs
import pytest

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerNotFound,
    CustomerRegistry,
    KeyUnavailable,
    Masked,
    NotPermitted,
    ValidationFailed,
)
from customer_registry.domain.customer import Customer
from customer_registry.operations import reveal

POLICY = """
[access.roles.boss]
actions = "all"
[access.roles.boss.fields]
default = "edited"
[access.roles.desk]
actions = ["get", "search", "reveal"]
scope = "own"
[access.roles.desk.fields]
default = "masked"
notes = "hidden"
"custom.会员号" = "hidden"
[access.roles.reader]
actions = ["get"]
[access.roles.reader.fields]
default = "masked"
"""


@pytest.fixture
def office(repository):
    return CustomerRegistry(repository=repository, policy=CompanyPolicy.loads(POLICY))


@pytest.fixture
def boss(office):
    return office.acting_as(Actor("boss", roles={"boss"}))


@pytest.fixture
def desk(office):
    return office.acting_as(Actor("desk", roles={"desk"}))


@pytest.fixture
def wang(boss):
    return boss.register(
        kind="person",
        name="王芳",
        owner="desk",
        contacts=[{"name": "李小龙", "phones": ["13812345678"]}],
        bank_accounts=[{"number": "6228480402564890018"}],
        credit_limit="100",
        notes="喜欢龙井茶",
        custom={"会员号": "VIP", "门店": "城西"},
    ).customer


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("bank_accounts.1-1.number", "6228480402564890018"),
        ("bank_accounts.0.number", "6228480402564890018"),
        ("contacts.1-1.phones.0", "+86 138 1234 5678"),
        ("credit_limit", "100 CNY"),
        ("custom.门店", "城西"),
        ("legal_representative", None),
    ],
)
def test_a_masked_value_is_shown_and_the_act_is_journalled_without_it(
    boss, desk, wang, path, value
):
    assert reveal(desk, desk.get(wang.code), path, "客户来电核对") == value
    entry = boss.history(wang)[-1]
    assert (entry.action, entry.actor, entry.reason, entry.version) == (
        "revealed",
        "desk",
        "客户来电核对",
        None,
    )
    assert [(each.path, each.hidden, each.after) for each in entry.changes] == [(path, True, None)]
    assert boss.get(wang.code) == wang


@pytest.mark.parametrize("path", ["notes", "custom.会员号", "custom.nothing"])
def test_a_hidden_field_is_revealed_to_nobody_and_says_nothing_of_what_there_is(
    boss, desk, wang, path
):
    if path == "custom.nothing":
        with pytest.raises(ValidationFailed):
            reveal(desk, wang, path, "看看")
        return
    with pytest.raises(NotPermitted):
        reveal(desk, wang, path, "看看")
    assert [entry.action for entry in boss.history(wang)] == ["registered", "denied"]


@pytest.mark.parametrize("reason", ["", "  ", None, 5])
def test_nothing_is_revealed_without_a_reason(boss, desk, wang, reason):
    with pytest.raises(ValidationFailed) as failed:
        reveal(desk, wang, "credit_limit", reason)
    assert [issue.code for issue in failed.value.report.errors] == ["reason.required"]
    assert len(boss.history(wang)) == 1


@pytest.mark.parametrize(
    "path", ["nots", "custom", "", "contacts.9", "contacts.1-1.x", "credit_limit.x", "."]
)
def test_a_path_that_leads_nowhere_is_refused(boss, desk, wang, path):
    with pytest.raises(ValidationFailed):
        reveal(desk, wang, path, "看看")
    assert len(boss.history(wang)) == 1


def test_who_may_not_reveal_is_refused_and_a_customer_unseen_is_not_there(office, boss, wang):
    with pytest.raises(NotPermitted):
        reveal(office.acting_as(Actor("x", roles={"reader"})), wang, "credit_limit", "看看")
    other = office.acting_as(Actor("other", roles={"desk"}))
    with pytest.raises(CustomerNotFound):
        reveal(other, wang, "credit_limit", "看看")


def test_what_the_store_itself_cannot_open_is_not_revealed(desk, wang):
    class Keyless:
        def __init__(self, work):
            self._work = work

        def __getattr__(self, name):
            return getattr(self._work, name)

        @property
        def customers(self):
            return self

        def get(self, customer_id) -> Customer:
            held = self._work.customers.get(customer_id)
            account = attrs.evolve(held.bank_accounts[0], number=Masked("****"))
            return attrs.evolve(held, bank_accounts=(account,))

    office = desk._office

    class Repository:
        def __getattr__(self, name):
            return getattr(office.repository, name)

        @contextmanager
        def read(self):
            with office.repository.read() as work:
                yield Keyless(work)

        @contextmanager
        def write(self):
            with office.repository.write() as work:
                yield Keyless(work)

    registry = CustomerRegistry(
        repository=Repository(), access=office.access, actor=Actor("desk", roles={"desk"})
    )
    with pytest.raises(KeyUnavailable):
        reveal(registry, wang, "bank_accounts.1-1.number", "看看")
    assert reveal(registry, wang, "credit_limit", "看看") == "100 CNY"
