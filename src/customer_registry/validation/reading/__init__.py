"""From typed fields to sound values: one reader per field, everything wrong said at once.

A reader takes what was typed, its scene and the stored value it would replace. It returns the
value, None for nothing, and says what is wrong at the scene, which has then `failed`.
"""

from collections.abc import Mapping

from customer_registry.validation.reading import (
    addresses,
    basics,
    commerce,
    consents,
    contacts,
    custom,
    numbers,
)
from customer_registry.validation.reading.typed import Reader

__all__ = ["READERS"]

READERS: Mapping[str, Reader] = {
    "id": basics.read_echo,
    "version": basics.read_echo,
    "code": basics.read_code,
    "status": basics.read_status,
    "kind": basics.read_kind,
    "name": basics.read_name,
    "short_name": basics.short(),
    "foreign_name": basics.short(200),
    "mnemonic": basics.read_mnemonic,
    "contacts": contacts.read_contacts,
    "addresses": addresses.read_addresses,
    "tax_identifiers": numbers.read_tax_identifiers,
    "identity_document": numbers.read_identity_document,
    "bank_accounts": numbers.read_bank_accounts,
    "invoice_profile": numbers.read_invoice_profile,
    "grade": basics.listed("grade"),
    "credit_rating": basics.listed("credit_rating"),
    "credit_limit": commerce.read_credit_limit,
    "payment_terms": commerce.read_payment_terms,
    "payment_method": basics.listed("payment_method"),
    "currency": commerce.read_currency,
    "tags": basics.read_tags,
    "category": basics.listed("category"),
    "industry": basics.listed("industry"),
    "source": basics.listed("source"),
    "owner": basics.short(),
    "department": basics.listed("department"),
    "sales_region": basics.listed("sales_region"),
    "parent": basics.read_parent,
    "website": basics.read_website,
    "legal_representative": contacts.read_person,
    "notes": basics.read_notes,
    "consents": consents.read_consents,
    "custom": custom.read_custom,
}
"""The reader of every field, in the order of the form."""
