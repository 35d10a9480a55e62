"""The names of fields that a policy may use, place by place."""

from customer_registry.domain.customer import RawCustomer

__all__ = ["CODE_LISTS", "DEFAULTABLE", "FORMATTABLE", "REQUIRABLE"]

CODE_LISTS = (
    "category",
    "credit_rating",
    "department",
    "grade",
    "industry",
    "payment_method",
    "sales_region",
    "source",
    "tags",
)
"""The fields whose words a company may list."""

FORMATTABLE = (
    "category",
    "credit_rating",
    "department",
    "foreign_name",
    "grade",
    "industry",
    "legal_representative",
    "mnemonic",
    "name",
    "notes",
    "owner",
    "payment_method",
    "sales_region",
    "short_name",
    "source",
    "website",
)
"""The fields whose text a company may give a pattern or a length."""

_FIELDS = tuple(RawCustomer.__annotations__)

DEFAULTABLE = tuple(
    name
    for name in _FIELDS
    if name not in {"code", "kind", "name", "contact", "phone", "email", "address", "postal_code"}
)
"""The fields that a company may fill in where nothing was typed."""

REQUIRABLE = (*_FIELDS, "contacts.phones", "contacts.emails", "contacts.name")
"""The fields that a company may require, `contacts.…` of some contact."""
