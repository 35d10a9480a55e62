"""What a sealed store keeps sealed beside its customers: edits that wait, salts of receipts.

A receipt's digest covers what was typed, numbers among it. Nobody who lacks the salt can try
numbers until the digest fits.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.repository import StoredReceipt, WaitingEdit
from customer_registry.sealing.sealer import Cell
from customer_registry.storage.record import Records
from customer_registry.storage.wire import read_fields, write_fields

__all__ = ["edit_opened", "edit_sealed", "receipt_opened", "receipt_resealed", "receipt_sealed"]

_PREFIX = b"sealed:"


def edit_sealed(edit: WaitingEdit, records: Records) -> WaitingEdit:
    """Return an edit as it is kept; raises KeyUnavailable."""
    if records.standing is None or _is_sealed(edit.fields):
        return edit
    envelope = records.seal(write_fields(edit.fields).decode(), _cell_of_edit(edit))
    return attrs.evolve(edit, fields={"sealed": envelope})


def edit_opened(edit: WaitingEdit, records: Records) -> WaitingEdit:
    """Return an edit that was kept; raises KeyUnavailable, TamperedRecord."""
    if not _is_sealed(edit.fields):
        return edit
    text = records.open(str(edit.fields["sealed"]), _cell_of_edit(edit))
    return attrs.evolve(edit, fields=_fields(text))


def receipt_sealed(receipt: StoredReceipt, records: Records) -> StoredReceipt:
    """Return a receipt as it is kept; without keys its request held nothing sensitive."""
    if not records.seals or receipt.salt.startswith(_PREFIX):
        return receipt
    envelope = records.seal(receipt.salt.hex(), _cell_of_receipt(receipt))
    return attrs.evolve(receipt, salt=_PREFIX + envelope.encode())


def receipt_opened(receipt: StoredReceipt, records: Records) -> StoredReceipt:
    """Return a receipt that was kept; raises KeyUnavailable, TamperedRecord."""
    if not receipt.salt.startswith(_PREFIX):
        return receipt
    salt = bytes.fromhex(records.open(_envelope(receipt), _cell_of_receipt(receipt)))
    return attrs.evolve(receipt, salt=salt)


def receipt_resealed(receipt: StoredReceipt, records: Records) -> StoredReceipt:
    """Return a receipt that was kept as it is to be kept with the keys settled on."""
    if receipt.salt.startswith(_PREFIX) and records.is_current(_envelope(receipt)):
        return receipt
    return receipt_sealed(receipt_opened(receipt, records), records)


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
    return Cell(
        customer_id=edit.customer_id, field="pending", entry=str(edit.id), version=edit.version
    )


def _cell_of_receipt(receipt: StoredReceipt) -> Cell:
    entry = f"{len(receipt.actor)}:{receipt.actor}:{receipt.key}"
    return Cell(
        customer_id=receipt.customer_id, field="receipt", entry=entry, version=receipt.version
    )
