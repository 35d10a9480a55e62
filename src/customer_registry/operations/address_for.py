"""Find the address of a customer for a purpose, its own or that of a customer above it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import CustomerNotFound
from customer_registry.domain.values.address import PostalAddress

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["address_for"]


def address_for(
    registry: "CustomerRegistry", customer: Customer, purpose: str
) -> PostalAddress | None:
    """Return the address for a purpose such as `billing` or `shipping`.

    First the customer's own that names the purpose, then that of the nearest customer above it;
    where nobody has one, the customer's first address, else the nearest one's first. None where
    nobody has any. Customers above whom the actor may not see are passed over with all beyond.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> office = {"street_address": "中山路1号", "purposes": ["billing"]}
    >>> group = registry.register(kind="企业", name="浦江集团公司", addresses=[office]).customer
    >>> branch = {"kind": "企业", "name": "浦江分公司", "parent": str(group.code)}
    >>> str(address_for(registry, registry.register(branch).customer, "billing"))
    '中山路1号'
    """
    registry._office.asked("address_for")  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    line = list(_upwards(registry, customer))
    addresses = [address for each in line for address in each.addresses]
    meant = (address for address in addresses if purpose in address.purposes)
    return next(meant, addresses[0] if addresses else None)


def _upwards(registry: "CustomerRegistry", customer: Customer) -> Iterator[Customer]:
    """Yield the customer and those above it, each of them once."""
    met = set[object]()
    while customer.id not in met:
        met.add(customer.id)
        yield customer
        if customer.parent is None:
            return
        try:
            customer = registry.get(customer.parent)
        except CustomerNotFound:
            return
