"""What memory refuses just as a file does."""

from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest

from customer_registry.domain.errors import StorageBusy, StorageError, StorageUnavailable
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.testing import make_customer


def stored(repository):
    with repository.read() as work:
        return [customer for _, customer in work.customers.iterate()]


def test_a_unit_inside_a_unit_cannot_settle_what_the_outer_one_takes_back():
    repository = InMemoryRepository()

    def write_twice(outer):
        outer.customers.add(make_customer(seed=1))
        with repository.write() as inner:
            inner.customers.add(make_customer(seed=2))

    with pytest.raises(StorageBusy), repository.write() as work:
        write_twice(work)
    assert stored(repository) == []
    with repository.write() as work:
        work.customers.add(make_customer(seed=3))
    assert stored(repository) == [make_customer(seed=3)]


def test_two_customers_never_have_one_id_in_memory():
    repository = InMemoryRepository()
    twin = attrs.evolve(make_customer(seed=2), id=make_customer(seed=1).id)
    with repository.write() as work:
        work.customers.add(make_customer(seed=1))
    with pytest.raises(StorageError), repository.write() as work:
        work.customers.add(twin)
    assert stored(repository) == [make_customer(seed=1)]


def test_a_reading_unit_writes_in_no_thread():
    repository = InMemoryRepository()
    with repository.read() as work, ThreadPoolExecutor(1) as thread:
        refusal = thread.submit(work.numbers.next, "customer").exception()
    assert isinstance(refusal, StorageUnavailable)
    with repository.read() as work:
        assert work.numbers.ranges() == {}


def test_a_reading_unit_inside_a_writing_one_sees_what_that_did_and_writes_nothing():
    repository = InMemoryRepository()
    with repository.write() as outer:
        outer.customers.add(make_customer())
        with repository.read() as work:
            assert work.customers.get(make_customer().id) == make_customer()
            with pytest.raises(StorageUnavailable, match=r"open write\(\)"):
                work.customers.add(make_customer(seed=1))
        outer.customers.add(make_customer(seed=2))
    assert stored(repository) == [make_customer(), make_customer(seed=2)]


def test_a_writing_unit_inside_a_reading_one_leaves_that_reading():
    repository = InMemoryRepository()
    with repository.read() as outer:
        with repository.write() as work:
            work.customers.add(make_customer())
        with pytest.raises(StorageUnavailable):
            outer.numbers.next("customer")
