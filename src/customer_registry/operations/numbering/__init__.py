"""What a company can know of its numbering, and mend: ledger, audit, repair, raising a counter."""

from customer_registry.operations.numbering.audit_numbering import (
    NumberingAudit,
    RangeAudit,
    audit_numbering,
)
from customer_registry.operations.numbering.number_ledger import LedgerEntry, number_ledger
from customer_registry.operations.numbering.repair_numbering import (
    Repair,
    raise_numbers,
    repair_numbering,
)
from customer_registry.operations.numbering.survey import NumberState

__all__ = [
    "LedgerEntry",
    "NumberState",
    "NumberingAudit",
    "RangeAudit",
    "Repair",
    "audit_numbering",
    "number_ledger",
    "raise_numbers",
    "repair_numbering",
]
