"""What people do with a store while its disk fails, with sound settings and with broken ones."""

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from clerk import Notebook

from customer_registry import (
    CodePattern,
    CommitOutcomeUnknown,
    CustomerRegistry,
    SQLiteRepository,
    StorageError,
    operations,
)
from customer_registry.registration.register import enter
from customer_registry.registration.request import Request
from customer_registry.registration.reserving import ReservedCode
from customer_registry.storage.sqlite import checkpoints, connections
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.tables.statements import Values
from customer_registry.testing import make_raw

__all__ = [
    "BROKEN",
    "ERRANDS",
    "GOLDEN",
    "MISTAKEN",
    "SETTINGS",
    "journal_of",
    "note",
    "open_store",
    "rehearse",
]

GOLDEN = Path(__file__).parents[1] / "golden"
SETTINGS = ("auto", "delete")
BROKEN = ("wal-normal", "off", "hasty", "lying", "showing")
"""Broken on purpose: a WAL synced late, no sync, a clerk who tells before he saves, and two disks.

One disk lies about its syncs, the other shows the content of deleted files in new ones.
"""
MISTAKEN = ("swallowing", "sure", "bare")
"""Mistaken on purpose about a COMMIT that failed: it is done, it is not, or as the driver says."""

_A_MOMENT = 0.002
"""Seconds that the hasty take to commit what they told, so that a kill falls there now and then."""

_WITHOUT_A_WAL = frozenset({"delete", "off", "showing", "sure"})

_NORMAL = ("PRAGMA synchronous = NORMAL", "PRAGMA synchronous", 1)
_OFF = ("PRAGMA synchronous = OFF", "PRAGMA synchronous", 0)


def open_store(path: Path, setting: str, *, checkpoint_every: int = 64) -> CustomerRegistry:
    """Return a registry over a file, migrated if it is old, with one of the settings.

    It writes in the settings of the running process, so a process opens with one of them only.
    """
    checkpoints._COMMITS = checkpoint_every
    if setting == "wal-normal":
        connections._SYNCHRONOUS["wal"] = _NORMAL
    if setting == "off":
        connections._SYNCHRONOUS["delete"] = _OFF
    if setting in MISTAKEN:
        Statements.commit = {"swallowing": _swallow, "sure": _be_sure, "bare": _be_bare}[setting]
    if setting == "bare":
        Statements.change = _change_barely
    repository = SQLiteRepository(path, journal=journal_of(setting), migrate=True)
    return (Hasty if setting == "hasty" else CustomerRegistry)(
        repository=repository, codes=CodePattern("KH{number:05}", mode="editable")
    )


def journal_of(setting: str) -> str:
    """Return the journal that a setting is about."""
    return "delete" if setting in _WITHOUT_A_WAL else "auto"


class Hasty(CustomerRegistry):
    """A broken registry: who registers is told before the transaction is committed."""

    notebook: Notebook | None = None

    def register(self, raw, *, idempotency_key=None, **fields):
        office, raw = self._office, {**raw, **fields}
        request = Request.of(office, idempotency_key, "register", raw)
        with office.unit("register", writing=True) as work:
            receipt = enter(office, work, office.judge(raw), request)
            note(self.notebook, receipt, idempotency_key)
            time.sleep(_A_MOMENT)
        return receipt


def note(book: Notebook | None, receipt, key: str | None = None) -> None:
    """Write down what a receipt tells."""
    if book is not None:
        book.note("customer", receipt.customer.code, receipt.version)
        if key is not None:
            book.note("key", key)


def register(registry: CustomerRegistry, book: Notebook | None, seed: int = 100) -> str:
    """Register a customer under an idempotency key, and return the code."""
    receipt = registry.register(make_raw(seed=seed), idempotency_key=f"key-{seed}")
    note(book, receipt, f"key-{seed}")
    return str(receipt.customer.code)


def update(
    registry: CustomerRegistry, book: Notebook | None, code: str = "KH00002", version: int = 1
) -> None:
    """Change fields of a customer that are found and fields that are not."""
    key = f"{code}-{version}"
    fields = {"short_name": "新简称", "notes": key}
    receipt = registry.update(code, fields, version=version, idempotency_key=key)
    note(book, receipt, key)


def load(registry: CustomerRegistry, book: Notebook | None, seed: int = 200) -> None:
    """Load a few rows, one of them refused."""
    rows = [make_raw(seed=seed), {"kind": "organization"}, make_raw("person", seed=seed + 1)]
    for row in registry.load(rows).registered:
        if book is not None:
            book.note("customer", row.code, 1)


def reserve(registry: CustomerRegistry, book: Notebook | None) -> ReservedCode:
    """Reserve a code, and leave it so."""
    reserved = registry.reserve_code(kind="person")
    if book is not None:
        book.note("reserved", reserved.code)
    return reserved


def scrub(registry: CustomerRegistry, book: Notebook | None) -> None:
    """Write the file anew, without what was replaced or deleted."""
    registry._office.repository.scrub(whole=True)


def erase(registry: CustomerRegistry, book: Notebook | None, code: str = "KH00002") -> None:
    """Erase a customer, unless that is done."""
    customer = registry.get(code)
    if customer.custody.erased_at is None:
        operations.erase(registry, customer, "本人申请")
    if book is not None:
        book.note("customer", code, 2)


def _swallow(statements: Statements) -> None:
    """Say that a commit is done, whatever comes of it."""
    with suppress(StorageError):
        _commit(statements)


def _be_sure(statements: Statements) -> None:
    """Say that a commit that failed is not done."""
    try:
        _commit(statements)
    except CommitOutcomeUnknown as unknown:
        raise StorageError("not saved") from unknown


def _be_bare(statements: Statements) -> None:
    """Let through what the driver says."""
    statements._writing().execute("COMMIT")


def _change_barely(statements: Statements, sql: str, values: Values | None = None):
    """Let through what the driver says of a statement."""
    return statements._writing().execute(sql, values or {})


_commit = Statements.commit


def rehearse() -> None:
    """Do everything once with another file, so that no child has to load what it uses first.

    What reads documents is loaded by the first that is read.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        CustomerRegistry(repository=SQLiteRepository(Path(folder, "rehearsed.db"))) as registry,
    ):
        for seed in range(3):
            register(registry, None, seed)
        for errand in ERRANDS.values():
            if errand not in {update, erase}:
                errand(registry, None)
        update(registry, None, "C000002")
        erase(registry, None, "C000002")
        registry.search("公司")
        operations.verify(registry)


ERRANDS: dict[str, Callable[[CustomerRegistry, Notebook | None], object]] = {
    "register": register,
    "update": update,
    "load": load,
    "reserve": reserve,
    "scrub": scrub,
    "erase": erase,
}
