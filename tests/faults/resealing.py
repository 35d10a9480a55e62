"""Lets every operation fail while a store is sealed or goes over to new keys; judges what is left.

    python tests/faults/resealing.py                    one operation in twenty
    python tests/faults/resealing.py --every 1          all of them: the whole proof
    python tests/faults/resealing.py --setting broken   what has to be accused

A child seals a store, or rotates its keys, on a disk (iofault.c) whose n-th operation fails: an
error once or from then on, no room, half a write, a kill before or in the middle. Afterwards every
value is readable and the store agrees with itself. Then a new process begins again and comes to the
end, and nothing is left in the file that was there before: no plain value, no envelope and no index
of an older key.
"""

import sys
from collections import Counter
from pathlib import Path

import attrs
from children import Tell, told_of
from errands import rehearse
from failing import Program
from iofault import Fault
from judged import MeanwhileAndAgain

from customer_registry import (
    CustomerRegistry,
    InMemoryRepository,
    Keyring,
    SQLiteRepository,
    operations,
)
from customer_registry.operations import resealing
from customer_registry.testing import make_raw

__all__ = ["ERRANDS", "SETTINGS", "main"]

STORE = "store.db"
ERRANDS = ("seal", "rotate")
SETTINGS = ("auto", "delete")
BROKEN = ("silent", "careless")
"""Broken on purpose: who tells the journal nothing, and who passes over a customer."""

CUSTOMERS = 5
resealing._BATCH = 2

OLD = Keyring.generate()
NEW = OLD.with_new_sealing_key().with_new_index_key()


@attrs.frozen
class Resealing(MeanwhileAndAgain):
    """A store that is sealed, or goes over to new keys, again and again."""

    @property
    def path(self) -> Path:
        """The file that the errand is done with."""
        return self.live / STORE

    def make(self) -> None:
        """Make a store, plain or under the older keys."""
        keyring = OLD if self.errand == "rotate" else None
        with self._opened(keyring, self.origin / STORE) as registry:
            for seed in range(CUSTOMERS):
                raw = make_raw("person" if seed % 2 else "organization", seed=seed)
                registry.register(raw, idempotency_key=f"key-{seed}")

    def do(self) -> None:
        """Seal, or rotate, in the sound way or in a broken one."""
        resealing._reseal = _WAYS.get(self.setting, _reseal)
        with self._opened(NEW) as registry:
            getattr(operations, self.errand)(registry)

    def judge(self, told: str, tell: Tell) -> None:
        """Tell what is wrong with the store as it is found."""

        def look() -> None:
            with self._opened(NEW) as registry:
                for raw in map(registry.get, [f"C{at:06}" for at in range(1, CUSTOMERS + 1)]):
                    if _secrets(raw) - SECRETS:
                        tell("another value")
                    for number in raw.tax_identifiers:
                        if registry.find(tax_identifier=str(number.number)) != (raw,):
                            tell("not found")
                for each in operations.verify(registry).disagreements:
                    if (self.errand, each.code) != ("seal", "journal.unkeyed"):
                        tell(each.code)  # a plain store's journal is chained without a key

        if (failed := told_of(look)) != "done":
            tell(failed)

    def faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; judge the file, and what a new process makes of it."""
        found = super().faults(fault, at, ended)
        return found | {f"afterwards: {each}" for each in self._left()}

    def _opened(self, keyring: Keyring | None, path: Path | None = None) -> CustomerRegistry:
        journal = "delete" if self.setting == "delete" else "auto"
        repository = SQLiteRepository(path or self.path, journal=journal, keyring=keyring)
        return CustomerRegistry(repository=repository)

    def _left(self) -> set[str]:
        """Return what is left in the file, its log and beside it of what was there before."""
        content = b"".join(each.read_bytes() for each in self.path.parent.iterdir())
        kinds = {
            "plain": SECRETS if self.errand == "seal" else (),
            "an old index": [OLD.index[0].id] if self.errand == "rotate" else (),
        }
        return {kind for kind, texts in kinds.items() if any(t.encode() in content for t in texts)}


def _secrets(customer) -> set[str]:
    texts = [str(each.number) for each in customer.bank_accounts]
    if customer.identity_document is not None:
        texts.append(str(customer.identity_document.number))
    return set(texts)


def _typed() -> frozenset[str]:
    """Return the sensitive values of the customers."""
    registry = CustomerRegistry()
    raws = (make_raw("person" if at % 2 else "organization", seed=at) for at in range(CUSTOMERS))
    return frozenset().union(*(_secrets(registry.register(raw).customer) for raw in raws))


SECRETS = _typed()


def _reseal_most(office, work, customer) -> bool:
    """Pass over one customer."""
    return str(customer.code) != "C000003" and _reseal(office, work, customer)


def _reseal_silently(office, work, customer) -> bool:
    """Tell the journal nothing."""
    return work.customers.reseal(customer)


_reseal = resealing._reseal
_WAYS = {"careless": _reseal_most, "silent": _reseal_silently}


def _rehearse() -> None:
    """Do everything once in memory, so that what is loaded at first use is loaded."""
    rehearse()
    registry = CustomerRegistry(repository=InMemoryRepository(keyring=NEW))
    registry.register(make_raw("person", seed=1), idempotency_key="key")
    operations.seal(registry)
    operations.rotate(registry)
    operations.verify(registry)


main = Program(
    path=Path(__file__),
    about=__doc__,
    settings=SETTINGS,
    broken=BROKEN,
    errands=lambda _: ERRANDS,
    trial=Resealing,
    rehearse=_rehearse,
).main


if __name__ == "__main__":
    sys.exit(main())
