"""What waits for a second person: see it, approve it, reject it (审核, 反审核)."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.access import Sight
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import CustomerNotFound
from customer_registry.operations.privacy.holding import told
from customer_registry.registration import approving
from customer_registry.registration.waiting import PENDING
from customer_registry.repository import Receipt, UnitOfWork, WaitingEdit

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Waiting", "approve", "pending", "reject", "unapprove"]


@attrs.frozen(kw_only=True)
class Waiting:
    """An edit that waits: the customer as he stands, and as he would be.

    `expired` says that nobody may approve it any more.
    """

    edit: WaitingEdit
    customer: Customer
    proposed: Customer
    expired: bool = False


def pending(registry: "CustomerRegistry") -> tuple[Waiting, ...]:
    """Return the edits that wait for a second person, oldest first; raises NotPermitted.

    Only those of customers whom the actor may see, and of them what he may see.
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("pending") as work:
        found = [(edit, _customer(office, work, edit)) for edit in work.edits.of()]
    now = office.clock()
    return tuple(
        _waiting(office, edit, customer, now) for edit, customer in found if customer is not None
    )


def approve(registry: "CustomerRegistry", what: WaitingEdit | UUID | Customer) -> Receipt:
    r"""Approve an edit that waits, or a new customer whose `approval` is `pending`.

    Nobody approves his own. An edit is judged again, by today's rules and the customer as he
    stands, and saved. Raises ValidationFailed (`approval.own`, `approval.gone` where somebody was
    faster, `approval.expired`, `approval.overtaken` where the same fields were changed since, or
    what is wrong by now), StaleVersion, CustomerNotFound, NotPermitted, and TamperedRecord for an
    edit that the journal tells otherwise of.

    >>> from customer_registry import Actor, CompanyPolicy, CustomerRegistry
    >>> policy = CompanyPolicy.loads('[approval]\nfields = ["credit_limit"]')
    >>> registry = CustomerRegistry(policy=policy)
    >>> customer = registry.register(kind="person", name="王芳").customer
    >>> receipt = registry.update(customer, credit_limit="50000")
    >>> receipt.customer.credit_limit is None
    True
    >>> str(approve(registry.acting_as(Actor("boss")), receipt.waiting).customer.credit_limit)
    '50000 CNY'
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    if isinstance(what, Customer):
        return approving.approve_customer(
            office, what, approval=approving.APPROVED, action="approved"
        )
    return approving.approve_edit(office, what.id if isinstance(what, WaitingEdit) else what)


def reject(
    registry: "CustomerRegistry", what: WaitingEdit | UUID | Customer, reason: str
) -> Receipt | None:
    """Reject an edit that waits, or withdraw one's own; or let a new customer be `rejected`.

    Returns the receipt of the customer, None for an edit. Raises ValidationFailed without a reason
    and for an edit that is gone, StaleVersion, CustomerNotFound, NotPermitted.
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    why = told(office, reason)
    if isinstance(what, Customer):
        return approving.approve_customer(
            office, what, approval="rejected", action="rejected", reason=why
        )
    approving.take_back(office, what.id if isinstance(what, WaitingEdit) else what, why)
    return None


def unapprove(registry: "CustomerRegistry", customer: Customer, reason: str) -> Receipt:
    """Take the approval of a customer back (反审核): he waits again. Raises as `reject` does."""
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    why = told(office, reason)
    return approving.approve_customer(
        office, customer, approval=PENDING, action="unapproved", reason=why
    )


def _waiting(office: "Office", edit: WaitingEdit, customer: Customer, now: datetime) -> Waiting:
    """Return an edit as the actor may see it: what he sees masked is masked, hidden left out."""
    proposed = office.view.of(approving.proposed(office, edit, customer))
    if not office.view.is_whole:
        shown = proposed.raw()
        seen = (name for name in edit.fields if office.view.sight(name, customer) > Sight.HIDDEN)
        edit = attrs.evolve(edit, fields={name: shown[name] for name in seen})
    current = office.view.of(customer)
    return Waiting(edit=edit, customer=current, proposed=proposed, expired=now >= edit.until)


def _customer(office: "Office", work: UnitOfWork, edit: WaitingEdit) -> Customer | None:
    try:
        return office.found(work, edit.customer_id)
    except CustomerNotFound:
        return None
