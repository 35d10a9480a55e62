"""What is done to a whole registry, now and then: functions that take a registry."""

from customer_registry.operations.address_for import address_for
from customer_registry.operations.approval import Waiting, approve, pending, reject, unapprove
from customer_registry.operations.backups import Manifest, backup, restore, verify_backup
from customer_registry.operations.codes import preview_code, propose_codes, release_code
from customer_registry.operations.copying import Copied, copy
from customer_registry.operations.export import export
from customer_registry.operations.head import HeadFile, head
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
from customer_registry.operations.privacy import (
    Erasure,
    Overdue,
    SubjectExport,
    erase,
    export_subject,
    hold,
    release,
    restrict,
    retention,
    unrestrict,
)
from customer_registry.operations.recode import recode
from customer_registry.operations.report import AuditReport, report
from customer_registry.operations.reveal import reveal
from customer_registry.operations.rotate import rotate
from customer_registry.operations.scrub import scrub
from customer_registry.operations.seal import seal
from customer_registry.operations.verify import Agreement, Disagreement, verify
from customer_registry.operations.watching import Alert, Detector, Watched, watch

__all__ = [
    "Agreement",
    "Alert",
    "AuditReport",
    "Copied",
    "Detector",
    "Disagreement",
    "Erasure",
    "HeadFile",
    "Health",
    "LedgerEntry",
    "Manifest",
    "NumberState",
    "NumberingAudit",
    "Overdue",
    "RangeAudit",
    "Repair",
    "SubjectExport",
    "Waiting",
    "Watched",
    "address_for",
    "approve",
    "audit_numbering",
    "backup",
    "copy",
    "erase",
    "export",
    "export_subject",
    "head",
    "health",
    "hold",
    "mark_verified",
    "number_ledger",
    "pending",
    "preview_code",
    "propose_codes",
    "raise_numbers",
    "recode",
    "reject",
    "release",
    "release_code",
    "repair_numbering",
    "report",
    "restore",
    "restrict",
    "retention",
    "reveal",
    "rotate",
    "scrub",
    "seal",
    "unapprove",
    "unrestrict",
    "verify",
    "verify_backup",
    "watch",
]
