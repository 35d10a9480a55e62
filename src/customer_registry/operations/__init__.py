"""What is done to a whole registry, now and then: functions that take a registry."""

from customer_registry.operations.address_for import address_for
from customer_registry.operations.mark_verified import mark_verified
from customer_registry.operations.verify import Agreement, Disagreement, verify

__all__ = ["Agreement", "Disagreement", "address_for", "mark_verified", "verify"]
