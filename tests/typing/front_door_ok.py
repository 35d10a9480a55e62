"""Calls of the front door that type checkers must pass; nothing here is run."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from customer_registry import (
    STANDARD,
    Actor,
    Change,
    CodePattern,
    CompanyPolicy,
    Customer,
    CustomerCode,
    CustomerRegistry,
    CustomerStatus,
    InMemoryRepository,
    Issue,
    JournalEntry,
    LoadReport,
    Masked,
    Money,
    Page,
    PostalAddress,
    RawCustomer,
    Receipt,
    Report,
    Severity,
    SQLiteRepository,
    StaleVersion,
    ValidationFailed,
)


def large_credit_needs_an_address(
    credit_limit: Money | None, addresses: tuple[PostalAddress, ...]
) -> Iterator[Issue]:
    """Who gets much credit has an address."""
    if credit_limit is not None and credit_limit.amount > 100_000 and not addresses:
        yield Issue("required", ("addresses",), Severity.WARNING)


def registries(path: Path) -> Iterator[CustomerRegistry]:
    yield CustomerRegistry()
    yield CustomerRegistry(repository=SQLiteRepository(path), actor=Actor("li.lei"))
    yield CustomerRegistry(repository=InMemoryRepository(), hooks=[print])
    yield CustomerRegistry(
        codes=CodePattern("C{number:05}"),
        rules=STANDARD + [large_credit_needs_an_address],  # noqa: RUF005  as a house writes it
    )
    yield CustomerRegistry(rules=[large_credit_needs_an_address])
    yield CustomerRegistry(rules=STANDARD - [large_credit_needs_an_address])
    with CustomerRegistry.open("crm.db", policy=CompanyPolicy.load("policy.toml")) as registry:
        yield registry.acting_as(Actor("han.meimei", roles={"sales"}))


def register(registry: CustomerRegistry, form: Mapping[str, object], raw: RawCustomer) -> Receipt:
    registry.register(form)
    registry.register(form, name="王芳", idempotency_key="k1")
    registry.register({"kind": "person", "name": "王芳", "phone": 13800138000})
    registry.register(**raw)
    return registry.register(kind="organization", name="浦江", contacts=[{"name": "李雷"}])


def update(registry: CustomerRegistry, customer: Customer, form: dict[str, object]) -> Receipt:
    registry.update(customer, grade="A", credit_limit=None)
    registry.update(customer, form, idempotency_key="k1")
    registry.update(customer, customer.raw())
    registry.update("C000001", form | {"grade": "B"})
    registry.update("C000001", {"grade": "B"}, version=7)
    registry.update(CustomerCode("C000001"), grade="B", version=7)
    return registry.update(UUID(int=1), form, version=customer.version)


def look(registry: CustomerRegistry, customer: Customer) -> tuple[JournalEntry, ...]:
    page: Page = registry.search("浦江", kind="organization", tags={"重点"}, limit=20)
    while page.next:
        page = registry.search(after=page.next)
    found: tuple[Customer, ...] = registry.find(phone="13800138000")
    same: Customer = registry.get(found[0].id)
    report: Report = registry.check({"grade": "B"}, of=same)
    loaded: LoadReport = registry.load([{"kind": "person"}], on_progress=print)
    _ = report.lines("zh"), report.by_path("en"), [row.code for row in loaded]
    registry.change_status(customer, CustomerStatus.BLOCKED, reason="欠款")
    registry.change_status("C000001", "blocked", version=3)
    with registry.unit("audit", customer, writing=True) as work:
        work.numbers.raise_to("customer", 7)
    return registry.history(customer)


def number(customer: Customer) -> str:
    document = customer.identity_document
    if document is None or isinstance(document.number, Masked):
        return ""
    return document.number


def changes(entry: JournalEntry) -> list[Change]:
    return [change for change in entry.changes if not change.hidden]


def on(registry: CustomerRegistry, day: date) -> tuple[str, ...]:
    try:
        registry.register(custom={"day": day})
    except ValidationFailed as failed:
        return failed.report.lines()
    except StaleVersion as stale:
        return (*stale.theirs, *stale.overlap, str(stale.current.code))
    return ()
