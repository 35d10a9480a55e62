"""What is done to a whole registry, now and then: functions that take a registry."""

from customer_registry.operations.verify import Disagreement, Verification, verify

__all__ = ["Disagreement", "Verification", "verify"]
