"""The next version of a customer, made of the one before and what an edit touches."""

from datetime import datetime

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.registration.entries import with_entry_ids
from customer_registry.validation.judgement import Judgement

__all__ = ["VERIFIED_PARTS", "edited"]

VERIFIED_PARTS = frozenset({"identity_document", "kind", "name", "tax_identifiers"})
"""The fields that a verification rests on: who changes one is to be verified again."""


def edited(before: Customer, judgement: Judgement, now: datetime) -> Customer:
    """Return the next version of a customer, with what an edit touches."""
    changed = {name: judgement.facts[name] for name in judgement.touched}
    if judgement.touched & VERIFIED_PARTS:
        changed["verified_at"] = None
    version = before.version + 1
    return attrs.evolve(before, **with_entry_ids(changed, version), version=version, updated_at=now)
