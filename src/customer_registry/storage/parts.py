"""What a store without rows keeps, as parts, and back again."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.journal import Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Part, StoredReceipt, WaitingEdit
from customer_registry.storage.portable import sound
from customer_registry.storage.times import sortable
from customer_registry.storage.wire import read_fields, read_issues, write_fields, write_issues

__all__ = [
    "edit_of",
    "edit_part",
    "link_of",
    "link_part",
    "receipt_of",
    "receipt_part",
    "reservation_of",
    "reservation_part",
]

_Kept = TypeVar("_Kept")


def _from_part(read: Callable[..., _Kept]) -> Callable[[Part], _Kept]:
    """Let a function read a part's values; what is none of them is StorageCorrupt."""

    @wraps(read)
    def reading(part: Part) -> _Kept:
        values: tuple[Any, ...] = sound(part).content
        try:
            return read(*values)
        except (TypeError, ValueError, AttributeError) as error:
            raise StorageCorrupt(f"a stored {part.kind} cannot be read") from error

    return reading


def link_part(link: Link) -> Part:
    """Return a link of the journal as a part."""
    about, digests = link.about or None, (link.body_digest, link.digest)
    return Part("link", (link.number, about, link.chain, link.salt, link.body, *digests))


@_from_part
def link_of(*values: Any) -> Link:  # noqa: ANN401  as they were written
    """Return the link of a part."""
    number, about, *rest = values
    return Link(number, b"" if about is None else UUID(bytes=about).bytes, *rest)


def reservation_part(reservation: Reservation) -> Part:
    """Return a reservation as a part."""
    times = (sortable(reservation.at), sortable(reservation.until))
    released = None if reservation.released_at is None else sortable(reservation.released_at)
    drawn = (reservation.range, reservation.number, released)
    return Part("reservation", (reservation.code.text, reservation.owner, *times, *drawn))


@_from_part
def reservation_of(*values: Any) -> Reservation:  # noqa: ANN401  as they were written
    """Return the reservation of a part."""
    code, owner, at, until, drawn_from, number, released = values
    return Reservation(
        code=CustomerCode(code),
        owner=owner,
        at=datetime.fromisoformat(at),
        until=datetime.fromisoformat(until),
        range=drawn_from,
        number=number,
        released_at=None if released is None else datetime.fromisoformat(released),
    )


def receipt_part(receipt: StoredReceipt) -> Part:
    """Return a receipt as a part."""
    named = (receipt.actor, receipt.key, receipt.salt, receipt.digest)
    about = (receipt.customer_id.bytes, receipt.version)
    return Part("receipt", (*named, *about, write_issues(receipt.issues), sortable(receipt.at)))


@_from_part
def receipt_of(*values: Any) -> StoredReceipt:  # noqa: ANN401  as they were written
    """Return the receipt of a part."""
    actor, key, salt, digest, about, version, issues, at = values
    return StoredReceipt(
        actor=actor,
        key=key,
        salt=salt,
        digest=digest,
        customer_id=UUID(bytes=about),
        version=version,
        issues=read_issues(issues),
        at=datetime.fromisoformat(at),
    )


def edit_part(edit: WaitingEdit) -> Part:
    """Return an edit that waits as a part."""
    times = (sortable(edit.at), sortable(edit.until))
    about = (edit.customer_id.bytes, edit.version, edit.actor)
    return Part("pending", (edit.id.bytes, *about, *times, write_fields(edit.fields)))


@_from_part
def edit_of(*values: Any) -> WaitingEdit:  # noqa: ANN401  as they were written
    """Return the edit of a part."""
    edit_id, about, version, actor, at, until, content = values
    return WaitingEdit(
        id=UUID(bytes=edit_id),
        customer_id=UUID(bytes=about),
        version=version,
        actor=actor,
        at=datetime.fromisoformat(at),
        until=datetime.fromisoformat(until),
        fields=read_fields(content),
    )
