"""Judge a raw customer, or an edit, without writing anything."""

from customer_registry.domain.customer import Customer
from customer_registry.domain.issues import Report
from customer_registry.registration.office import Office

__all__ = ["check"]


def check(office: Office, raw: object, *, of: Customer | None = None) -> Report:
    """Return everything wrong or worth knowing, the store's own rules included."""
    judgement = office.judge(raw, of)
    with office.unit("check", of) as work:
        this = of.id if of else office.new_id(office.clock())
        return office.look_up(judgement, work, this, of).report
