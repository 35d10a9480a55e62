"""Register a customer: everything checked, coded, claimed, journalled and acknowledged at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from uuid import UUID

from customer_registry.domain.customer import Customer, CustomerStatus
from customer_registry.domain.errors import CodesExhausted, InvalidValue, ValidationFailed
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration.coding import path_of
from customer_registry.registration.entries import with_entry_ids
from customer_registry.registration.office import Office
from customer_registry.registration.request import Request
from customer_registry.registration.saving import save
from customer_registry.registration.waiting import PENDING
from customer_registry.repository import Receipt, UnitOfWork
from customer_registry.validation.judgement import Judgement

__all__ = ["enter", "register"]

_FIRST = 1
"""A new customer's version."""

_ASSIGNED = frozenset({"id", "version", "code", "status"})


def register(office: Office, raw: object, *, idempotency_key: str | None = None) -> Receipt:
    """Return the receipt of a new customer; raises ValidationFailed with everything wrong."""
    request = Request.of(office, idempotency_key, "register", raw)
    office.asked("register")
    if request.is_keyed:
        with office.unit("register") as work:
            if replayed := request.replayed(office, work):
                return office.shown(replayed)
    judgement = office.judge(raw)
    if not judgement.ok:
        raise ValidationFailed(_with_look_ups(office, judgement).report)
    with request.in_doubt(), office.unit("register", writing=True) as work:
        receipt = enter(office, work, judgement, request)
    return office.shown(receipt) if receipt.replayed else office.after_commit(receipt)


def enter(
    office: Office,
    work: UnitOfWork,
    judgement: Judgement,
    request: Request,
    *,
    writing: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Receipt:
    """Do in the running transaction all that registering a judged customer takes.

    The context of `writing` holds all that is written: who is refused outside wrote nothing.
    """
    if replayed := request.replayed(office, work):
        return replayed
    now = office.clock()
    customer_id = office.new_id(now)
    judgement = office.look_up(judgement, work, customer_id, now=now)
    if not judgement.ok:
        raise ValidationFailed(judgement.report)
    with writing():
        return _entered(office, work, judgement, request, customer_id=customer_id, now=now)


def _entered(
    office: Office,
    work: UnitOfWork,
    judgement: Judgement,
    request: Request,
    *,
    customer_id: UUID,
    now: datetime,
) -> Receipt:
    """Write a customer of whom nothing is wrong."""
    typed = {name: value for name, value in judgement.facts.items() if name not in _ASSIGNED}
    customer = Customer(
        id=customer_id,
        code=_code(office, work, judgement, now),
        status=judgement.facts.get("status") or CustomerStatus.ACTIVE,
        approval=PENDING if office.engine.policy.approval.new_customers else "none",
        created_at=now,
        updated_at=now,
        **with_entry_ids(typed, _FIRST),
    )
    save(office, work, customer, None, action="registered", judgement=judgement)
    receipt = Receipt(customer=customer, version=customer.version, report=judgement.report)
    request.remember(office, work, receipt)
    return receipt


def _with_look_ups(office: Office, judgement: Judgement) -> Judgement:
    """Return a refused judgement with what the store adds, so that all is said at once."""
    with office.unit("register") as work:
        now = office.clock()
        looked = office.look_up(judgement, work, office.new_id(now), now=now)
        return looked.having(office.uncoded(looked, work, now))


def _code(office: Office, work: UnitOfWork, judgement: Judgement, now: datetime) -> CustomerCode:
    """Return the customer's code, or refuse him together with all else that was found."""
    try:
        return office.coding.code_for(
            judgement.facts, work, office.today(now), now, by=office.actor.id
        )
    except InvalidValue as refusal:
        issue = refusal.issue(path_of(refusal))
        raise ValidationFailed(judgement.refused(issue).report) from refusal
    except CodesExhausted as exhausted:
        exhausted.report = judgement.refused(exhausted.issue()).report
        raise
