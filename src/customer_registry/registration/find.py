"""Find customers by exact keys: phone, e-mail, tax number."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import tax_keys
from customer_registry.registration.office import Office
from customer_registry.repository import Key

__all__ = ["find"]


def find(
    office: Office, *, phone: str | None, email: str | None, tax_identifier: str | None
) -> tuple[Customer, ...]:
    """Return all customers with every key given, oldest first; a text that is no value, nobody."""
    wanted = list(_keys(office.engine.policy.region, phone, email, tax_identifier))
    with office.unit("find") as work:
        held = [_holders(keys, office.seen(work, "find").customers.holding) for keys in wanted]
    found = held[0] if held else {}
    for others in held[1:]:
        found = {one: other for one, other in found.items() if one in others}
    return tuple(found.values())


def _holders(
    keys: tuple[Key, ...], holding: Callable[[Key], tuple[Customer, ...]]
) -> dict[UUID, Customer]:
    """Return the holders of any of the keys; each key has its own oldest first."""
    found = [other for key in keys for other in holding(key)]
    if len(keys) > 1:
        found.sort(key=lambda other: other.created_at)
    return {other.id: other for other in found}


def _keys(
    region: str, phone: str | None, email: str | None, tax_identifier: str | None
) -> Iterator[tuple[Key, ...]]:
    """Yield for each value asked for the keys it may be kept under, none for no such value."""
    if phone is not None:
        yield _read(lambda: [Key.of(PhoneNumber.parse(phone, region))])
    if email is not None:
        yield _read(lambda: [Key.of(EmailAddress.parse(email))])
    if tax_identifier is not None:
        yield _read(lambda: [Key("tax_identifier", key) for key in tax_keys(tax_identifier)])


def _read(read: Callable[[], Iterable[Key | None]]) -> tuple[Key, ...]:
    try:
        return tuple(key for key in read() if key is not None)
    except InvalidValue:
        return ()
