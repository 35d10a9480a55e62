"""A registry with something of every kind, to be backed up."""

from contextlib import contextmanager
from pathlib import Path

from customer_registry import CustomerRegistry
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.testing import make_raw

__all__ = ["filled", "new_folder"]


def new_folder(path: Path) -> Path:
    """Make a folder and return it."""
    path.mkdir()
    return path


@contextmanager
def filled(store: Path):
    """Yield a registry with three customers and a reserved code."""
    with CustomerRegistry(repository=SQLiteRepository(store)) as registry:
        for seed in range(3):
            registry.register(make_raw(seed=seed), idempotency_key=f"form-{seed}")
        registry.reserve_code(kind="person")
        yield registry
