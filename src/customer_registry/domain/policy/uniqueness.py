"""What happens when two customers share a key."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

__all__ = ["DUPLICATE_CODES", "UNIQUE_KEYS", "Unique"]


class Unique(StrEnum):
    """What happens when two customers share a key."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"


UNIQUE_KEYS: Mapping[str, Unique] = MappingProxyType(
    {
        "tax_identifier": Unique.BLOCK,
        "identity_document": Unique.BLOCK,
        "organization_name": Unique.WARN,
        "person_name": Unique.OFF,
        "phone": Unique.WARN,
        "email": Unique.WARN,
    }
)
"""The keys that duplicates are found by, and what happens where no company decides."""

DUPLICATE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "tax_identifier": "tax_id.duplicate",
        "identity_document": "identity.duplicate",
        "organization_name": "name.duplicate",
        "person_name": "name.duplicate",
        "phone": "phone.duplicate",
        "email": "email.duplicate",
    }
)
"""The issue that tells of a shared key."""
