"""Kill a host between its order and our customer, again and again, while a clerk registers too.

    python tests/faults/joining.py --kills 2000 --seed 7

The host keeps its orders and our customers in one file and commits them together; the clerk has a
repository of his own on the same file. Afterwards each order has its customer and each customer of
the host's his order, codes have no gap, and nothing that anybody was told is missing. With
`--apart` the host commits the customer before the order, which has to be accused.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from children import Child, Tell
from iofault import quick_folder

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.operations import verify

__all__ = ["faults", "found", "killed"]

_ORDERING, _AT_THE_DESK = "订货客户", "柜台客户"
_LONGEST_LIFE = 0.1
_JUDGED_AFTER = 20


def found(path: Path) -> None:
    """Make the host's database, with our tables beside its own."""
    host = _host(path)
    host.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL)")
    host.execute("BEGIN IMMEDIATE")
    SQLiteRepository.joined(host, create=True)
    host.execute("COMMIT")
    host.close()


def killed(path: Path, seconds: float, *, apart: bool = False) -> list[str]:
    """Let host and clerk work for a while and kill them; return the codes they were told."""
    workers = [
        Child.doing(lambda tell: _orders(path, tell, apart=apart)),
        Child.doing(lambda tell: _registers(path, tell)),
    ]
    time.sleep(seconds)
    for each in workers:
        each.kill()
    return [line for each in workers for line in each.ended()[0]]


def faults(path: Path, told: Sequence[str]) -> list[str]:
    """Return what is wrong with what the killed have left."""
    own = SQLiteRepository(path, journal="delete")
    registry = CustomerRegistry(repository=own)
    with own.read() as work:
        customers = {str(each.code): str(each.name) for _, each in work.customers.iterate()}
    wrong = [str(each) for each in verify(registry).disagreements]
    own.close()
    host = _host(path)
    orders = {code for (code,) in host.execute("SELECT customer FROM orders")}
    host.close()
    of_the_host = {code for code, name in customers.items() if name == _ORDERING}
    wrong += [f"{code}: an order without its customer" for code in orders - of_the_host]
    wrong += [f"{code}: a customer without his order" for code in of_the_host - orders]
    wrong += [f"{code}: told and lost" for code in set(told) - customers.keys()]
    due = {f"C{number:06}" for number in range(1, len(customers) + 1)}
    wrong += [f"{code}: a gap" for code in due - customers.keys()]
    return wrong


def _host(path: Path) -> sqlite3.Connection:
    host = sqlite3.connect(path, isolation_level=None, timeout=30)
    host.execute("PRAGMA secure_delete = ON")
    return host


def _orders(path: Path, tell: Tell, *, apart: bool) -> None:
    host = _host(path)
    joined = SQLiteRepository.joined(host)
    registry = CustomerRegistry(
        repository=joined, hooks=[lambda receipt: tell(str(receipt.customer.code))]
    )
    while True:
        host.execute("BEGIN IMMEDIATE")
        customer = registry.register(kind="person", name=_ORDERING).customer
        if apart:
            host.execute("COMMIT")
            host.execute("BEGIN IMMEDIATE")
        host.execute("INSERT INTO orders (customer) VALUES (?)", (str(customer.code),))
        host.execute("COMMIT")
        joined.committed()


def _registers(path: Path, tell: Tell) -> None:
    own = SQLiteRepository(path, journal="delete")
    registry = CustomerRegistry(repository=own)
    while True:
        tell(str(registry.register(kind="person", name=_AT_THE_DESK).customer.code))


def main(arguments: list[str] | None = None) -> int:
    """Kill as often as asked for; return 1 where something is wrong with what is left."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--apart", action="store_true", help="the control: two transactions")
    asked = parser.parse_args(arguments)
    print(f"seed {asked.seed}")  # noqa: T201  a report
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        told, wrong = _tried(Path(folder) / "erp.db", Random(asked.seed), asked)  # noqa: S311  where kills fall
    print("\n".join(wrong) or f"{asked.kills} kills, {told} saves told, sound")  # noqa: T201  as above
    return 1 if wrong else 0


def _tried(path: Path, rng: Random, asked: argparse.Namespace) -> tuple[int, list[str]]:
    """Return how many saves were told of, and what is wrong, as soon as anything is."""
    found(path)
    _rehearse()
    told: list[str] = []
    for kill in range(asked.kills):
        told += killed(path, rng.random() * _LONGEST_LIFE, apart=asked.apart)
        if kill % _JUDGED_AFTER == 0 and (wrong := faults(path, told)):
            return len(told), wrong
    return len(told), faults(path, told)


def _rehearse() -> None:
    """Load everything before the children are made, who then begin at once."""
    registry = CustomerRegistry()
    registry.register(kind="person", name=_AT_THE_DESK)
    verify(registry)


if __name__ == "__main__":
    sys.exit(main())
