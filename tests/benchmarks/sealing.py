"""Prints what sealing adds to a registration and to a look-up, alternating row by row.

    python tests/benchmarks/sealing.py            about half a minute
    python tests/benchmarks/sealing.py --rows 50  a quick look

CPU time, medians, of a person with four sealed fields and three blind indices: an identity
document, a bank account and two tax numbers. Three files take turns: one without keys, one that has
a keyed journal and is not sealed, one that is sealed. E1 is the last beside the one before it.
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Figure, by_turns, medians

from customer_registry import CustomerRegistry, Keyring, SQLiteRepository
from customer_registry.testing import make_raw, resident_id

FIELDS, INDICES = 4, 3


def main(rows: int) -> list[Figure]:
    """Measure everything and print it."""
    figures = list(_figures(rows))
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {rows} rows")  # noqa: T201  a report
    for figure in figures:
        print(figure)  # noqa: T201  a report
    return figures


def typed(seed: int) -> dict[str, object]:
    """Return a person as typed, with four sensitive fields, three of which are looked up."""
    number, account = resident_id(seed), f"62220212345{seed:08}"
    return {
        **make_raw("person", seed=seed),
        "identity_document": {"type": "cn.resident_id", "number": number},
        "tax_identifiers": [
            {"scheme": "cn.resident_id", "number": number},
            {"scheme": "unchecked", "number": f"P{seed:09}"},
        ],
        "bank_accounts": [{"bank": "中国工商银行", "number": account}],
        "invoice_profile": {"title": "个人"},
    }


def _figures(rows: int) -> Iterator[Figure]:
    keyring = Keyring.generate()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("plain", "chained"):  # a store that begins without keys goes on unsealed
            _registry(folder, name, None).register(typed(999_999))
        _registry(folder, "sealed", keyring).register(typed(999_999))
        given = {"plain": None, "chained": keyring, "sealed": keyring}
        stores = [_registry(folder, name, keys) for name, keys in given.items()]
        _expect_sealed(stores[2])
        plain, chained, sealed = medians(by_turns(_ways(stores, seed) for seed in range(rows)))
        yield _figure("E1 register", chained, sealed, at_most=10)
        yield _figure("keyed journal, register", plain, chained)
        codes = [f"C{number + 2:06d}" for number in range(rows)]
        plain, _, sealed = medians(by_turns(_looks(stores, code) for code in codes))
        yield _figure("sealed, get", plain, sealed)
        for each in stores:
            each.close()


def _looks(stores: list[CustomerRegistry], code: str) -> tuple[Callable[[], object], ...]:
    return tuple((lambda each=each: each.get(code)) for each in stores)


def _ways(stores: list[CustomerRegistry], seed: int) -> tuple[Callable[[], object], ...]:
    raw = typed(seed)
    return tuple((lambda each=each: each.register(raw)) for each in stores)


def _figure(name: str, plain: float, keyed: float, at_most: float | None = None) -> Figure:
    added = 100 * (keyed - plain) / plain
    beside = f"without {plain:.0f} µs, with {keyed:.0f} µs"
    return Figure(name=name, value=added, unit="%", beside=beside, at_most=at_most)


def _registry(folder: str, name: str, keyring: Keyring | None) -> CustomerRegistry:
    return CustomerRegistry(
        repository=SQLiteRepository(Path(folder) / f"{name}.db", keyring=keyring)
    )


def _expect_sealed(registry: CustomerRegistry) -> None:
    """Make sure that what is measured is what the budget speaks of."""
    with registry._office.repository.read() as work:
        parts = list(work.parts())
    documents = [part.content[1] for part in parts if part.kind == "customer"]
    blind = [part for part in parts if part.kind == "key" and "." in str(part.content[1])[8:9]]
    told = (sum(each.count(b'"sealed"') for each in documents), len(blind))
    if told != (FIELDS, INDICES):
        raise AssertionError(told)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1000)
    main(parser.parse_args().rows)
