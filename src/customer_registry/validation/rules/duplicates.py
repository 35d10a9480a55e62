"""Rules about two customers that share what only one should have."""

from collections.abc import Iterator
from uuid import UUID

from customer_registry.domain.customer import Customer, PartyKind
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.policy import DUPLICATE_CODES, CompanyPolicy, Unique
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.repository import Key
from customer_registry.validation.holders import Holders

__all__ = ["RULES", "duplicate"]

_NEAR = 0.85
_CANDIDATES = 20
"""As many of those that sound alike as are looked at; the oldest."""


def duplicate(key: Key, holder: Customer, severity: Severity = Severity.ERROR) -> Issue:
    """Return the issue that names the customer who already has a key."""
    params = {"code": str(holder.code), "name": str(holder.name), "value": str(holder.code)}
    return Issue(DUPLICATE_CODES.get(key.field, "code.duplicate"), severity=severity, params=params)


def tax_identifier_is_free(
    tax_identifier: TaxIdentifier, customers: Holders, this: UUID, policy: CompanyPolicy
) -> Iterator[Issue]:
    """A tax number belongs to one customer."""
    yield from _others(Key.of(tax_identifier), customers, this, policy)


def identity_document_is_free(
    identity_document: IdentityDocument | None,
    customers: Holders,
    this: UUID,
    policy: CompanyPolicy,
) -> Iterator[Issue]:
    """An identity document belongs to one customer."""
    if identity_document is not None:
        yield from _others(Key.of(identity_document), customers, this, policy)


def name_is_free(
    name: PartyName, kind: PartyKind, customers: Holders, this: UUID, policy: CompanyPolicy
) -> Iterator[Issue]:
    """Organisations are seldom called alike; persons often are."""
    yield from _others(Key.of_name(name, kind), customers, this, policy)


def name_is_not_nearly_taken(
    name: PartyName,
    kind: PartyKind,
    tax_identifiers: tuple[TaxIdentifier, ...],
    customers: Holders,
    this: UUID,
) -> Iterator[Issue]:
    """Organisations that are nearly called alike may be one, unless their tax numbers differ."""
    key = Key.of_sound(name, kind)
    others = () if key is None else customers.called(key, limit=_CANDIDATES)
    if not others:
        return
    from customer_registry.domain.values.likeness import (  # noqa: PLC0415  most names are like none
        likeness,
    )

    near = [
        (likeness(name.text, called), other)
        for other, called in others
        if other != this and PartyName(called).key != name.key
    ]
    near = sorted((each for each in near if each[0] >= _NEAR), key=lambda each: -each[0])
    score, other = next(
        ((score, other) for score, near_by in near if (other := customers.get(near_by))),
        (0.0, None),
    )
    if other is not None:
        same_core = other.name.key2 == name.key2
        if same_core or not _are_two(tax_identifiers, other.tax_identifiers):
            params = {"code": str(other.code), "name": str(other.name), "score": round(score * 100)}
            yield Issue("name.similar", severity=Severity.WARNING, params=params)


def phone_is_free(
    phone: PhoneNumber, customers: Holders, this: UUID, policy: CompanyPolicy
) -> Iterator[Issue]:
    """Two customers with one phone number may be one customer."""
    yield from _others(Key.of(phone), customers, this, policy)


def email_is_free(
    email: EmailAddress, customers: Holders, this: UUID, policy: CompanyPolicy
) -> Iterator[Issue]:
    """Two customers with one e-mail address may be one customer."""
    yield from _others(Key.of(email), customers, this, policy)


def _are_two(ours: tuple[TaxIdentifier, ...], theirs: tuple[TaxIdentifier, ...]) -> bool:
    """Whether two customers have numbers of one scheme, and none in common."""
    schemes = {each.scheme for each in ours} & {each.scheme for each in theirs}
    shared = {each.key for each in ours} & {each.key for each in theirs}
    return bool(schemes) and not shared


def _others(
    key: Key | None, customers: Holders, this: UUID, policy: CompanyPolicy
) -> Iterator[Issue]:
    """Yield one issue for the first other holder of a key, weighed as the company decided."""
    unique = Unique.OFF if key is None else policy.uniqueness(key.field)
    if key is None or unique is Unique.OFF:
        return
    severity = Severity.ERROR if unique is Unique.BLOCK else Severity.WARNING
    for other in customers.holding(key, limit=2):
        if other.id != this:
            yield duplicate(key, other, severity)
            return


RULES = (
    tax_identifier_is_free,
    identity_document_is_free,
    name_is_free,
    name_is_not_nearly_taken,
    phone_is_free,
    email_is_free,
)
