# ruff: noqa: D102  a test's name is its sentence
"""What a repository promises of going over to other keys, and of saying how it is sealed."""

from datetime import UTC, datetime

import attrs

from customer_registry.repository import Repository, StoredReceipt, keys_of
from customer_registry.testing.examples import make_customer
from customer_registry.testing.promises.expect import (
    Interrupted,
    added,
    held,
    interrupted,
    kept,
    same,
    told,
)

__all__ = ["SealingPromises"]

_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


class SealingPromises:
    """Reseal, for customers and receipts, and what the store says of itself."""

    def test_resealing_keeps_the_version_and_all_that_finds_it(
        self, repository: Repository
    ) -> None:
        person = make_customer("person", seed=1)
        added(repository, person, claims=keys_of(person))
        with repository.write() as work:
            work.customers.reseal(person)
        same(kept(repository, person), person, "reseal keeps the same version")
        for key in keys_of(person):
            same(
                held(repository, key), [str(person.code)], f"{key.field} finds whom it found before"
            )

    def test_another_version_is_not_resealed(self, repository: Repository) -> None:
        person = make_customer("person", seed=1)
        added(repository, person)
        with repository.write() as work:
            for other in (attrs.evolve(person, version=2), make_customer("person", seed=2)):
                told(not work.customers.reseal(other), "reseal says that this is not stored")
        same(kept(repository, person), person, "reseal does nothing then")

    def test_what_is_resealed_already_stays_as_it_is(self, repository: Repository) -> None:
        person = make_customer("person", seed=1)
        added(repository, person)
        with repository.write() as work:
            told(not work.customers.reseal(person), "a document that would not change stays")

    def test_what_a_store_says_of_its_seals_is_taken_back_with_the_rest(
        self, repository: Repository
    ) -> None:
        with repository.read() as work:
            before = work.sealing
        with interrupted(), repository.write() as work:
            work.keep_sealing("sealing 00000000 00000000 0")
            raise Interrupted
        with repository.read() as work:
            same(work.sealing, before, "an exception takes back what the store says")

    def test_resealed_receipts_come_back_as_they_were(self, repository: Repository) -> None:
        person = make_customer("person", seed=1)
        receipt = StoredReceipt(
            actor="han.meimei",
            key="k1",
            salt=b"0123456789abcdef",
            digest=bytes(32),
            customer_id=person.id,
            version=1,
            at=_AT,
        )
        with repository.write() as work:
            work.receipts.add(receipt)
            after: tuple[str, str] | None = ("", "")
            while after is not None:
                after = work.receipts.reseal(after)
        with repository.read() as work:
            same(work.receipts.get("han.meimei", "k1"), receipt, "a receipt comes back as it was")
