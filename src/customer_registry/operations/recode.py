"""Give a customer another code, which is the only way that a code changes once it is saved."""

from typing import TYPE_CHECKING

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.code import CustomerCode
from customer_registry.registration import recoding
from customer_registry.repository import Receipt

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["recode"]


def recode(
    registry: "CustomerRegistry", customer: Customer, new: CustomerCode | str, reason: str
) -> Receipt:
    """Give a customer, as it was read, a new code; the journal keeps the reason.

    The old code moves to `former_codes` and goes on finding him, so that documents, and customers
    who name it as their `parent`, need no change; nobody else can ever get it, he himself may get
    it back. The new code is judged as one that people type, whatever the mode: the rule's form
    (`code.off_pattern` warns), its check character, other customers' present and former codes, and
    those kept for somebody else's form; one that this actor keeps is taken. The counter steps over
    it. The code that he has already writes nothing. Raises StaleVersion, CustomerNotFound,
    NotPermitted, or ValidationFailed, as with `reason.required`.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> customer = registry.register(kind="person", name="王芳").customer
    >>> recode(registry, customer, "C000088", "并入集团编码").customer.code
    CustomerCode('C000088')
    >>> registry.get("C000001").code
    CustomerCode('C000088')
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    return recoding.recode(office, customer, new, reason)
