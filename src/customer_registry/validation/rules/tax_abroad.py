"""Rules for numbers abroad, by python-stdnum (extra `tax`): a host that wants them adds them."""

from collections.abc import Iterator

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.identifiers import abroad
from customer_registry.domain.values.tax import NO_NUMBER, TaxIdentifier
from customer_registry.validation.rules import STANDARD
from customer_registry.validation.rules.tax_identifiers import tax_scheme_is_checked

__all__ = ["RULES", "WORLDWIDE"]


def number_abroad_is_sound(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A tax number abroad has the form and check digits of its scheme (python-stdnum).

    Raises MissingExtra without python-stdnum.
    """
    number, scheme = tax_identifier.number, tax_identifier.scheme
    if tax_identifier.is_checked or not isinstance(number, str) or not abroad.knows(scheme):
        return
    try:
        abroad.canonical(number, scheme)
    except InvalidValue as refusal:
        yield Issue(refusal.code, severity=Severity.WARNING, params=refusal.params)


def tax_scheme_is_checked_somewhere(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A tax number belongs to a scheme that this package or python-stdnum knows."""
    scheme = tax_identifier.scheme
    if scheme != NO_NUMBER and not abroad.knows(scheme):
        yield from tax_scheme_is_checked(tax_identifier)


RULES = (
    number_abroad_is_sound,
    tax_scheme_is_checked_somewhere,
)
WORLDWIDE = STANDARD - [tax_scheme_is_checked] + RULES
"""The standard rules with those above, which say themselves what is not checked."""
