"""Register customers inside your own ERP: everything but the screens.

The names below are the public ones; each is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from customer_registry.domain.access import ACTIONS, AccessPolicy, Actor, Sight
    from customer_registry.domain.access.roles import AccessRules, Role
    from customer_registry.domain.codes.levels import LevelCodes
    from customer_registry.domain.codes.pattern import CodeParts, CodePattern
    from customer_registry.domain.codes.policy import (
        CodeContext,
        CodePolicy,
        Guarantee,
        ManualCodes,
    )
    from customer_registry.domain.codes.reservation import ReservationRules
    from customer_registry.domain.codes.rules import CodeRule, CodeRules
    from customer_registry.domain.customer import (
        Customer,
        CustomerStatus,
        PartyKind,
        RawCustomer,
        StaleVersion,
    )
    from customer_registry.domain.errors import (
        BackupDamaged,
        CodesExhausted,
        CommitOutcomeUnknown,
        CustomerNotFound,
        IdempotencyConflict,
        InvalidCursor,
        InvalidValue,
        KeyUnavailable,
        MissingExtra,
        NotPermitted,
        OlderBackup,
        PolicyError,
        RegistryError,
        RetryTransaction,
        SchemaTooNew,
        SchemaTooOld,
        StorageBusy,
        StorageCorrupt,
        StorageError,
        StorageForeign,
        StorageFull,
        StorageMissing,
        StorageOccupied,
        StorageUnavailable,
        TamperedRecord,
        UnreadableFile,
        ValidationFailed,
        WrongBackupKey,
    )
    from customer_registry.domain.issues import Issue, Report, Severity
    from customer_registry.domain.journal import Change, Head, JournalEntry
    from customer_registry.domain.policy import CompanyPolicy, CustomField, FieldType, TextFormat
    from customer_registry.domain.values.address import PostalAddress
    from customer_registry.domain.values.bank import BankAccount
    from customer_registry.domain.values.code import CustomerCode
    from customer_registry.domain.values.contact import Contact
    from customer_registry.domain.values.country import CountryCode
    from customer_registry.domain.values.email import EmailAddress
    from customer_registry.domain.values.identity import IdentityDocument
    from customer_registry.domain.values.invoice import InvoiceProfile
    from customer_registry.domain.values.likeness import likeness
    from customer_registry.domain.values.masked import Masked
    from customer_registry.domain.values.masks import mask
    from customer_registry.domain.values.mnemonic import mnemonic
    from customer_registry.domain.values.money import Money
    from customer_registry.domain.values.name import PartyName
    from customer_registry.domain.values.phone import PhoneKind, PhoneLevel, PhoneNumber
    from customer_registry.domain.values.tax import TaxIdentifier
    from customer_registry.domain.values.terms import PaymentTerms
    from customer_registry.domain.verification import Verification, Verifier
    from customer_registry.operations.head import HeadFile
    from customer_registry.registration.changes import Changes
    from customer_registry.registration.load import LoadReport, RowReport
    from customer_registry.registration.reserving import ReservedCode
    from customer_registry.registry import CustomerRegistry
    from customer_registry.repository import Page, Receipt, Repository
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.storage.memory import InMemoryRepository
    from customer_registry.storage.postgres import PostgresRepository
    from customer_registry.storage.sqlite import SQLiteRepository
    from customer_registry.validation.forms import describe_form
    from customer_registry.validation.holders import Holders
    from customer_registry.validation.rule_set import RuleSet
    from customer_registry.validation.rules import STANDARD

__all__ = [
    "ACTIONS",
    "STANDARD",
    "AccessPolicy",
    "AccessRules",
    "Actor",
    "BackupDamaged",
    "BankAccount",
    "Change",
    "Changes",
    "CodeContext",
    "CodeParts",
    "CodePattern",
    "CodePolicy",
    "CodeRule",
    "CodeRules",
    "CodesExhausted",
    "CommitOutcomeUnknown",
    "CompanyPolicy",
    "Contact",
    "CountryCode",
    "CustomField",
    "Customer",
    "CustomerCode",
    "CustomerNotFound",
    "CustomerRegistry",
    "CustomerStatus",
    "EmailAddress",
    "FieldType",
    "Guarantee",
    "Head",
    "HeadFile",
    "Holders",
    "IdempotencyConflict",
    "IdentityDocument",
    "InMemoryRepository",
    "InvalidCursor",
    "InvalidValue",
    "InvoiceProfile",
    "Issue",
    "JournalEntry",
    "KeyUnavailable",
    "Keyring",
    "LevelCodes",
    "LoadReport",
    "ManualCodes",
    "Masked",
    "MissingExtra",
    "Money",
    "NotPermitted",
    "OlderBackup",
    "Page",
    "PartyKind",
    "PartyName",
    "PaymentTerms",
    "PhoneKind",
    "PhoneLevel",
    "PhoneNumber",
    "PolicyError",
    "PostalAddress",
    "PostgresRepository",
    "RawCustomer",
    "Receipt",
    "RegistryError",
    "Report",
    "Repository",
    "ReservationRules",
    "ReservedCode",
    "RetryTransaction",
    "Role",
    "RowReport",
    "RuleSet",
    "SQLiteRepository",
    "SchemaTooNew",
    "SchemaTooOld",
    "Severity",
    "Sight",
    "StaleVersion",
    "StorageBusy",
    "StorageCorrupt",
    "StorageError",
    "StorageForeign",
    "StorageFull",
    "StorageMissing",
    "StorageOccupied",
    "StorageUnavailable",
    "TamperedRecord",
    "TaxIdentifier",
    "TextFormat",
    "UnreadableFile",
    "ValidationFailed",
    "Verification",
    "Verifier",
    "WrongBackupKey",
    "describe_form",
    "likeness",
    "mask",
    "mnemonic",
]

_ROOMS = {
    "domain.access": "ACTIONS AccessPolicy Actor Sight",
    "domain.access.roles": "AccessRules Role",
    "domain.codes.levels": "LevelCodes",
    "domain.codes.pattern": "CodeParts CodePattern",
    "domain.codes.policy": "CodeContext CodePolicy Guarantee ManualCodes",
    "domain.codes.reservation": "ReservationRules",
    "domain.codes.rules": "CodeRule CodeRules",
    "domain.customer": "Customer CustomerStatus PartyKind RawCustomer StaleVersion",
    "domain.errors": (
        "BackupDamaged CodesExhausted CommitOutcomeUnknown CustomerNotFound IdempotencyConflict "
        "InvalidCursor InvalidValue KeyUnavailable MissingExtra NotPermitted OlderBackup "
        "PolicyError RegistryError RetryTransaction SchemaTooNew SchemaTooOld StorageBusy "
        "StorageCorrupt StorageError StorageForeign StorageFull StorageMissing "
        "StorageOccupied StorageUnavailable TamperedRecord UnreadableFile ValidationFailed "
        "WrongBackupKey"
    ),
    "domain.issues": "Issue Report Severity",
    "domain.journal": "Change Head JournalEntry",
    "domain.policy": "CompanyPolicy CustomField FieldType TextFormat",
    "domain.values.address": "PostalAddress",
    "domain.values.bank": "BankAccount",
    "domain.values.code": "CustomerCode",
    "domain.values.contact": "Contact",
    "domain.values.country": "CountryCode",
    "domain.values.email": "EmailAddress",
    "domain.values.identity": "IdentityDocument",
    "domain.values.invoice": "InvoiceProfile",
    "domain.values.likeness": "likeness",
    "domain.values.masked": "Masked",
    "domain.values.masks": "mask",
    "domain.values.mnemonic": "mnemonic",
    "domain.values.money": "Money",
    "domain.values.name": "PartyName",
    "domain.values.phone": "PhoneKind PhoneLevel PhoneNumber",
    "domain.values.tax": "TaxIdentifier",
    "domain.values.terms": "PaymentTerms",
    "domain.verification": "Verification Verifier",
    "operations.head": "HeadFile",
    "registration.changes": "Changes",
    "registration.load": "LoadReport RowReport",
    "registration.reserving": "ReservedCode",
    "registry": "CustomerRegistry",
    "repository": "Page Receipt Repository",
    "sealing.keyring": "Keyring",
    "storage.memory": "InMemoryRepository",
    "storage.postgres": "PostgresRepository",
    "storage.sqlite": "SQLiteRepository",
    "validation.forms": "describe_form",
    "validation.rule_set": "RuleSet",
    "validation.holders": "Holders",
    "validation.rules": "STANDARD",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOM_OF})
