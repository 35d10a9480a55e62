"""Find customers by exact keys: phone, e-mail, tax number."""

from collections.abc import Callable, Iterator

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import tax_key
from customer_registry.registration.office import Office
from customer_registry.repository import Key

__all__ = ["find"]


def find(
    office: Office, *, phone: str | None, email: str | None, tax_identifier: str | None
) -> tuple[Customer, ...]:
    """Return all customers with every key given, oldest first; a text that is no value, nobody."""
    keys = list(_keys(office.engine.policy.region, phone, email, tax_identifier))
    with office.unit("find") as work:
        held = [work.customers.holding(key) if key else () for key in keys]
    found = {customer.id: customer for customer in held[0]} if held else {}
    for others in held[1:]:
        found = {other.id: other for other in others if other.id in found}
    return tuple(filter(office.sees, found.values()))


def _keys(
    region: str, phone: str | None, email: str | None, tax_identifier: str | None
) -> Iterator[Key | None]:
    """Yield the keys asked for, None for a text that is no such value."""
    if phone is not None:
        yield _key(lambda: Key.of(PhoneNumber.parse(phone, region)))
    if email is not None:
        yield _key(lambda: Key.of(EmailAddress.parse(email)))
    if tax_identifier is not None:
        yield _key(lambda: Key("tax_identifier", tax_key(tax_identifier)))


def _key(read: Callable[[], Key | None]) -> Key | None:
    try:
        return read()
    except InvalidValue:
        return None
