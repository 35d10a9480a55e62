"""What is done to a whole registry, now and then: functions that take a registry."""

from customer_registry.operations.address_for import address_for
from customer_registry.operations.verification import mark_verified
from customer_registry.operations.verify import Disagreement, Verification, verify

__all__ = ["Disagreement", "Verification", "address_for", "mark_verified", "verify"]
