"""Two stores that differ only in what a reader may not see tell him the same, whatever he asks."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import attrs
import pytest

from customer_registry import (
    Actor,
    CompanyPolicy,
    CustomerRegistry,
    InMemoryRepository,
    RegistryError,
    Sight,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.domain.access.roles import Sights
from customer_registry.operations import reveal
from customer_registry.quality import review
from customer_registry.testing import resident_id

POLICY = """
[severity]
"email.duplicate" = "warning"
[custom]
"会员号" = { type = "text", searchable = true }
[access.roles.boss]
actions = "all"
[access.roles.boss.fields]
default = "edited"
[access.roles.desk]
actions = "all"
[access.roles.desk.fields]
default = "edited"
contacts = "masked"
tax_identifiers = "masked"
identity_document = "masked"
bank_accounts = "masked"
invoice_profile = "masked"
credit_limit = "masked"
legal_representative = "masked"
notes = "hidden"
addresses = "hidden"
custom = "hidden"
"""

WORLDS = (
    {
        "contacts": [{"name": "李小龙", "phones": ["13812345678"], "emails": ["wangfang@qq.com"]}],
        "addresses": [
            {"region": "江苏省", "street_address": "复兴路88号", "postal_code": "210000"}
        ],
        "bank_accounts": [{"number": "6228480402564890018", "bank": "中国农业银行"}],
        "credit_limit": "98765.43",
        "notes": "喜欢龙井茶",
        "custom": {"会员号": "VIP-77120"},
    },
    {
        "contacts": [{"name": "李大海", "phones": ["13899995678"], "emails": ["wanghong@qq.com"]}],
        "addresses": [],
        "bank_accounts": [{"number": "6228480777777770018", "bank": "中国农业银行"}],
        "credit_limit": "1",
        "notes": None,
        "custom": {},
    },
)
"""Two customers of one name whose masks are the same, and all that is hidden another."""

TEXTS = [
    *("13812345678", "13899995678", "5678", "1234", "9999", "小龙", "大海", "李"),
    *(
        "wangfang",
        "wanghong@qq.com",
        "VIP-77120",
        "龙井",
        "复兴路",
        "6228480402564890018",
        "王芳",
        "",
    ),
]


class Clock:
    """A clock that goes on by a second each time it is asked."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


def world(at):
    """Return a registry with one customer of the world, and that customer."""
    ids = iter(range(1, 10_000))
    registry = CustomerRegistry(
        repository=InMemoryRepository(),
        policy=CompanyPolicy.loads(POLICY),
        clock=Clock(),
        new_id=lambda _now: UUID(int=next(ids)),
    )
    boss = registry.acting_as(Actor("boss", roles={"boss"}))
    fields = {"kind": "person", "name": "王芳", "identity_document": resident_id(5)}
    return registry, boss.register(fields, **WORLDS[at]).customer


def acts():
    """Yield everything that a reader may try, by what it tries."""
    for text in TEXTS:
        yield f"search {text}", lambda desk, _, text=text: desk.search(text, count=True)
        yield f"find {text}", lambda desk, _, text=text: desk.find(phone=text, email=text)
        yield f"phone {text}", lambda desk, _, text=text: desk.find(phone=text)
        yield f"email {text}", lambda desk, _, text=text: desk.find(email=text)
    for region in ("江苏", "江苏省", "浙江"):
        yield f"region {region}", lambda desk, _, region=region: desk.search(region=region)
    for member in ("VIP-77120", "1"):
        asked = {"会员号": member}
        yield f"member {member}", lambda desk, _, asked=asked: desk.search(custom=asked, count=True)
    yield "get", lambda desk, customer: desk.get(customer.code)
    yield "raw", lambda desk, customer: desk.get(customer.code).raw()
    yield "history", lambda desk, customer: desk.history(customer)
    yield "review", lambda desk, _: list(review(desk, complete=["notes", "website"]))
    yield "again", lambda desk, customer: desk.check(of=customer)
    for fields in WORLDS:
        for name, value in fields.items():
            typed = {name: value}
            yield f"check {typed}", lambda desk, it, typed=typed: desk.check(typed, of=it)
        for name in ("phone", "email", "address", "contact"):
            guess = str(next(iter(_texts(fields, name)), "x"))
            typed = {name: guess}
            yield f"small {typed}", lambda desk, it, typed=typed: desk.check(typed, of=it)
            twin = {"kind": "person", "name": "李雷", name: guess}
            yield f"twin {twin}", lambda desk, _, twin=twin: desk.check(twin)
    for typed in ({name: value} for fields in WORLDS for name, value in fields.items()):
        yield f"update {typed}", lambda desk, it, typed=typed: desk.update(it, typed)
    for empty in (None, "", {}, []):
        yield f"clear {empty!r}", lambda desk, it, empty=empty: desk.update(it, {"custom": empty})
    for path in ("notes", "addresses", "custom", "custom.会员号", "addresses.1-1.region"):
        yield f"reveal {path}", lambda desk, it, path=path: reveal(desk, it, path, "看看")
    yield "grade", lambda desk, it: desk.update(desk.get(it.code), grade="A")
    yield (
        "key",
        lambda desk, it: desk.update(it.code, {"grade": "A"}, version=2, idempotency_key="k"),
    )
    yield "stale", lambda desk, it: desk.update(it, grade="B")
    yield "status", lambda desk, it: desk.change_status(desk.get(it.code), "blocked")
    yield "unit", _read_through


def _read_through(desk, customer):
    with desk.unit("review") as work:
        return (
            list(work.customers.iterate()),
            work.customers.get(customer.id),
            work.journal.since(0),
        )


def _texts(fields, name):
    contacts, addresses = fields["contacts"], fields["addresses"]
    found = {
        "phone": contacts[0]["phones"],
        "email": contacts[0]["emails"],
        "contact": [contacts[0]["name"]],
        "address": [each["street_address"] for each in addresses],
    }
    return found[name]


def told(registry, customer, act):
    """Return what somebody is told, as one text in which every difference shows."""
    try:
        answer = act(registry, customer)
    except RegistryError as error:
        return repr(error), _spelt(error)
    return "", _spelt(answer)


def _spelt(answer):
    """Return an answer in full, whatever its repr leaves out."""
    if isinstance(answer, ValidationFailed):
        return _spelt(answer.report)
    if isinstance(answer, StaleVersion):
        return _spelt((answer.current, answer.theirs, answer.overlap))
    if isinstance(answer, (tuple, list)):
        return [_spelt(each) for each in answer]
    if hasattr(answer, "raw") and callable(answer.raw):
        return [
            _spelt(getattr(answer, name)) for name in sorted(answer.__slots__) if name[0] != "_"
        ]
    if hasattr(answer, "__attrs_attrs__"):
        return [
            type(answer).__name__,
            *(_spelt(getattr(answer, each.name)) for each in answer.__attrs_attrs__),
        ]
    if hasattr(answer, "items"):
        return sorted((str(name), _spelt(value)) for name, value in answer.items())
    return repr(answer)


def compared(role):
    """Return the acts at which a role is told another thing in another world."""
    one, other = world(0), world(1)
    differing = []
    for name, act in acts():
        answers = []
        for registry, customer in (one, other):
            actor = Actor("desk", roles={role})
            theirs = registry.acting_as(actor)
            answers.append(told(theirs, attrs.evolve(theirs.get(customer.code), version=1), act))
        if answers[0] != answers[1]:
            differing.append((name, answers))
    return differing


def test_what_a_reader_may_not_see_changes_nothing_that_he_is_told():
    assert compared("desk") == []


def test_the_comparison_tells_worlds_apart_for_who_may_see_them():
    differing = {name.split()[0] for name, _ in compared("boss")}
    assert differing >= {"search", "phone", "email", "region", "member", "get", "history", "twin"}


@pytest.mark.parametrize("way", ["notes", "contacts"])
def test_the_comparison_accuses_a_view_that_shows_one_field(way, monkeypatch):
    asked = Sights.__getitem__

    def leaking(self, field):
        masked = getattr(self, "masked", ())
        return Sight.SEEN if field == way and field in masked else asked(self, field)

    monkeypatch.setattr(Sights, "__getitem__", leaking, raising=False)
    assert {name for name, _ in compared("desk")} >= {"get", "raw"}
