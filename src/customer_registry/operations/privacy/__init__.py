"""A person's rights: to see what is held, to have it kept from use, to have it erased."""

from customer_registry.operations.privacy.erase import Erasure, erase
from customer_registry.operations.privacy.export_subject import SubjectExport, export_subject
from customer_registry.operations.privacy.holding import hold, release, restrict, unrestrict
from customer_registry.operations.privacy.retention import Overdue, retention

__all__ = [
    "Erasure",
    "Overdue",
    "SubjectExport",
    "erase",
    "export_subject",
    "hold",
    "release",
    "restrict",
    "retention",
    "unrestrict",
]
