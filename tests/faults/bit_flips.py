"""Flip bits of a small store, one at a time: what then reads differently has to be told.

python tests/faults/bit_flips.py --flips 20000 --seed 1
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from customer_registry import CustomerRegistry
from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageError
from customer_registry.operations import Agreement, verify
from customer_registry.repository import CustomerQuery, UnitOfWork, keys_of
from customer_registry.testing import make_raw

Judge = Callable[[CustomerRegistry], Agreement]


@attrs.frozen
class Flip:
    """One flip: where it was, and what came of it.

    `quiet` nothing reads differently, `refused` the store does not open, `told` verify says so,
    `missed` something reads differently and nobody says so.
    """

    at: int
    bit: int
    outcome: str


def made(path: Path) -> None:
    """Make a store with something in every table, closed and whole in its one file."""
    with CustomerRegistry.open(path) as registry:
        for seed in range(6):
            customer = registry.register(make_raw(seed=seed), idempotency_key=f"k{seed}").customer
            registry.register(make_raw("person", seed=seed))
            registry.update(customer, notes=f"第{seed}次拜访", tags=["重点"])
        registry.reserve_code()


def flipped(store: Path, seed: int, flips: int, judge: Judge = verify) -> Iterator[Flip]:
    """Yield what comes of each flip of a bit anywhere in the file."""
    chance = random.Random(seed)  # noqa: S311  a test's chance
    whole = store.read_bytes()
    sound = _read(store)
    for _ in range(flips):
        at, bit = chance.randrange(len(whole)), chance.randrange(8)
        bent = bytearray(whole)
        bent[at] ^= 1 << bit
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bent.db"
            path.write_bytes(bent)
            yield Flip(at, bit, _outcome(path, sound, judge))


def read_back(work: UnitOfWork, known: list[Customer]) -> Iterator[object]:
    """Yield what the library reads of customers, codes, journal and numbers, in every way it can.

    Receipts, reservations and the store's identity stand in one place only: nothing tells whether
    they are what was written.
    """
    yield from work.customers.iterate()
    yield from work.customers.codes()
    for customer in known:
        yield work.customers.get(customer.id)
        yield work.customers.by_code(customer.code)
        for key in sorted(keys_of(customer), key=lambda key: (key.field, key.text)):
            yield work.customers.holding(key)
        yield work.journal.of(customer.id)
        for text in _texts(customer):
            yield work.customers.search(CustomerQuery(text=text))
    for kind in ("person", "organization"):
        yield work.customers.search(CustomerQuery(kind=kind, limit=100))
    yield from work.journal.links()
    yield work.journal.since(0)
    yield work.journal.head()
    yield sorted(work.numbers.ranges().items())


def _texts(customer: Customer) -> Iterator[str]:
    yield customer.name.text
    yield customer.name.text[:2]
    yield customer.code.text
    yield from (phone.national[-4:] for phone in customer.phones)


def _outcome(path: Path, sound: list[object], judge: Judge) -> str:
    try:
        reads = _read(path, sound)
    except StorageError:
        reads = None
    try:
        with CustomerRegistry.open(path) as registry:
            told = not judge(registry).ok
    except StorageError:
        return "refused"
    if reads == sound:
        return "quiet"
    return "told" if told else "missed"


def _read(path: Path, sound: list[object] | None = None) -> list[object]:
    with CustomerRegistry.open(path) as registry, registry.unit("get") as work:
        known = (
            [customer for _, customer in work.customers.iterate()]
            if sound is None
            else [each[1] for each in sound if isinstance(each, tuple) and _is_placed(each)]
        )
        return list(read_back(work, known))


def _is_placed(read: tuple[object, ...]) -> bool:
    return len(read) == 2 and isinstance(read[1], Customer)


def main() -> None:
    """Flip bits as the command line says; print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.flips} flips")  # noqa: T201  a command
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "sound.db"
        made(store)
        outcomes = Counter[str]()
        for flip in flipped(store, asked.seed, asked.flips):
            outcomes[flip.outcome] += 1
            if flip.outcome == "missed":
                print(flip)  # noqa: T201
        print(dict(outcomes))  # noqa: T201


if __name__ == "__main__":
    main()
