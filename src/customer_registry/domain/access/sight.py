"""How much of a field somebody may see."""

from enum import IntEnum

__all__ = ["MASKABLE", "Sight"]


class Sight(IntEnum):
    """What somebody may do with a field, each level with all below it.

    >>> Sight.MASKED < Sight.SEEN
    True
    """

    HIDDEN = 0
    MASKED = 1
    SEEN = 2
    EDITED = 3


MASKABLE = (
    "contacts",
    "addresses",
    "tax_identifiers",
    "identity_document",
    "bank_accounts",
    "invoice_profile",
    "credit_limit",
    "legal_representative",
    "notes",
    "custom",
)
"""The fields that can be masked and hidden, and below `custom` each field that a company adds.

Who sees a customer sees its other fields; of those a sight says whether they may be edited.
"""
