"""Where a PostgreSQL store is, and whether the way there is safe."""

import ipaddress
import os
from contextlib import suppress
from urllib.parse import unquote

import attrs
from psycopg import Error
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Conninfo

from customer_registry.domain.errors import StorageUnavailable

__all__ = ["Where"]

_DEFAULT_SCHEMA = "customer_registry"
_SCHEMA = "schema="


@attrs.frozen
class Where:
    """A server, or several of which one takes writes, a database, and a schema in it.

    `conninfo` can hold a password, `place` never does: it is what messages say.
    """

    conninfo: str = attrs.field(repr=False)
    schema: str
    place: str

    @classmethod
    def read(cls, typed: str, schema: str | None, *, allow_insecure_transport: bool) -> "Where":
        """Return where a DSN leads: libpq's words, or a URI, which may add `?schema=…`.

        Raises StorageUnavailable for one that makes no sense, and for a server elsewhere without
        `sslmode=verify-full`: everything less can be listened to, or be somebody else.
        """
        plain, named = _without_schema(typed)
        try:
            given = conninfo_to_dict(plain)
        except Error:
            raise StorageUnavailable("the DSN makes no sense; see use-postgresql.md") from None
        known = {**_defaults(), **{word: str(value) for word, value in given.items()}}
        if not allow_insecure_transport:
            _refuse_insecure(known)
        settings = {"application_name": "customer_registry", **given, "client_encoding": "UTF8"}
        if "," in (known.get("host") or known.get("hostaddr") or ""):
            settings.setdefault("target_session_attrs", "read-write")
        chosen = schema or named or _DEFAULT_SCHEMA
        return cls(make_conninfo("", **settings), chosen, _place(known, chosen))


def _without_schema(typed: str) -> tuple[str, str | None]:
    """Return a URI without its `schema`, and that; libpq knows no such word."""
    if not typed.startswith(("postgresql://", "postgres://")):
        return typed, None
    plain, _, query = typed.partition("?")
    asked = query.split("&") if query else []
    named = [each for each in asked if each.startswith(_SCHEMA)]
    rest = "&".join(each for each in asked if each not in named)
    schema = unquote(named[-1].removeprefix(_SCHEMA)) if named else None
    return (f"{plain}?{rest}" if rest else plain), schema


def _defaults() -> dict[str, str]:
    """Return what the environment says, as libpq reads it."""
    told = {each.keyword.decode(): each.val for each in Conninfo.get_defaults()}
    found = {word: value.decode() for word, value in told.items() if value}
    if "PGHOST" not in os.environ:
        found.pop("host", None)
    return found


def _refuse_insecure(known: dict[str, str]) -> None:
    """Raise StorageUnavailable where the way leads out of this machine unprotected."""
    if known.get("service"):
        raise StorageUnavailable(
            "a service file can name any server; give host and sslmode in the DSN,"
            " or allow_insecure_transport=True"
        )
    hosts = f"{known.get('host') or ''},{known.get('hostaddr') or ''}".split(",")
    is_elsewhere = any(not _is_local(host) for host in hosts)
    if is_elsewhere and known.get("sslmode") != "verify-full":
        raise StorageUnavailable(
            "the server is not on this machine: add sslmode=verify-full and sslrootcert to the DSN,"
            " or allow_insecure_transport=True where the network itself is trusted"
        )


def _is_local(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _place(known: dict[str, str], schema: str) -> str:
    host = known.get("host") or known.get("hostaddr") or "local"
    return f"PostgreSQL {host}/{known.get('dbname') or known.get('user') or ''}, schema {schema}"
