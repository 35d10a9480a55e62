"""How a contract test speaks: what was promised, what was expected, what came instead."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from customer_registry.domain.customer import Customer
from customer_registry.repository import CustomerQuery, Key, Repository

__all__ = [
    "Interrupted",
    "added",
    "allowed",
    "codes",
    "held",
    "interrupted",
    "kept",
    "refused",
    "same",
    "searched",
    "told",
]


class Interrupted(Exception):
    """What a test raises to make a unit of work fail."""


def told(kept_promise: object, promise: str) -> None:
    """Raise AssertionError with the promise unless it was kept; works under `python -O` too."""
    if not kept_promise:
        raise AssertionError(promise)


def same(found: object, expected: object, promise: str) -> None:
    """Raise AssertionError with both sides unless they are equal."""
    told(found == expected, f"{promise}\n  expected: {expected!r}\n  found:    {found!r}")


@contextmanager
def refused(expected: type[Exception], promise: str) -> Generator[list[Exception], None, None]:
    """Return a context that must raise exactly this fact; the list then holds it."""
    raised: list[Exception] = []
    try:
        yield raised
    except expected as error:
        raised.append(error)
    except Exception as error:
        raise AssertionError(
            f"{promise}\n  expected: {expected.__name__}\n  raised:   {error!r}"
        ) from error
    told(raised, f"{promise}\n  expected: {expected.__name__}\n  raised:   nothing")


@contextmanager
def allowed(promise: str) -> Generator[None, None, None]:
    """Return a context that nothing may be raised in."""
    try:
        yield
    except Exception as error:
        raise AssertionError(f"{promise}\n  raised: {error!r}") from error


@contextmanager
def interrupted() -> Generator[None, None, None]:
    """Return a context that expects its unit of work to be `Interrupted`."""
    with refused(Interrupted, "an exception inside a unit of work reaches the caller unchanged"):
        yield


def added(repository: Repository, *customers: Customer, claims: Iterable[Key] = ()) -> None:
    """Keep customers, each in a transaction of its own."""
    for customer in customers:
        with repository.write() as work:
            work.customers.add(customer, claims)


def kept(repository: Repository, customer: Customer) -> Customer | None:
    """Return what the repository keeps under a customer's id."""
    with repository.read() as work:
        return work.customers.get(customer.id)


def held(repository: Repository, key: Key) -> list[str]:
    """Return the codes of a key's holders, in the order given."""
    with repository.read() as work:
        return codes(work.customers.holding(key))


def searched(repository: Repository, text: str = "", **asked: object) -> list[str]:
    """Return the codes of the customers a search finds, in the order given."""
    with repository.read() as work:
        return codes(work.customers.search(CustomerQuery(text=text, **asked)).customers)  # type: ignore[arg-type]  # any of the query's fields


def codes(customers: Iterable[Customer]) -> list[str]:
    """Return the codes of customers, which is how tests name them."""
    return [str(customer.code) for customer in customers]
