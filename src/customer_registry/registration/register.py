"""Register a customer: everything checked, coded, claimed, journalled and acknowledged at once."""

from customer_registry.domain.codes.pattern import ATTRIBUTES
from customer_registry.domain.codes.policy import CodeContext
from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.errors import CodesExhausted, InvalidValue, ValidationFailed
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.entries import with_entry_ids
from customer_registry.registration.office import Office
from customer_registry.registration.request import Request
from customer_registry.registration.saving import save
from customer_registry.repository import Receipt, UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["enter", "register"]

_ASSIGNED = frozenset({"id", "version", "code", "status"})


def register(office: Office, raw: object, *, idempotency_key: str | None = None) -> Receipt:
    """Return the receipt of a new customer; raises ValidationFailed with everything wrong."""
    request = Request.of(office, idempotency_key, "register", raw)
    with office.unit("register") as work:
        if replayed := request.replayed(office, work):
            return replayed
    judgement = office.judge(raw)
    if not judgement.ok:
        raise ValidationFailed(_with_look_ups(office, judgement).report)
    with request.in_doubt(), office.unit("register", writing=True) as work:
        receipt = enter(office, work, judgement, request)
    return receipt if receipt.replayed else office.after_commit(receipt)


def enter(office: Office, work: UnitOfWork, judgement: Judgement, request: Request) -> Receipt:
    """Do in the running transaction all that registering a judged customer takes."""
    if replayed := request.replayed(office, work):
        return replayed
    now = office.clock()
    customer_id = office.new_id(now)
    judgement = office.look_up(judgement, work, customer_id)
    if not judgement.ok:
        raise ValidationFailed(judgement.report)
    customer = with_entry_ids(
        Customer(
            id=customer_id,
            code=_code(office, work, judgement),
            status=judgement.facts.get("status") or CustomerStatus.ACTIVE,
            created_at=now,
            updated_at=now,
            **{name: value for name, value in judgement.facts.items() if name not in _ASSIGNED},
        )
    )
    save(office, work, customer, None, action="registered", judgement=judgement)
    receipt = Receipt(customer=customer, version=customer.version, report=judgement.report)
    request.remember(office, work, receipt)
    return receipt


def _with_look_ups(office: Office, judgement: Judgement) -> Judgement:
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
        raise ValidationFailed(judgement.refused(refusal.issue(path)).report) from refusal
    except CodesExhausted as exhausted:
        exhausted.report = judgement.refused(exhausted.issue()).report
        raise
    return code


def _context(office: Office, judgement: Judgement) -> CodeContext:
    facts = judgement.facts
    addresses = facts.get("addresses") or ()
    first = addresses[0] if addresses else None
    fields = {name: str(facts[name]) if facts.get(name) else None for name in ATTRIBUTES}
    fields |= {"country": first and first.country, "region": first and first.region}
    return CodeContext(fields, office.today())
