"""Hypothesis strategies for what people type, sound or not, and for sound values and customers.

Each kind of text is called for sound spellings, `usccs()`; it has `untidy()` ones, those at the
`boundary()`, `invalid()` ones, and its `values()`.
"""

from customer_registry.testing.strategies.bank import (
    bank_accounts,
    bank_cards,
    bic_codes,
    cnaps_codes,
)
from customer_registry.testing.strategies.commerce import customer_codes, money, payment_terms
from customer_registry.testing.strategies.customer import (
    contacts,
    customers,
    invalid_raw_customers,
    invoice_profiles,
    raw_customers,
)
from customer_registry.testing.strategies.email import emails
from customer_registry.testing.strategies.identifiers import (
    hk_business_numbers,
    hk_ids,
    identity_documents,
    macau_tax_numbers,
    org_codes,
    resident_ids,
    taiwan_business_numbers,
    tax_identifiers,
    taxpayer_numbers,
    usccs,
)
from customer_registry.testing.strategies.phone import (
    foreign_phones,
    hotlines,
    iot_numbers,
    landlines,
    mobiles,
    phones,
    service_numbers,
)
from customer_registry.testing.strategies.places import addresses, countries, postal_codes
from customer_registry.testing.strategies.typed import Typed
from customer_registry.testing.strategies.words import (
    lines,
    organization_names,
    party_names,
    person_names,
    unreadable,
)

__all__ = [
    "Typed",
    "addresses",
    "bank_accounts",
    "bank_cards",
    "bic_codes",
    "cnaps_codes",
    "contacts",
    "countries",
    "customer_codes",
    "customers",
    "emails",
    "foreign_phones",
    "hk_business_numbers",
    "hk_ids",
    "hotlines",
    "identity_documents",
    "invalid_raw_customers",
    "invoice_profiles",
    "iot_numbers",
    "landlines",
    "lines",
    "macau_tax_numbers",
    "mobiles",
    "money",
    "org_codes",
    "organization_names",
    "party_names",
    "payment_terms",
    "person_names",
    "phones",
    "postal_codes",
    "raw_customers",
    "resident_ids",
    "service_numbers",
    "taiwan_business_numbers",
    "tax_identifiers",
    "taxpayer_numbers",
    "unreadable",
    "usccs",
]
