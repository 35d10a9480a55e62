"""What every store does alike with what receipts say."""

from customer_registry.domain.issues import Issue
from customer_registry.domain.values.code import CustomerCode

__all__ = ["without"]


def without(code: CustomerCode, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Return the issues that do not name the customer with a code."""
    return tuple(issue for issue in issues if issue.params.get("code") != code.text)
