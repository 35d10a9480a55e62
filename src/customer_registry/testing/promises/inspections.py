# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of looking at itself: sound when used, and telling how it stands."""

from datetime import UTC, datetime

import attrs

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.repository import Disagreement, Inspected, Repository, keys_of
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import (
    Interrupted,
    added,
    interrupted,
    refused,
    same,
    told,
)

__all__ = ["InspectionPromises"]

_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


class InspectionPromises:
    """Inspect, keep_checked and condition."""

    def test_a_new_store_inspects_sound(self, repository: Repository) -> None:
        same(_found(repository), [], "inspect finds nothing wrong with a store that holds nobody")

    def test_a_store_that_was_only_used_inspects_sound(self, repository: Repository) -> None:
        _use(repository)
        same(_found(repository), [], "inspect finds nothing wrong with a store that was only used")

    def test_an_inspection_meets_every_customer_once(self, repository: Repository) -> None:
        _use(repository)
        with repository.read() as work:
            stored = [customer for _, customer in work.customers.iterate()]
        met = [step.customer for step in _steps(repository) if step.customer is not None]
        same(met, stored, "inspect yields every customer once, as it is stored")

    def test_the_share_of_an_inspection_rises(self, repository: Repository) -> None:
        _use(repository)
        shares = [step.share for step in _steps(repository)]
        same(shares, sorted(shares), "the share that is done never falls")
        told(0.0 <= shares[0] <= shares[-1] <= 1.0, "the share that is done is from 0 to 1")

    def test_a_store_tells_how_it_stands(self, repository: Repository) -> None:
        condition = repository.condition()
        same(condition.checked, None, "a new store was never verified")
        sizes = (condition.wal_bytes or 0, condition.free_bytes or 0)
        told(min(sizes) >= 0, "sizes are in bytes, or not told")

    def test_a_store_may_keep_when_it_was_verified(self, repository: Repository) -> None:
        with repository.write() as work:
            work.keep_checked(_AT)
        told(
            repository.condition().checked in {None, _AT},
            "condition tells when the store was verified, or nothing",
        )

    def test_a_failed_transaction_was_no_verification(self, repository: Repository) -> None:
        with interrupted(), repository.write() as work:
            work.keep_checked(_AT)
            raise Interrupted
        same(repository.condition().checked, None, "keep_checked is taken back with the rest")

    def test_a_reading_unit_keeps_no_verification(self, repository: Repository) -> None:
        with (
            repository.read() as work,
            refused(StorageUnavailable, "keep_checked is refused by a unit that only reads"),
        ):
            work.keep_checked(_AT)


def _use(repository: Repository) -> None:
    """Do what registries do: add, claim, edit, give another code, fail."""
    first, other = make_customer(seed=1), make_customer(seed=2)
    added(repository, first, claims=keys_of(first))
    added(repository, other)
    second = attrs.evolve(
        first, version=2, name=other.name, contacts=(), code=make_customer(seed=3).code,
        former_codes=(first.code,),
    )  # fmt: skip
    with repository.write() as work:
        work.customers.replace(second)
    with interrupted(), repository.write() as work:
        work.customers.add(make_customer(seed=4))
        work.customers.replace(attrs.evolve(second, version=3, tags=("重点",)))
        raise Interrupted


def _steps(repository: Repository) -> list[Inspected]:
    with repository.read() as work:
        return list(work.inspect())


def _found(repository: Repository) -> list[Disagreement]:
    return [each for step in _steps(repository) for each in step.found]
