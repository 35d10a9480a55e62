"""Register a customer: everything checked, coded, claimed, journalled and acknowledged at once."""

from datetime import datetime

import attrs

from customer_registry.domain.codes.pattern import ATTRIBUTES
from customer_registry.domain.codes.policy import CodeContext
from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.errors import CodesExhausted, InvalidValue, ValidationFailed
from customer_registry.domain.journal import JournalEntry, changes
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.entries import with_entry_ids
from customer_registry.registration.office import Office
from customer_registry.registration.request import Request
from customer_registry.repository import KeyTaken, Receipt, UnitOfWork
from customer_registry.validation.engine import Judgement
from customer_registry.validation.rules.duplicates import duplicate

__all__ = ["enter", "register"]

_ASSIGNED = frozenset({"id", "version", "code", "status"})


def register(office: Office, raw: object, *, idempotency_key: str | None = None) -> Receipt:
    """Return the receipt of a new customer; raises ValidationFailed with everything wrong."""
    request = Request.of(office, idempotency_key, "register", raw)
    if request is not None:
        with office.unit("register") as work:
            if replayed := request.replayed(office, work):
                return replayed
    judgement = office.judge(raw)
    if not judgement.ok:
        raise ValidationFailed(_looked_up(office, judgement).report)
    with office.unit("register", writing=True) as work:
        receipt = enter(office, work, judgement, request)
    return receipt if receipt.replayed else office.after_commit(receipt)


def enter(
    office: Office, work: UnitOfWork, judgement: Judgement, request: Request | None
) -> Receipt:
    """Do in the running transaction all that registering a judged customer takes."""
    if request is not None and (replayed := request.replayed(office, work)):
        return replayed
    now = office.clock()
    customer_id = office.new_id(now)
    judgement = office.look_up(judgement, work, customer_id)
    if not judgement.ok:
        raise ValidationFailed(judgement.report)
    code = _code(office, work, judgement)
    customer = with_entry_ids(
        Customer(
            id=customer_id,
            code=code,
            status=judgement.facts.get("status") or CustomerStatus.ACTIVE,
            created_at=now,
            updated_at=now,
            **{name: value for name, value in judgement.facts.items() if name not in _ASSIGNED},
        )
    )
    add(office, work, customer, judgement)
    work.journal.append(_entry(office, customer, now))
    receipt = Receipt(customer=customer, version=customer.version, report=judgement.report)
    if request is not None:
        request.remember(office, work, receipt)
    return receipt


def add(office: Office, work: UnitOfWork, customer: Customer, judgement: Judgement) -> None:
    """Keep the customer, or say who holds one of its keys already."""
    try:
        work.customers.add(customer, office.claims(work, customer))
    except KeyTaken as taken:
        issue = attrs.evolve(duplicate(taken.key, taken.holder), path=judgement.path_of(taken.key))
        raise ValidationFailed(judgement.refused(issue).report) from taken


def _looked_up(office: Office, judgement: Judgement) -> Judgement:
    """Return a refused judgement with what the store adds, so that all is said at once."""
    with office.unit("register") as work:
        return office.look_up(judgement, work, office.new_id(office.clock()))


def _code(office: Office, work: UnitOfWork, judgement: Judgement) -> CustomerCode:
    """Return the typed code, or the next one that nobody has."""
    typed: CustomerCode | None = judgement.facts.get("code")
    if typed is not None:
        return typed
    context = _context(office, judgement)
    try:
        code = office.codes.assign(context, work.numbers)
        while work.customers.by_code(code) is not None:
            code = office.codes.assign(context, work.numbers)
    except InvalidValue as refusal:
        path = (str(refusal.params.get("field", "code")),)
        raise ValidationFailed(judgement.having([refusal.issue(path)]).report) from refusal
    except CodesExhausted as exhausted:
        exhausted.report = judgement.having([exhausted.issue()]).report
        raise
    return code


def _context(office: Office, judgement: Judgement) -> CodeContext:
    facts = judgement.facts
    addresses = facts.get("addresses") or ()
    first = addresses[0] if addresses else None
    fields = {name: str(facts[name]) if facts.get(name) else None for name in ATTRIBUTES}
    fields |= {"country": first and first.country, "region": first and first.region}
    return CodeContext(fields, office.today())


def _entry(office: Office, customer: Customer, now: datetime) -> JournalEntry:
    return JournalEntry(
        at=now,
        actor=office.actor.id,
        action="registered",
        customer_id=customer.id,
        version=customer.version,
        changes=changes(None, customer),
    )
