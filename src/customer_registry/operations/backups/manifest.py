"""What a backup says of itself: of which registry it is, of when, and how much it holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs

from customer_registry.domain.errors import BackupDamaged
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.journal import Head
from customer_registry.operations.counted import Counted
from customer_registry.repository import KINDS, Part
from customer_registry.sealing.stream import Header

__all__ = ["Manifest", "facts_of", "manifest_of"]

_KIND = "customer_registry backup 1"


@attrs.frozen(kw_only=True)
class Manifest(Counted):
    """A backup: where it lies, of which registry it is, with which entry its journal ends.

    `counts` tells how many rows of each kind it holds, `key_id` which key opens it: None for one
    that everybody can read. `size` is in bytes, `created` when the backup was begun.
    """

    path: Path
    identity: UUID
    created: datetime
    head: Head
    counts: Mapping[str, int] = attrs.field(converter=FrozenMapping[str, int])
    key_id: str | None
    size: int


def facts_of(
    beginning: Iterable[Part], head: tuple[int, bytes], created: datetime
) -> dict[str, Any]:
    """Return what a backup says of itself, out of the first parts of a store."""
    (meta, *counts) = beginning
    identity, *_ = meta.content
    number, digest = head
    return {
        "kind": _KIND,
        "identity": str(UUID(bytes=identity)) if isinstance(identity, bytes) else None,
        "created": created.isoformat(),
        "head": [number, digest.hex()],
        "counts": {str(kind): many for kind, many in (part.content for part in counts)},
    }


def manifest_of(header: Header, path: Path, size: int) -> Manifest:
    """Return what the header of a file says; raises BackupDamaged for that of no backup."""
    facts = header.facts
    try:
        if facts["kind"] != _KIND or tuple(sorted(facts["counts"])) != tuple(sorted(KINDS)):
            raise BackupDamaged
        (number, digest), created = facts["head"], datetime.fromisoformat(facts["created"])
        return Manifest(
            path=path,
            identity=UUID(facts["identity"]),
            created=created,
            head=Head(number=int(number), digest=bytes.fromhex(digest), at=created),
            counts={str(kind): int(many) for kind, many in facts["counts"].items()},
            key_id=header.key_id,
            size=size,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupDamaged from error
