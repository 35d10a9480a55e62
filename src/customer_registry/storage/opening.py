"""A store by where it is: a file, `memory:`, or an address whose scheme names its package."""

import re
from inspect import signature
from typing import TYPE_CHECKING, cast

from customer_registry.domain.errors import RegistryError, StorageUnavailable
from customer_registry.repository import Repository, lacking

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

    from customer_registry.sealing.keyring import Keyring

__all__ = ["GROUP", "MEMORY", "is_address", "is_ours", "open_repository", "shown"]

GROUP = "customer_registry.repositories"
"""The entry points of packages that keep customers: the name is the scheme of their addresses."""

MEMORY = "memory:"

_SCHEME = re.compile("([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
"""Of two letters or more: one letter is a drive of Windows."""

_POSTGRES = ("postgres", "postgresql")
_OURS = (MEMORY, "postgresql://")


def is_address(where: str) -> bool:
    r"""Return whether a text is an address with a scheme, and so no file.

    >>> is_address("postgresql://db/crm"), is_address("a:b.db"), is_address(r"C:\crm.db")
    (True, False, False)
    """
    return _SCHEME.match(where) is not None


def is_ours(where: str) -> bool:
    """Return whether this package itself keeps the store at a place.

    >>> is_ours("sqlite:///customers.db"), is_ours("postgresql://db/crm"), is_ours("theirs://db")
    (True, True, False)
    """
    found = _SCHEME.match(_as_we_spell_it(where))
    return found is None or found[1].lower() in _POSTGRES


def shown(where: str) -> str:
    r"""Return where a store is as people may read it: an address without its user and password.

    >>> shown("postgresql://crm:s3cret@db.example.com/crm?sslmode=verify-full")
    'postgresql://db.example.com/crm'
    >>> shown("customers.db")
    'customers.db'
    """
    found = _SCHEME.match(where)
    if found is None:
        return where
    beyond = where[found.end() :]
    plain = re.split("[?#]", beyond, maxsplit=1)[0]
    if "@" in beyond and "@" not in plain:  # a ? in a password cuts it off before its @
        return f"{found[0]}…"
    return found[0] + plain.rpartition("@")[2]


def open_repository(
    where: str, *, create: bool, migrate: bool, keyring: "Keyring | None"
) -> Repository:
    """Return the store at a place; raises the StorageError that says why there is none."""
    where = _as_we_spell_it(where)
    if where == MEMORY:
        from customer_registry.storage.memory import InMemoryRepository  # noqa: PLC0415  only who uses it pays

        return InMemoryRepository(keyring=keyring)
    found = _SCHEME.match(where)
    if found is None:
        from customer_registry.storage.sqlite import SQLiteRepository  # noqa: PLC0415  only who opens a file pays for sqlite3

        return SQLiteRepository(where, create=create, migrate=migrate, keyring=keyring)
    scheme = found[1].lower()
    if scheme in _POSTGRES:
        from customer_registry.storage.postgres import PostgresRepository  # noqa: PLC0415  only who uses it pays for psycopg

        return PostgresRepository(where, create=create, migrate=migrate, keyring=keyring)
    return _opened(_installed(scheme), where, create=create, migrate=migrate, keyring=keyring)


def _as_we_spell_it(where: str) -> str:
    """Return the place that an address means which was written for SQLAlchemy."""
    if where in {"sqlite://", "sqlite:///:memory:"}:
        return MEMORY
    if where.startswith("sqlite:///") and "?" not in where:
        return where.removeprefix("sqlite:///")
    return re.sub(r"^(postgresql)\+psycopg://", r"\1://", where)


def _installed(scheme: str) -> "EntryPoint":
    """Return the entry point for a scheme; raises StorageUnavailable, which names those there."""
    from importlib.metadata import entry_points  # noqa: PLC0415  only who asks for a stranger's store

    installed = entry_points(group=GROUP)
    found = {each.value: each for each in installed if each.name.lower() == scheme}
    if not found:
        known = [*_OURS, *sorted({f"{each.name.lower()}://" for each in installed})]
        message = f"no store is known for {scheme}://; there are files, {', '.join(known)}"
        raise StorageUnavailable(message)
    if len(found) > 1:
        both = " and ".join(sorted(map(_named, found.values())))
        raise StorageUnavailable(f"{both} both keep customers at {scheme}://; uninstall one")
    (only,) = found.values()
    return only


def _opened(entry: "EntryPoint", where: str, **how: object) -> Repository:
    """Return what a stranger's package opens; raises StorageUnavailable where that is no store."""
    opener = _loaded(entry)
    try:
        signature(opener).bind(where, **how)
    except (TypeError, ValueError) as error:
        takes = "(where, *, create, migrate, keyring)"
        raise StorageUnavailable(f"{_named(entry)} is not called as {takes}") from error
    made: object = opener(where, **how)
    if missing := lacking(made, Repository):
        kind = type(made).__name__
        raise StorageUnavailable(
            f"{_named(entry)} gave a {kind}, which is no repository: {', '.join(missing)} missing"
        )
    return cast("Repository", made)


def _loaded(entry: "EntryPoint") -> "Callable[..., object]":
    try:
        return cast("Callable[..., object]", entry.load())
    except RegistryError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise StorageUnavailable(f"{_named(entry)} cannot be loaded: {reason}") from error


def _named(entry: "EntryPoint") -> str:
    """Return an entry point as whoever installed it knows it."""
    package = "" if entry.dist is None else f" of {entry.dist.name}"
    return f"{entry.value}{package}"
