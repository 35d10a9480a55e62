"""What is done to a whole registry, now and then: functions that take a registry."""

from customer_registry.operations.address_for import address_for
from customer_registry.operations.codes import preview_code, propose_codes, release_code
from customer_registry.operations.health import Health, health
from customer_registry.operations.mark_verified import mark_verified
from customer_registry.operations.numbering import (
    LedgerEntry,
    NumberingAudit,
    NumberState,
    RangeAudit,
    Repair,
    audit_numbering,
    number_ledger,
    raise_numbers,
    repair_numbering,
)
from customer_registry.operations.recode import recode
from customer_registry.operations.verify import Agreement, Disagreement, verify

__all__ = [
    "Agreement",
    "Disagreement",
    "Health",
    "LedgerEntry",
    "NumberState",
    "NumberingAudit",
    "RangeAudit",
    "Repair",
    "address_for",
    "audit_numbering",
    "health",
    "mark_verified",
    "number_ledger",
    "preview_code",
    "propose_codes",
    "raise_numbers",
    "recode",
    "release_code",
    "repair_numbering",
    "verify",
]
