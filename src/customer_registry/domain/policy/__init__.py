"""What a company decides for its customers."""

from customer_registry.domain.policy.company import CompanyPolicy
from customer_registry.domain.policy.custom_field import CustomField, FieldType
from customer_registry.domain.policy.fixed_codes import FIXED_CODES
from customer_registry.domain.policy.names import CODE_LISTS
from customer_registry.domain.policy.text_format import TextFormat
from customer_registry.domain.policy.uniqueness import DUPLICATE_CODES, UNIQUE_KEYS, Unique

__all__ = [
    "CODE_LISTS",
    "DUPLICATE_CODES",
    "FIXED_CODES",
    "UNIQUE_KEYS",
    "CompanyPolicy",
    "CustomField",
    "FieldType",
    "TextFormat",
    "Unique",
]
