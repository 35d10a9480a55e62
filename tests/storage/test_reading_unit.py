"""A reading unit refuses every method that writes, and passes on every other."""

from inspect import getmembers, isfunction

import pytest

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.repository import Customers, Edits, Journal, Numbers, Receipts
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.reading import WRITES

READS = frozenset(
    """
    by_code called codes count get head holding holds is_retired iterate lapsed links listed of peek
    ranges reservations reserved search since unclaimed
    """.split()
)


def test_every_method_of_the_ports_is_known_to_read_or_to_write():
    named = {
        name
        for port in (Customers, Journal, Numbers, Receipts, Edits)
        for name, _ in getmembers(port, isfunction)
        if not name.startswith("_")
    }
    assert named == READS | WRITES


@pytest.mark.parametrize("name", sorted(WRITES))
def test_what_writes_is_refused_whatever_it_is_given(name):
    with InMemoryRepository().read() as work:
        ports = (work.customers, work.numbers, work.journal, work.receipts, work.edits)
        with pytest.raises(StorageUnavailable, match=r"this unit only reads; open write\(\)"):
            getattr(next(port for port in ports if hasattr(port, name)), name)()


def test_a_savepoint_of_a_reading_unit_takes_nothing_back():
    repository = InMemoryRepository()

    def fail_while_reading():
        with repository.read() as work, work.savepoint():
            raise KeyError

    with repository.write() as outer:
        assert outer.numbers.next("customer") == 1
        with pytest.raises(KeyError):
            fail_while_reading()
        assert outer.numbers.next("customer") == 2
