"""The rules every registration answers to; a company silences, weighs, adds and subtracts."""

from customer_registry.validation.rule_set import RuleSet
from customer_registry.validation.rules import (
    addresses,
    bank,
    contacts,
    credit,
    duplicates,
    emails,
    identity,
    invoice,
    names,
    parents,
    phones,
    postal,
    tax_identifiers,
)

__all__ = ["STANDARD"]

STANDARD = RuleSet(
    rule
    for room in (
        names,
        phones,
        emails,
        contacts,
        addresses,
        postal,
        tax_identifiers,
        identity,
        invoice,
        bank,
        credit,
        parents,
        duplicates,
    )
    for rule in room.RULES
)
"""All rules of this package; `STANDARD + [rule]` and `STANDARD - [rule]` give another set."""
