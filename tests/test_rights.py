"""Every act on a registry asks for a declared permission: found by looking, not from a list."""

import inspect
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import attrs
import pytest

from customer_registry import (
    Actor,
    CustomerNotFound,
    CustomerRegistry,
    InMemoryRepository,
    NotPermitted,
    RegistryError,
    operations,
    quality,
)
from customer_registry.domain.access import ACTIONS, Sight
from customer_registry.domain.access.roles import AccessRules, Role, Scope
from customer_registry.domain.verification import Verification

ASKS_NOTHING = {
    "acting_as": "gives another actor, with no more rights than his own",
    "close": "touches no customer",
}
GIVEN_WHOLE = frozenset({"address_for"})
"""Acts on a customer that the caller has already: nothing of him is read again."""

SUBJECTS = frozenset({"customer", "target", "code_or_id", "of", "what"})
"""The parameters that say which customer an act is about."""

CLERK = Actor("li.lei", roles={"clerk"}, attributes={"department": "销售部", "region": "华东"})
FIELDS = {"kind": "person", "name": "王芳", "notes": "喜欢龙井茶"}
WITHIN = {
    Scope.OWN: {"owner": "li.lei"},
    Scope.DEPARTMENT: {"department": "销售部"},
    Scope.REGION: {"sales_region": "华东"},
    Scope.ALL: {},
}
BEYOND = {"owner": "han.meimei", "department": "财务部", "sales_region": "华北"}


def acts() -> Iterator[tuple[str, object]]:
    """Yield every public verb, and every function of the rooms beyond that takes a registry."""
    for name, verb in vars(CustomerRegistry).items():
        if not name.startswith("_") and inspect.isfunction(verb) and name not in ASKS_NOTHING:
            yield name, verb
    for room in (operations, quality):
        for name in room.__all__:
            act = getattr(room, name)
            if inspect.isfunction(act) and "registry" in inspect.signature(act).parameters:
                yield name, act


ACTS = dict(acts())
NEEDS_TOO = {"review": {"check"}}
"""What an act does by way of another act."""

EXTRA = {
    "backup": {"plain": True},
    "check": {"of": "customer"},
    "unit": {"customer": "customer"},
    "update": {"version": 1, "grade": "A"},
    "change_status": {"version": 1},
}


class Recording:
    """An access policy that notes what it is asked, and answers as it is told."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def permits(self, actor, action, customer):
        self.asked.append(action)
        return self.answer(action)

    def sight(self, actor, field, customer):
        return Sight.EDITED


def arguments(name, customer, folder):
    """Return what an act is called with: something for each parameter that has no default."""
    known = {
        "action": "review",
        "code": "C000123",
        "code_or_id": customer.code,
        "customer": customer,
        "field": "notes",
        "name": "C",
        "path": folder / "customers.csv",
        "new": "C000099",
        "prefix": "C",
        "purpose": "billing",
        "reason": "例行检查",
        "rows": [FIELDS],
        "status": "blocked",
        "target": customer,
        "to": folder / "backup",
        "verification": Verification(
            outcome="confirmed", source="VIES", at=datetime(2026, 1, 1, tzinfo=UTC)
        ),
        "what": customer,
    }
    positional, named = [], {}
    for parameter in inspect.signature(ACTS[name]).parameters.values():
        if parameter.name in {"self", "registry"} or parameter.default is not parameter.empty:
            continue
        if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}:
            continue
        if parameter.name not in known:
            pytest.fail(f"{name}: say what {parameter.name} is, in `arguments`")
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = known[parameter.name]
        else:
            positional.append(known[parameter.name])
    for key, value in EXTRA.get(name, {}).items():
        named[key] = customer if value == "customer" else value
    return positional, named


def done(registry, name, customer, folder):
    """Do an act as a whole; returns what it raised of ours, None where it raised nothing."""
    positional, named = arguments(name, customer, folder)
    try:
        answer = ACTS[name](registry, *positional, **named)
        if isinstance(answer, AbstractContextManager) and name == "unit":
            with answer:
                pass
        elif isinstance(answer, Iterator):
            list(answer)
    except RegistryError as error:
        return error
    return None


def is_about_a_customer(name):
    given = inspect.signature(ACTS[name]).parameters.keys()
    return bool(SUBJECTS & given) and name not in GIVEN_WHOLE


@pytest.fixture
def store():
    return InMemoryRepository()


def customer_in(store, **fields):
    return CustomerRegistry(repository=store).register({**FIELDS, **fields}).customer


@pytest.mark.parametrize("name", ACTS)
def test_every_act_asks_for_a_declared_permission_before_it_does_anything(store, name, tmp_path):
    judge_permission(store, name, tmp_path)


def asking_nothing(registry, customer):
    return registry._office.repository.read()


def asking_for_what_is_not_declared(registry, customer):
    with registry._office.unit("tidy_up", customer):
        pass


def acting_first(registry, customer):
    office = registry._office
    with office.repository.write() as work:
        work.customers.replace(attrs.evolve(customer, version=2))
    office.asked("update")


@pytest.mark.parametrize("act", [asking_nothing, asking_for_what_is_not_declared, acting_first])
def test_the_judge_of_acts_accuses_one_that_asks_wrongly(store, act, tmp_path, monkeypatch):
    monkeypatch.setitem(ACTS, act.__name__, act)
    with pytest.raises(AssertionError):
        judge_permission(store, act.__name__, tmp_path)


def judge_permission(store, name, tmp_path):
    customer = customer_in(store)
    denying = Recording(lambda action: action == "get")
    registry = CustomerRegistry(repository=store, access=denying)
    raised = done(registry, name, customer, tmp_path)
    asked = set(denying.asked)
    assert asked <= ACTIONS
    if name == "get":
        assert asked == {"get"}
        return
    assert isinstance(raised, NotPermitted)
    assert raised.action in asked - {"get"}
    with store.read() as work:
        assert work.customers.get(customer.id) == customer
        entries = [entry.action for entry in work.journal.since(0)]
    assert entries in (["registered"], ["registered", "denied"])


def action_of(name, store, customer, folder):
    """Return the permission that an act asks for, out of what it asks for when all is refused."""
    denying = Recording(lambda action: action == "get" and name != "get")
    raised = done(CustomerRegistry(repository=store, access=denying), name, customer, folder)
    return raised.action if isinstance(raised, NotPermitted) else "get"


def outcome(store, name, customer, role, folder):
    """Return what a clerk with one role is told: `done`, `refused` or `missing`."""
    access = AccessRules({"clerk": role})
    registry = CustomerRegistry(repository=store, access=access, actor=CLERK)
    raised = done(registry, name, customer, folder)
    if isinstance(raised, CustomerNotFound):
        return "missing"
    return "refused" if isinstance(raised, NotPermitted) else "done"


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("name", [name for name in ACTS if name != "get"])  # it has its own test
def test_every_act_is_for_whom_a_role_grants_it_and_for_nobody_else(name, scope, tmp_path):
    for place in ("within", "beyond"):
        store = InMemoryRepository()
        fields = WITHIN[scope] if place == "within" or scope is Scope.ALL else BEYOND
        customer = customer_in(store, **fields)
        action = action_of(name, store, customer, tmp_path)
        is_out = place == "beyond" and scope is not Scope.ALL and is_about_a_customer(name)
        expected = "missing" if is_out else "done"
        edited = {"scope": scope, "default": Sight.EDITED}
        seeing = Role(actions={"get"}, **edited)
        acting = Role(actions={"get", action, *NEEDS_TOO.get(name, ())}, **edited)
        denied = Role(actions="all", deny={action}, **edited)
        refused = "missing" if expected == "missing" else "refused"
        assert outcome(store, name, customer, seeing, tmp_path) == refused
        assert outcome(store, name, customer, denied, tmp_path) == refused
        assert outcome(store, name, customer, Role(), tmp_path) in {"refused", "missing"}
        assert outcome(store, name, customer, acting, tmp_path) == expected


@pytest.mark.parametrize("scope", Scope)
def test_a_customer_is_seen_within_the_scope_and_not_there_beyond(scope):
    store = InMemoryRepository()
    seeing = Role(actions={"get", "search", "find", "history", "changes"}, scope=scope)
    registry = CustomerRegistry(
        repository=store, access=AccessRules({"clerk": seeing}), actor=CLERK
    )
    theirs = customer_in(store, **WITHIN[scope], phone="13812345678")
    other = customer_in(store, **BEYOND, phone="13812345678")
    seen = [theirs] if scope is not Scope.ALL else [theirs, other]
    codes = [each.code for each in seen]
    assert [each.code for each in registry.search("王")] == codes[::-1]
    assert [entry.customer_id for entry in registry.changes()] == [each.id for each in seen]
    for customer in (theirs, other):
        if customer in seen:
            assert registry.get(customer.id).code == customer.code
            assert registry.history(customer)
        else:
            with pytest.raises(CustomerNotFound):
                registry.get(customer.id)
            with pytest.raises(CustomerNotFound):
                registry.history(customer)


def test_what_asks_nothing_is_still_there():
    assert ASKS_NOTHING.keys() <= vars(CustomerRegistry).keys()
