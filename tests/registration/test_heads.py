"""Heads told to whoever keeps them elsewhere, after each commit."""

import threading

import attrs
import pytest

from customer_registry import CustomerRegistry
from customer_registry.domain.errors import StorageFull
from customer_registry.operations.head import head
from customer_registry.operations.numbering import raise_numbers
from customer_registry.testing import make_raw


def test_every_save_tells_its_head_after_the_commit():
    told = []

    def keep(told_head):
        told.append((told_head, head(registry).number))

    registry = CustomerRegistry(on_head=keep)
    customer = registry.register(make_raw(seed=1)).customer
    registry.update(customer, notes="甲")
    assert [(each.number, now) for each, now in told] == [(1, 1), (2, 2)]
    assert told[-1][0].digest == head(registry).digest


def test_acts_of_other_rooms_tell_their_heads_too():
    told = []
    registry = CustomerRegistry(on_head=told.append)
    raise_numbers(registry, "customer", 50, reason="从旧系统迁移")
    registry.load([make_raw(seed=1), make_raw(seed=2)])
    assert [each.number for each in told] == [1, 3]


def test_what_is_not_saved_tells_no_head():
    told = []
    registry = CustomerRegistry(on_head=told.append)
    registry.check(kind="person", name="")
    with pytest.raises(ZeroDivisionError), registry.unit("x", writing=True):
        1 / 0  # noqa: B018  a fault
    assert told == []


def test_a_head_that_cannot_be_kept_is_told_in_the_receipt_and_undoes_nothing():
    kept, full = [], [True]

    def keep(told):
        if full[0]:
            raise StorageFull
        kept.append(told)

    registry = CustomerRegistry(on_head=keep)
    receipt = registry.register(make_raw(seed=1))
    assert [each.params["hook"] for each in receipt.report if each.code == "hook.failed"] == [
        "keep"
    ]
    assert registry.get(receipt.customer.code) == receipt.customer
    full[0] = False
    healed = registry.register(make_raw(seed=2))
    assert "hook.failed" not in [each.code for each in healed.report]
    assert [each.number for each in kept] == [2]


def test_heads_of_threads_only_rise():
    told = []
    registry = CustomerRegistry(on_head=told.append)

    def write(name):
        for seed in range(20):
            registry.register(kind="person", name=f"王{seed}{name}")

    threads = [threading.Thread(target=write, args=(f"w{at}",)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [each.number for each in told]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 80


def test_a_registry_for_another_actor_tells_the_same_keeper():
    told = []
    registry = CustomerRegistry(on_head=told.append)
    registry.acting_as(attrs.evolve(registry._office.actor, id="li.lei")).register(make_raw(seed=1))
    assert [each.number for each in told] == [1]


def test_a_unit_that_writes_nothing_tells_no_head():
    told = []
    registry = CustomerRegistry(on_head=told.append)
    with registry.unit("register", writing=True):
        pass
    assert told == []
    registry.register(make_raw(seed=1))
    with registry.unit("register", writing=True):
        pass
    assert [each.number for each in told] == [1]


def test_a_repository_whose_heads_are_told_is_in_all_else_as_it_is():
    plain, telling = CustomerRegistry(), CustomerRegistry(on_head=lambda told: told)
    assert telling._office.repository.durability == plain._office.repository.durability
