"""For test suites: contract, races and kills of a storage backend, examples, strategies.

`make_customer` and `make_raw` need nothing; the rest needs `customer-registry[testing]`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from customer_registry.testing.contract import RepositoryContract
    from customer_registry.testing.examples import make_customer, make_raw, resident_id, uscc
    from customer_registry.testing.kills import RepositoryKills
    from customer_registry.testing.machine import RepositoryMachine
    from customer_registry.testing.races import RepositoryRaces
    from customer_registry.testing.strategies import (
        customers,
        emails,
        phones,
        raw_customers,
        resident_ids,
        usccs,
    )
    from customer_registry.testing.verification import FakeVerifier

__all__ = [
    "FakeVerifier",
    "RepositoryContract",
    "RepositoryKills",
    "RepositoryMachine",
    "RepositoryRaces",
    "customers",
    "emails",
    "make_customer",
    "make_raw",
    "phones",
    "raw_customers",
    "resident_id",
    "resident_ids",
    "uscc",
    "usccs",
]

_ROOMS = {
    "contract": "RepositoryContract",
    "examples": "make_customer make_raw resident_id uscc",
    "kills": "RepositoryKills",
    "machine": "RepositoryMachine",
    "races": "RepositoryRaces",
    "strategies": "customers emails phones raw_customers resident_ids usccs",
    "verification": "FakeVerifier",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOM_OF})
