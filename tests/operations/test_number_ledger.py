"""The ledger explains every number: example by example, and after random histories."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from number_stores import HAN, LI, PLAIN, Clock, lose, opened, registered

from customer_registry import (
    CodePattern,
    CodesExhausted,
    CompanyPolicy,
    CustomerRegistry,
    NotPermitted,
    ValidationFailed,
)
from customer_registry.domain.codes.reservation import ReservationRules
from customer_registry.domain.codes.rules import CodeRule, CodeRules
from customer_registry.operations import (
    audit_numbering,
    number_ledger,
    raise_numbers,
    recode,
    verify,
)
from customer_registry.storage.memory import InMemoryRepository


def told(registry, name=None):
    return [(each.number, each.code, str(each.state)) for each in number_ledger(registry, name)]


def test_a_store_without_customers_has_no_numbers(repository):
    assert told(opened(repository)) == []


def test_every_number_is_explained(repository):
    clock = Clock()
    registry = opened(repository, clock=clock)
    first = registered(registry)
    kept, given_back, forgotten = (registry.reserve_code() for _ in range(3))
    given_back.release()
    clock.tick(minutes=29)
    registry.acting_as(LI).register(kind="person", name="李娜", code=None)
    recode(registry, first, "KH007", "并入集团编码")
    raise_numbers(registry, "customer", 9, reason="编号与旧系统衔接")
    clock.tick(minutes=2)
    assert forgotten.until < clock.now
    still = registry.reserve_code()
    assert str(still.code) == "KH002", "the smallest lapsed number is drawn again"
    assert told(registry) == [
        (1, "KH001", "formerly_used"),
        (2, "KH002", "reserved"),
        (3, "KH003", "used"),
        (4, "KH004", "expired"),
        (5, None, "raised"),
        (6, None, "raised"),
        (7, "KH007", "used"),
        (8, None, "raised"),
        (9, None, "raised"),
    ]
    assert kept.code == still.code


def test_the_ledger_says_who_did_it_and_when(repository):
    clock = Clock()
    registry = opened(repository, clock=clock)
    begun = clock.now
    customer = registered(registry.acting_as(LI))
    kept = registry.reserve_code()
    clock.tick(minutes=1)
    recode(registry, customer, "KH003", "换号")
    raise_numbers(registry, "customer", 4, reason="预留")
    first, second, third, fourth = number_ledger(registry)
    assert (first.by, first.at, first.until) == ("li.lei", begun, clock.now)
    assert (second.by, second.at, second.until) == ("han.meimei", begun, kept.until)
    assert (third.by, third.at, third.until) == ("han.meimei", clock.now, None)
    assert (fourth.by, fourth.at, fourth.reason) == ("han.meimei", clock.now, "预留")
    assert "预留" not in repr(fourth)
    assert first.customer_id == third.customer_id == customer.id
    assert second.customer_id is fourth.customer_id is None


def test_a_number_given_back_says_when(repository):
    clock = Clock()
    registry = opened(repository, clock=clock)
    kept = registry.reserve_code()
    clock.tick(minutes=3)
    kept.release()
    (entry,) = number_ledger(registry)
    assert (entry.state, entry.code, entry.until) == ("released", "KH001", clock.now)


def test_a_reserved_code_that_is_saved_is_used(repository):
    registry = opened(repository)
    with registry.reserve_code() as code:
        registered(registry, code=code)
    assert told(registry) == [(1, "KH001", "used")]


def test_a_number_that_nobody_has_is_missing(repository):
    registry = opened(repository)
    registered(registry)
    lose(registry, 2)
    registered(registry)
    assert [number for number, _, state in told(registry) if state == "missing"] == [2, 3]


def test_the_first_number_may_be_missing_too():
    registry = opened(InMemoryRepository())
    lose(registry)
    registered(registry)
    assert told(registry) == [(1, None, "missing"), (2, "KH002", "used")]


def test_numbers_of_an_earlier_rule_are_left_out():
    repository = InMemoryRepository()
    for _ in range(2):
        registered(opened(repository, "C{number:06}"))
    registry = opened(repository)
    registered(registry)
    assert told(registry) == [(3, "KH003", "used")]


@pytest.mark.parametrize(
    ("template", "numbers"),
    [
        ("KH{number:03,start=0}", [0, 1, 2]),
        ("KH{number:03,start=100}", [100, 101, 102]),
        ("KH{number:03,start=100,step=10}", [100, 110, 120]),
        ("KH{number:03,start=3,skip=4}", [3, 5, 6]),
        ("KH{number:03,start=12,skip=4+13,step=2}", [12, 15, 17]),
        ("KH{number:2,alphabet=safe,start=26}", [26, 27, 28]),
    ],
)
def test_only_numbers_of_the_pattern_are_told_as_codes_show_them(template, numbers):
    registry = opened(InMemoryRepository(), template)
    codes = [str(registered(registry).code) for _ in range(3)]
    assert told(registry) == [
        (number, code, "used") for number, code in zip(numbers, codes, strict=True)
    ]


def test_numbers_go_on_without_a_grid_behind_a_raise():
    registry = opened(InMemoryRepository(), "KH{number:03,step=10}")
    registered(registry)
    raise_numbers(registry, "customer", 15, reason="预留")
    registered(registry)
    states = [(number, state) for number, _, state in told(registry)]
    assert states == [(1, "used"), (11, "raised"), (16, "used")]


def test_every_range_is_told_by_its_name():
    registry = opened(InMemoryRepository(), "{kind:person=P,organization=E}{number:02,by=kind}")
    registered(registry)
    registry.register(kind="organization", name="海川贸易有限公司")
    ranges = [(entry.range, entry.code) for entry in number_ledger(registry)]
    assert ranges == [
        ("customer|kind=organization", "E01"),
        ("customer|kind=person", "P01"),
    ]
    assert told(registry, "customer|kind=person") == [(1, "P01", "used")]


def test_each_period_has_numbers_of_its_own():
    clock = Clock()
    registry = opened(InMemoryRepository(), "{date:%y%m}-{number:02,reset=month}", clock=clock)
    registered(registry)
    clock.tick(days=30)
    registered(registry)
    assert told(registry) == [(1, "2611-01", "used"), (1, "2612-01", "used")]


def test_a_word_may_look_like_a_mark():
    registry = opened(InMemoryRepository(), "{category}-{number:02,by=category}")
    registered(registry, category="A@B")
    assert told(registry) == [(1, "A@B-01", "used")]


def test_two_rules_that_count_in_one_range_make_no_gap():
    repository, clock = InMemoryRepository(), Clock()
    rules = CodeRules(
        [
            CodeRule(CodePattern("A{number:03,skip=4}")),
            CodeRule(CodePattern("B{number:04}"), since=clock.now.date() + timedelta(days=1)),
        ]
    )
    registry = opened(repository, rules, clock=clock)
    for _ in range(4):
        registered(registry)
    clock.tick(days=1)
    registered(registry)
    assert [code for _, code, _ in told(registry)] == ["A001", "A002", "A003", "A005", "B0006"]
    assert audit_numbering(registry).sound


def test_a_load_that_lifts_the_counter_explains_what_it_leaves_out():
    registry = opened(InMemoryRepository(), mode="editable")
    row = {"kind": "person", "name": "王芳", "code": "KH003"}
    registry.load([row], lift_numbers=True)
    entries = list(number_ledger(registry))
    assert [(entry.number, entry.state) for entry in entries] == [
        (1, "raised"),
        (2, "raised"),
        (3, "used"),
    ]
    assert entries[0].by == "han.meimei"
    assert audit_numbering(registry).sound


def test_two_codes_of_one_number_are_both_told():
    clock = Clock()
    registry = opened(InMemoryRepository(), "{date:%y}-{number:02}", "editable", clock=clock)
    registered(registry)
    registered(registry, code="25-01")
    assert told(registry) == [(1, "25-01", "used"), (1, "26-01", "used")]


def test_a_range_that_there_is_not_is_no_empty_ledger():
    registry = opened(InMemoryRepository())
    registered(registry)
    with pytest.raises(ValueError, match="there is no range 'custmer'; there are customer"):
        number_ledger(registry, "custmer")
    assert told(opened(InMemoryRepository()), "customer") == []


def test_who_may_not_read_the_ledger_is_told_before_it_begins():
    class Nobody:
        def permits(self, actor, action, customer):
            return action != "number_ledger"

    with pytest.raises(NotPermitted):
        number_ledger(CustomerRegistry(access=Nobody()))


def test_the_ledger_is_read_while_customers_come(repository):
    registry = opened(repository)
    for _ in range(3):
        registered(registry)
    ledger = number_ledger(registry)
    next(ledger)
    registered(registry)
    assert [entry.number for entry in ledger] == [2, 3]


class History:
    """What a store went through, told from what its acts answered and nothing else."""

    def __init__(self, refill):
        self.clock = Clock()
        policy = CompanyPolicy(reservations=ReservationRules(refill=refill))
        self.registry = opened(
            InMemoryRepository(), mode="editable", clock=self.clock, policy=policy
        )
        self.customers = {}
        self.former = set()
        self.kept = {}
        self.last = 0

    def act(self, name, which, actor):
        registry = self.registry.acting_as((HAN, LI)[actor])
        try:
            getattr(self, name)(registry, which)
        except (ValidationFailed, CodesExhausted):
            return

    def register(self, registry, which):
        self.entered(registry.register(kind="person", name="王芳").customer)

    def typed(self, registry, which):
        number = 1 + which % 30
        customer = registry.register(kind="person", name="李娜", code=f"KH{number:03}").customer
        self.stepped(number)
        self.entered(customer, drawn=False)

    def reserve(self, registry, which):
        code = registry.reserve_code()
        self.drawn(str(code))
        self.kept[str(code)] = [code.until, None, code, registry]

    def release(self, registry, which):
        if self.kept:
            row = self.kept[sorted(self.kept)[which % len(self.kept)]]
            if row[1] is None:
                row[2].release()
                row[1] = "released"

    def confirm(self, registry, which):
        if self.kept:
            code = sorted(self.kept)[which % len(self.kept)]
            registered = self.kept[code][3].register(kind="person", name="赵敏", code=code)
            self.entered(registered.customer, drawn=False)

    def recode(self, registry, which):
        if self.customers:
            customer = self.customers[sorted(self.customers)[which % len(self.customers)]]
            number = 1 + which % 40
            after = recode(registry, customer, f"KH{number:03}", "换号").customer
            if after.code == customer.code:
                return
            self.former |= {str(customer.code)}
            self.former -= {str(after.code)}
            del self.customers[str(customer.code)]
            self.stepped(number)
            self.entered(after, drawn=False)

    def wait(self, registry, which):
        self.clock.tick(minutes=which)

    def raise_(self, registry, which):
        self.last = raise_numbers(registry, "customer", self.last + which % 3, reason="预留")

    def entered(self, customer, *, drawn=True):
        code = str(customer.code)
        if drawn:
            self.drawn(code)
        self.kept.pop(code, None)
        self.customers[code] = customer

    def drawn(self, code):
        self.kept.pop(code, None)
        self.last = max(self.last, int(code[2:]))

    def stepped(self, number):
        self.last += number == self.last + 1

    def expected(self):
        return [self.state(f"KH{number:03}") for number in range(1, self.last + 1)]

    def state(self, code):
        if code in self.customers:
            return "used"
        if code in self.former:
            return "formerly_used"
        if code not in self.kept:
            return "raised"
        until, released, *_ = self.kept[code]
        return released or ("reserved" if self.clock.now < until else "expired")


ACTS = ("register", "typed", "reserve", "release", "confirm", "recode", "wait", "raise_")


@given(
    refill=st.booleans(),
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.integers(0, 1)), max_size=40
    ),
)
def test_after_any_history_every_number_has_one_explanation(refill, acts):
    history = History(refill)
    for act in acts:
        history.act(*act)
    entries = list(number_ledger(history.registry))
    assert [entry.number for entry in entries] == list(range(1, history.last + 1))
    assert [str(entry.state) for entry in entries] == history.expected()
    audit = audit_numbering(history.registry)
    assert audit.sound
    states = Counter(str(entry.state) for entry in entries)
    (found,) = audit.ranges or (None,)
    if found is not None:
        counts = (found.reserved, found.released, found.expired)
        assert counts == (states["reserved"], states["released"], states["expired"])
        assert found.used - found.ahead == states["used"] + states["formerly_used"]
    assert verify(history.registry).ok


TEMPLATES = (
    PLAIN,
    "KH{number:03,start=0}",
    "KH{number:03,start=100,step=7}",
    "KH{number:03,skip=4+13}",
    "KH{number:03,skip=4,step=3}",
    "KH{number:2,alphabet=safe}",
)


@given(
    template=st.sampled_from(TEMPLATES),
    acts=st.lists(st.sampled_from(["register", "lose", "raise"]), max_size=30),
)
def test_ledger_and_audit_find_the_same_holes(template, acts):
    registry = opened(InMemoryRepository(), template)
    used, lost = [], 0
    for act in acts:
        if act == "register":
            used.append(str(registered(registry).code))
        elif act == "lose":
            lose(registry)
            lost += 1
        else:
            with registry.unit("look") as work:
                last = work.numbers.peek("customer")
            raise_numbers(registry, "customer", last + 2, reason="预留")
    entries = list(number_ledger(registry))
    assert [entry.code for entry in entries if entry.state == "used"] == used
    missing = {entry.number for entry in entries if entry.state == "missing"}
    spans = [each.gaps for each in audit_numbering(registry).ranges]
    inside = {
        entry.number
        for entry in entries
        if any(first <= entry.number <= last for gaps in spans for first, last in gaps)
    }
    assert missing == inside
    assert len(missing) <= lost
