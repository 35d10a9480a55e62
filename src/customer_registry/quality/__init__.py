"""How good the stored customers are: what a second look finds."""

from customer_registry.quality.review import Finding, review

__all__ = ["Finding", "review"]
