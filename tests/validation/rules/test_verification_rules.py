from contextlib import contextmanager

import pytest

from customer_registry import STANDARD, CustomerRegistry, Severity, ValidationFailed
from customer_registry.domain.verification import Remembering
from customer_registry.testing import FakeVerifier, uscc
from customer_registry.validation.rules.verification import verified_by

GOOD, BAD, PENDING, FAULTY = (uscc(seed) for seed in range(4))
SCRIPT = {
    GOOD: "confirmed",
    BAD: "refuted",
    PENDING: ["unknown", "confirmed"],
    FAULTY: TimeoutError(),
}


@pytest.fixture
def register():
    return FakeVerifier(SCRIPT, source="信用信息公示系统")


@pytest.fixture
def registry(register):
    return CustomerRegistry(rules=[*STANDARD, verified_by(register)])


def company(number, scheme="cn.uscc"):
    typed = {"scheme": scheme, "number": number}
    return {"kind": "organization", "name": "上海浦江贸易有限公司", "tax_identifiers": [typed]}


def test_a_number_that_the_register_knows_passes(registry):
    assert registry.register(company(GOOD)).report.ok


def test_a_number_that_the_register_refutes_is_refused(registry):
    with pytest.raises(ValidationFailed) as refused:
        registry.register(company(BAD))
    (issue,) = refused.value.report.errors
    assert (issue.code, issue.path) == ("tax_id.refuted", ("tax_identifiers", 0))
    assert issue.line("zh") == "信用信息公示系统查无此税号，请核对"


@pytest.mark.parametrize("number", [PENDING, FAULTY])
def test_what_the_register_cannot_say_now_is_to_be_checked_by_hand(registry, number):
    report = registry.register(company(number)).report
    (issue,) = (issue for issue in report if issue.code.startswith("tax_id"))
    assert (issue.code, issue.severity) == ("tax_id.unverifiable", Severity.WARNING)


def test_a_foreign_number_of_a_scheme_that_we_do_not_check_is_left_to_the_register():
    register = FakeVerifier({"BE0987654321": "refuted", "BE0477472701": "confirmed"})
    registry = CustomerRegistry(rules=[*STANDARD, verified_by(register)])
    for number, fine in (("BE0987654321", False), ("BE0477472701", True)):
        assert registry.check(company(number, "be.register")).ok is fine


def test_a_number_that_is_kept_is_not_asked_for(registry, register):
    customer = registry.register(company(GOOD)).customer
    registry.update(customer, grade="A")
    assert register.asked == [GOOD]


def test_a_number_seen_again_is_remembered(register):
    registry = CustomerRegistry(rules=[*STANDARD, verified_by(Remembering(register))])
    for _ in range(3):
        registry.check(company(GOOD))
    registry.register(company(GOOD))
    assert register.asked == [GOOD]


class Watched:
    """A store that knows how many units of work are open."""

    def __init__(self, store):
        self.store, self.open = store, 0

    def __getattr__(self, name):
        return getattr(self.store, name)

    @contextmanager
    def read(self):
        self.open += 1
        with self.store.read() as work:
            yield work
        self.open -= 1

    @contextmanager
    def write(self):
        self.open += 1
        with self.store.write() as work:
            yield work
        self.open -= 1


@pytest.mark.parametrize("verb", ["register", "update", "check", "load"])
def test_nobody_waits_for_the_register_with_a_store_in_hand(verb):
    store = Watched(CustomerRegistry()._office.repository)
    seen = []

    def watching(number):
        seen.append(store.open)

    registry = CustomerRegistry(repository=store, rules=[*STANDARD, verified_by(watching)])
    known = registry.register(kind="organization", name="甲有限公司").customer
    {
        "register": lambda: registry.register(company(GOOD)),
        "update": lambda: registry.update(known, tax_identifiers=[GOOD]),
        "check": lambda: registry.check(company(GOOD)),
        "load": lambda: registry.load([company(GOOD)]),
    }[verb]()
    assert seen == [0]


def test_a_store_in_hand_is_noticed():
    store = Watched(CustomerRegistry()._office.repository)
    with store.read():
        assert store.open == 1
    with store.write():
        assert store.open == 1
    assert store.open == 0
