"""Judge a raw customer, an edit, or a customer as it stands, without writing anything."""

from customer_registry.domain.customer import Customer
from customer_registry.domain.issues import Report
from customer_registry.registration.office import Office

__all__ = ["check", "check_again"]

_WRITTEN_BY_US = ("id", "version")


def check(office: Office, raw: object, *, of: Customer | None = None) -> Report:
    """Return everything wrong or worth knowing, the store's own rules included."""
    of = of and office.as_stored("check", of)
    judgement = office.judge(raw, of)
    with office.unit("check", of) as work:
        if of is not None:
            return office.look_up(judgement, work, of.id, of).report
        now = office.clock()
        looked = office.look_up(judgement, work, office.new_id(now), now=now)
        return looked.having(office.uncoded(looked, work, now)).report


def check_again(office: Office, customer: Customer) -> Report:
    """Return what today's rules say of a whole stored customer, as if it were typed anew."""
    if not office.view.is_whole:
        with office.reading("check", customer) as (work, stored):
            judgement = office.judge_again(stored, work)
            return office.look_up(judgement, work, stored.id, stored).report
    typed = {name: part for name, part in customer.raw().items() if name not in _WRITTEN_BY_US}
    judgement = office.engine.read(typed, before=None, today=office.today())
    with office.unit("check", customer) as work:
        return office.look_up(judgement, work, customer.id, customer).report
