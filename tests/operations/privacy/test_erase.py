"""Scenarios of a person who asks to be erased: what goes, what stays, and what forbids it."""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

from customer_registry import (
    Actor,
    CodePattern,
    CompanyPolicy,
    CustomerCode,
    CustomerRegistry,
    CustomerStatus,
    ManualCodes,
    NotPermitted,
    SQLiteRepository,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.domain.access import Sight
from customer_registry.operations import (
    Erasure,
    approve,
    audit_numbering,
    erase,
    export_subject,
    hold,
    number_ledger,
    pending,
    release,
    scrub,
    verify,
)

MARKS = {
    "name": "欧阳娜娜",
    "phone": "13912345678",
    "email": "nana.ouyang@example.com",
    "address": "浙江省杭州市西湖区文三路 477 号",
    "identity_document": "11010519491231002X",
    "notes": "喜欢乌龙茶",
    "legal_representative": "司马光",
    "bank_accounts": [{"bank": "中国银行", "number": "6217000010001234567", "holder": "欧阳娜娜"}],
}
"""A person whose every text is easily recognised."""


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def opened(repository, clock):
    def opened(**kinds):
        return CustomerRegistry(repository=repository, clock=clock, **kinds)

    return opened


@pytest.fixture
def registry(opened):
    return opened()


def person(registry, **fields):
    return registry.register({"kind": "person", **MARKS, **fields}).customer


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [(issue.code, dict(issue.params)) for issue in failed.value.report.errors]


def test_only_the_code_and_the_times_are_left(registry, clock):
    customer = person(registry, grade="A", tags=["重点"])
    clock.now += timedelta(days=1)
    erasure = erase(registry, customer, "本人申请")
    left = registry.get("C000001")
    assert (erasure.code, erasure.at) == (customer.code, clock.now)
    assert (left.id, left.kind, left.created_at) == (
        customer.id,
        customer.kind,
        customer.created_at,
    )
    assert (str(left.name), left.version, left.status) == ("C000001", 2, CustomerStatus.INACTIVE)
    assert left.custody.erased_at == left.updated_at == clock.now
    filled = {name for name, value in left.raw().items() if value not in (None, [], {})}
    assert filled == {"id", "code", "version", "status", "kind", "name"}


def test_nothing_finds_the_customer_any_more(registry):
    erase(registry, person(registry), "本人申请")
    assert registry.find(phone="13912345678") == registry.find(email=MARKS["email"]) == ()
    for text in ("欧阳", "娜娜", "13912345678", "nana", "文三路"):
        assert len(registry.search(text)) == 0
    again = person(registry)
    assert str(again.code) == "C000002"


def test_the_journal_keeps_who_erased_and_why_and_its_chain_holds(registry):
    customer = person(registry)
    customer = registry.update(customer, grade="B").customer
    boss = registry.acting_as(Actor("dpo"))
    assert erase(boss, customer, "本人申请").entries == 2
    *before, last = registry.history("C000001")
    assert [(entry.action, entry.actor, entry.changes) for entry in before] == [
        ("erased", "", ())
    ] * 2
    assert (last.actor, last.action, last.reason, last.version) == ("dpo", "erased", "本人申请", 3)
    assert verify(registry).ok


def test_what_others_receipts_say_of_the_customer_goes_too(registry):
    person(registry)
    twin = {"kind": "person", "name": "王芳", "phone": "13912345678"}
    told = registry.register(twin, idempotency_key="twin")
    assert "欧阳娜娜" in told.report.lines("zh")[0]
    erase(registry, registry.get("C000001"), "本人申请")
    replayed = registry.register(twin, idempotency_key="twin")
    assert replayed.replayed
    assert replayed.report.issues == ()


def test_a_retry_of_the_first_save_is_no_replay(registry):
    raw = {"kind": "person", **MARKS}
    customer = registry.register(raw, idempotency_key="once").customer
    erase(registry, customer, "本人申请")
    assert not registry.register(raw, idempotency_key="once").replayed


def test_the_code_is_never_used_again_and_explains_its_number(opened):
    registry = opened(codes=ManualCodes())
    customer = person(registry, code="KH-7")
    erase(registry, customer, "本人申请", keep_code=True)
    assert refused(lambda: person(registry, code="KH-7", phone=None, identity_document=None)) == [
        ("code.duplicate", {"code": "KH-7", "name": "KH-7", "value": "KH-7"})
    ]


def test_the_numbering_has_no_gap_after_an_erasure(registry):
    first = person(registry)
    registry.register(kind="person", name="王芳")
    erase(registry, first, "本人申请")
    assert audit_numbering(registry).faults == ()
    assert [entry.code for entry in number_ledger(registry)] == ["C000001", "C000002"]


@pytest.mark.parametrize(
    ("code", "tells"),
    [
        ("OYNN-1", True),
        ("欧阳", True),
        ("OUYANG01", True),
        ("KH-NANA", True),
        ("13912345678", True),
        ("11010519491231002X", True),
        ("KH-1", False),
        ("2026-118", False),
        ("A7", False),
    ],
)
def test_a_code_that_may_tell_of_the_person_is_replaced_for_good(opened, code, tells):
    registry = opened(codes=ManualCodes())
    for number in range(3):
        registry.register(kind="organization", name=f"公司{number}", code=f"KH-9{number}")
    customer = person(registry, code=code)
    erasure = erase(registry, customer, "本人申请")
    assert (erasure.code != customer.code) is tells
    assert str(erasure.code).startswith("ERASED-") is tells
    assert verify(registry).ok
    if tells:
        other = {"kind": "person", "name": "王芳", "code": code}
        assert [told for told, _ in refused(lambda: registry.register(other))] == ["code.retired"]


def test_a_code_that_the_rule_made_stays_whatever_the_name(opened):
    registry = opened(codes=CodePattern("CLIENT{number:04}"))
    customer = person(registry, name="Li Client", short_name="CLIENT")
    assert erase(registry, customer, "本人申请").code == customer.code


def test_somebody_who_looked_may_keep_the_code(opened):
    registry = opened(codes=ManualCodes())
    customer = person(registry, code="VIP-GOLD")
    assert erase(registry, customer, "本人申请", keep_code=True).code == customer.code


def test_an_edit_that_waits_follows_to_the_new_code_of_its_parent(opened):
    policy = CompanyPolicy.loads('[approval]\nfields = ["parent"]')
    registry = opened(codes=ManualCodes(), policy=policy)
    parent = person(registry, code="OYNN")
    child = registry.register(kind="organization", name="娜娜工作室", code="K-2").customer
    registry.update(child, parent="OYNN")
    code = erase(registry, parent, "本人申请").code
    (waiting,) = pending(registry)
    assert approve(registry.acting_as(Actor("boss")), waiting.edit).customer.parent == code


def test_a_number_of_a_code_that_was_replaced_stays_explained(opened):
    registry = opened(codes=CodePattern("{custom.initials}{number:03}"))
    customer = person(registry, mnemonic="OYNN", custom={"initials": "OYNN"})
    assert str(customer.code) == "OYNN001"
    person(registry, custom={"initials": "OYNN"}, identity_document=None)
    code = str(erase(registry, customer, "本人申请").code)
    assert code.startswith("ERASED-")
    assert not any(map(str.isdigit, code)), "no rule takes it for a code with a number"
    assert audit_numbering(registry).faults == ()
    assert verify(registry).ok


def test_children_follow_to_the_new_code_of_their_parent(opened):
    registry = opened(codes=ManualCodes())
    parent = person(registry, code="OYNN", mnemonic="OYNN")
    registry.register(kind="organization", name="娜娜工作室", code="K2", parent="OYNN")
    erasure = erase(registry, parent, "本人申请")
    assert registry.get("K2").parent == erasure.code
    entry = registry.history("K2")[-1]
    assert [(each.path, each.hidden, each.before) for each in entry.changes] == [
        ("parent", True, None)
    ]
    assert verify(registry).ok


def test_a_legal_hold_forbids_it_and_its_release_allows_it(registry):
    customer = hold(registry, person(registry), "诉讼").customer
    assert refused(lambda: erase(registry, customer, "本人申请")) == [("erase.held", {})]
    assert str(registry.get("C000001").name) == "欧阳娜娜"
    customer = release(registry, customer, "结案").customer
    assert erase(registry, customer, "本人申请").code == CustomerCode("C000001")


def test_a_hold_with_a_day_ends_after_that_day(registry, clock):
    day = date(2026, 12, 1)
    customer = hold(registry, person(registry), "稽查", until=day).customer
    clock.now = datetime(2026, 12, 1, 23, tzinfo=UTC)
    expected = [("erase.held_until", {"until": "2026-12-01"})]
    assert refused(lambda: erase(registry, customer, "本人申请")) == expected
    clock.now = datetime(2026, 12, 2, tzinfo=UTC)
    assert erase(registry, customer, "本人申请").entries == 2


def test_the_retention_of_the_kind_forbids_it_until_its_day(opened, clock):
    policy = CompanyPolicy.loads('[retention.person]\nat_least = "3 years"')
    registry = opened(policy=policy)
    customer = person(registry)
    expected = [("erase.retained", {"until": "2029-11-24"})]
    assert refused(lambda: erase(registry, customer, "本人申请")) == expected
    clock.now = datetime(2029, 11, 24, tzinfo=UTC)
    assert erase(registry, customer, "本人申请").entries == 1


def test_all_duties_are_told_at_once(opened):
    policy = CompanyPolicy.loads('[retention.all]\nat_least = "10 years"')
    registry = opened(policy=policy)
    customer = hold(registry, person(registry), "诉讼").customer
    codes = [code for code, _ in refused(lambda: erase(registry, customer, "申请"))]
    assert codes == ["erase.held", "erase.retained"]


def test_a_refused_erasure_changes_nothing(registry):
    customer = hold(registry, person(registry), "诉讼").customer
    before = registry.history(customer)
    refused(lambda: erase(registry, customer, "本人申请"))
    assert registry.get("C000001") == customer
    assert registry.history(customer) == before


def test_an_erased_customer_is_edited_no_more(registry):
    erase(registry, person(registry), "本人申请")
    left = registry.get("C000001")
    assert refused(lambda: registry.update(left, grade="A")) == [("customer.erased", {})]
    assert refused(lambda: registry.change_status(left, "active")) == [("customer.erased", {})]
    assert refused(lambda: erase(registry, left, "再次")) == [("customer.erased", {})]


def test_a_reason_is_needed_and_the_version_that_was_read(registry):
    customer = person(registry)
    assert refused(lambda: erase(registry, customer, " ")) == [("reason.required", {})]
    registry.update(customer, grade="A")
    with pytest.raises(StaleVersion):
        erase(registry, customer, "本人申请")


def test_who_may_not_erase_is_told_so(opened):
    class NoErasing:
        def permits(self, actor, action, customer):
            return action not in {"erase", "scrub"}

        def sight(self, actor, field, customer):
            return Sight.EDITED

    registry = opened(access=NoErasing())
    customer = person(registry)
    with pytest.raises(NotPermitted):
        erase(registry, customer, "本人申请")
    with pytest.raises(NotPermitted):
        scrub(registry)


def test_what_was_done_and_what_is_left_is_told_in_both_languages():
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    whole = Erasure(code=CustomerCode("C1"), at=at, entries=1, scrubbed=True)
    assert whole.message() == "客户资料已删除，编码 C1 保留且不再使用"
    left = attrs.evolve(whole, backups=(at, at - timedelta(days=1)), scrubbed=False)
    *done, backups = left.message("en").splitlines()
    assert done == [
        "The customer's data were erased; code C1 stands and is never used again",
        "Pages of the file may hold traces; scrub again when nobody reads",
    ]
    assert backups.startswith("2 older backups (the last of 2026-11-24 09:30) hold the data")


def spellings(text):
    """Yield a text in every form in which a file may hold it."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield text.encode(encoding)
    yield text.encode().hex().encode()


def traces(folder, marks):
    """Return which marks stand in any file of a folder."""
    held = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    return {mark for mark in marks for spelt in spellings(mark) if spelt in held}


CANARIES = (
    "欧阳娜娜",
    "13912345678",
    "nana.ouyang@example.com",
    "文三路",
    "11010519491231002",
    "乌龙茶",
    "司马光",
    "6217000010001234567",
)


@pytest.mark.parametrize("journal", ["auto", "delete"])
def test_no_byte_of_the_file_tells_of_the_customer(tmp_path, journal):
    store = SQLiteRepository(tmp_path / "customers.db", journal=journal)
    registry = CustomerRegistry(repository=store)
    registry.load({"kind": "person", "name": f"顾客{number}"} for number in range(300))
    customer = registry.register({"kind": "person", **MARKS}, idempotency_key="一次").customer
    customer = registry.update(customer, notes="改喝乌龙茶了").customer
    registry.register(kind="person", name="王芳", phone="13912345678", idempotency_key="二次")
    assert traces(tmp_path, CANARIES) == set(CANARIES), "the scan finds what is there"
    assert erase(registry, customer, "本人申请").scrubbed
    assert traces(tmp_path, CANARIES) == {"13912345678"}, "the other's own number stays"
    registry.close()
    assert traces(tmp_path, CANARIES) == {"13912345678"}


def test_many_are_erased_and_scrubbed_once(tmp_path):
    registry = CustomerRegistry.open(tmp_path / "customers.db")
    for name in ("欧阳娜娜", "司马相如"):
        customer = registry.register(kind="person", name=name).customer
        erasure = erase(registry, customer, "本人申请", scrub=False)
        assert not erasure.scrubbed
        assert "痕迹" in erasure.message("zh")
    scrub(registry)
    assert traces(tmp_path, ["欧阳娜娜", "司马相如"]) == set()
    registry.close()


def test_an_erasure_stands_although_somebody_still_reads(tmp_path):
    store = SQLiteRepository(tmp_path / "customers.db", busy_timeout=0.2)
    registry = CustomerRegistry(repository=store)
    customer = person(registry)
    with store.read() as work:
        assert work.customers.get(customer.id) == customer
        erasure = erase(registry, customer, "本人申请")
    assert not erasure.scrubbed
    assert str(registry.get("C000001").name) == "C000001"
    scrub(registry)
    assert traces(tmp_path, CANARIES) == set()
    registry.close()


class Stop(Exception):
    """What stops a transaction half-way."""


def half_erase(repository, customer):
    with repository.write() as work:
        work.customers.retire(customer.code)
        work.receipts.forget(customer.id, [customer.code])
        assert work.journal.erase(customer.id) == (1,)
        raise Stop


def test_a_failed_erasure_leaves_everything(registry, repository):
    customer = person(registry)
    entries = registry.history(customer)
    with pytest.raises(Stop):
        half_erase(repository, customer)
    assert registry.get("C000001") == customer
    assert registry.history(customer) == entries
    assert verify(registry).ok


def test_the_export_shows_what_an_erasure_would_take(registry):
    customer = person(registry)
    export = export_subject(registry, customer)
    text = export.json() + export.text("zh")
    assert all(
        mark in text.replace(" ", "") for mark in ("欧阳娜娜", "11010519491231002X", "司马光")
    )
