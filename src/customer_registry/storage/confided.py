"""What a sealed store keeps sealed beside its customers: edits that wait, salts of receipts.

A receipt's digest covers what was typed, numbers among it. Nobody who lacks the salt can try
numbers until the digest fits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from customer_registry.domain.errors import KeyUnavailable, StorageCorrupt, TamperedRecord
from customer_registry.repository import Disagreement, StoredReceipt, WaitingEdit
from customer_registry.sealing.sealer import Cell
from customer_registry.storage.record import Records
from customer_registry.storage.times import sortable
from customer_registry.storage.wire import read_fields, write_fields

__all__ = [
    "edit_opened",
    "edit_sealed",
    "edits_unlike",
    "receipt_opened",
    "receipt_resealed",
    "receipt_sealed",
    "receipts_unlike",
]

_PREFIX = b"sealed:"
_Kept = TypeVar("_Kept", WaitingEdit, StoredReceipt)


def edit_sealed(edit: WaitingEdit, records: Records) -> WaitingEdit:
    """Return an edit as it is kept; raises KeyUnavailable."""
    if records.standing is None or _is_sealed(edit.fields):
        return edit
    envelope = records.seal(write_fields(edit.fields).decode(), _cell_of_edit(edit))
    return attrs.evolve(edit, fields={"sealed": envelope})


def edit_opened(edit: WaitingEdit, records: Records) -> WaitingEdit:
    """Return an edit that was kept; raises KeyUnavailable, TamperedRecord."""
    if not _is_sealed(edit.fields):
        if records.seals_all:
            raise TamperedRecord("an edit that waits is not sealed, and all were")
        return edit
    text = records.open(str(edit.fields["sealed"]), _cell_of_edit(edit))
    return attrs.evolve(edit, fields=_fields(text))


def edits_unlike(edits: Iterable[WaitingEdit], records: Records) -> Iterator[Disagreement]:
    """Yield which edits, as they are kept, are not as they were sealed, or under unknown keys."""
    for edit in edits:
        if how := _unlike(edit_opened, edit, records):
            yield Disagreement(f"edit.{how}", f"edit {edit.id}")


def receipt_sealed(receipt: StoredReceipt, records: Records) -> StoredReceipt:
    """Return a receipt as it is kept; without keys its request held nothing sensitive."""
    if not records.seals or receipt.salt.startswith(_PREFIX):
        return receipt
    envelope = records.seal(receipt.salt.hex(), _cell_of_receipt(receipt))
    return attrs.evolve(receipt, salt=_PREFIX + envelope.encode())


def receipt_opened(receipt: StoredReceipt, records: Records) -> StoredReceipt:
    """Return a receipt that was kept; raises KeyUnavailable, TamperedRecord."""
    if not receipt.salt.startswith(_PREFIX):
        if records.seals and records.seals_all:
            raise TamperedRecord("a receipt is not sealed, and all were")
        return receipt
    salt = bytes.fromhex(records.open(_envelope(receipt), _cell_of_receipt(receipt)))
    return attrs.evolve(receipt, salt=salt)


def receipt_resealed(receipt: StoredReceipt, records: Records) -> StoredReceipt:
    """Return a receipt that was kept as it is to be kept with the keys settled on.

    One that is plain where all were sealed stays so: nobody vouches for it.
    """
    is_sealed = receipt.salt.startswith(_PREFIX)
    if records.is_current(_envelope(receipt)) if is_sealed else records.seals_all:
        return receipt
    return receipt_sealed(receipt_opened(receipt, records), records)


def receipts_unlike(receipts: Iterable[StoredReceipt], records: Records) -> Iterator[Disagreement]:
    """Yield which receipts are not as they were sealed, or under unknown keys."""
    for receipt in receipts:
        if how := _unlike(receipt_opened, receipt, records):
            yield Disagreement(f"receipt.{how}", f"{receipt.actor}: {receipt.key}")


def _unlike(opened: Callable[[_Kept, Records], object], kept: _Kept, records: Records) -> str:
    """Return how a thing is not as it was sealed, nothing where it is or nobody can tell."""
    try:
        opened(kept, records)
    except TamperedRecord:
        return "altered"
    except KeyUnavailable:
        return "unopened" if records.seals else ""
    return ""


def _envelope(receipt: StoredReceipt) -> str:
    return receipt.salt.removeprefix(_PREFIX).decode("ascii", "replace")


def _is_sealed(fields: Mapping[str, object]) -> bool:
    return set(fields) == {"sealed"}


def _fields(text: str) -> Mapping[str, Any]:
    try:
        return read_fields(text.encode())
    except ValueError as error:
        raise StorageCorrupt("an edit that waits cannot be read") from error


def _cell_of_edit(edit: WaitingEdit) -> Cell:
    times = f"{sortable(edit.at)} {sortable(edit.until)}"
    entry = f"{edit.id} {times} {edit.actor}"
    return Cell(customer_id=edit.customer_id, field="pending", entry=entry, version=edit.version)


def _cell_of_receipt(receipt: StoredReceipt) -> Cell:
    entry = f"{len(receipt.actor)}:{receipt.actor}:{receipt.key}"
    return Cell(
        customer_id=receipt.customer_id, field="receipt", entry=entry, version=receipt.version
    )
