"""What is worth a second look at a tax number that is well formed."""

from collections.abc import Iterator, Sequence

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.identifiers import (
    abroad,
    cn_taxpayer,
    cn_uscc,
    eu_vat,
    hk_brn,
    mo_tax,
)
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.tax import NO_NUMBER, TaxIdentifier

__all__ = ["RULES"]


def uscc_category_is_known(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A credit code begins with an authority and category of the table of GB 32100-2015.

    Practice is ahead of the table: villagers' committees hold codes in 54 and 55.
    """
    number = _credit_code(tax_identifier)
    if number and not cn_uscc.category_known(number):
        yield _warning("uscc.category_unknown", value=cn_uscc.category(number))


def uscc_holds_a_sound_organization_code(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """The organisation code inside a credit code has its own right check character (GB 11714)."""
    number = _credit_code(tax_identifier)
    if number and not cn_uscc.inner_org_code_ok(number):
        yield _warning("uscc.org_code_check")


def taxpayer_number_is_current(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A company gives its credit code, not the 15 characters it replaced in 2015."""
    if _form(tax_identifier) == "legacy15":
        yield _warning("tax_id.legacy15")


def taxpayer_number_is_verified(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A taxpayer number holds a part that can be checked (STA announcement 2015 No. 66)."""
    if _form(tax_identifier).startswith("unverified"):
        yield _warning("tax_id.unverified")


def taxpayer_number_is_of_a_company(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A number made from a person's belongs to an individual business (STA 2015 No. 66)."""
    if _form(tax_identifier) in {"id15+2", "id18+2"}:
        yield _warning("tax_id.individual_business")


def taxpayer_number_is_permanent(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A number that begins with L was given to a temporary taxpayer (STA 2015 No. 66)."""
    if _form(tax_identifier).startswith("L+"):
        yield _warning("tax_id.temporary")


def tax_scheme_is_checked(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A tax number belongs to a scheme that is checked; others are kept, not checked.

    Those of other countries are checked where python-stdnum (extra `tax`) is installed.
    """
    scheme = tax_identifier.scheme
    if not (tax_identifier.is_checked or scheme == NO_NUMBER or abroad.can_check(scheme)):
        yield _warning("tax_id.not_checked", scheme=scheme)


def number_abroad_is_sound(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A tax number abroad has the form and check digits of its scheme (python-stdnum).

    Authorities give out new kinds of numbers sooner than any library knows, so this only warns.
    """
    number, scheme = tax_identifier.number, tax_identifier.scheme
    if tax_identifier.is_checked or isinstance(number, Masked) or not abroad.can_check(scheme):
        return
    if scheme == eu_vat.SCHEME and not eu_vat.fits(number):
        return  # another rule says so, and in better words
    try:
        abroad.canonical(number, scheme)
    except InvalidValue as refusal:
        yield _warning(refusal.code, **refusal.params)


def absence_of_a_number_stands_alone(tax_identifiers: Sequence[TaxIdentifier]) -> Iterator[Issue]:
    """Who states to have no tax number has none beside it."""
    absent = [one for one in tax_identifiers if one.scheme == NO_NUMBER]
    if absent and len(absent) < len(tax_identifiers):
        yield _warning("tax_id.none_beside_number")


def union_number_has_the_form_of_its_prefix(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A VAT number of the European Union has its member state's form (VIES, structure table)."""
    number = _number(tax_identifier, eu_vat.SCHEME)
    if number and not eu_vat.fits(number):
        yield _warning("eu_vat.format")


def one_stop_shop_number_is_of_a_firm_outside(
    tax_identifier: TaxIdentifier, addresses: Sequence[PostalAddress]
) -> Iterator[Issue]:
    """A VAT number with prefix EU belongs to a firm outside the Union (2006/112/EC, art. 358a)."""
    inside = [one.country for one in addresses if eu_vat.is_member(one.country)]
    number = tax_identifier.key if inside else ""
    if number.startswith(_OUTSIDE) and eu_vat.fits(number):
        yield _warning("eu_vat.outside_union", country=inside[0])


def macau_number_is_verified(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A Macau taxpayer number has no published check and wants a look at the papers."""
    if _number(tax_identifier, mo_tax.SCHEME):
        yield _warning("mo.unverified")


def hong_kong_number_is_current(tax_identifier: TaxIdentifier) -> Iterator[Issue]:
    """A Hong Kong business gives its registration number, not the company number it replaced.

    The business registration number is the Unique Business Identifier since 2023-12-27.
    """
    number = _number(tax_identifier, hk_brn.SCHEME)
    if number and hk_brn.looks_like_company_number(number):
        yield _warning("hk.looks_like_cr_number")


def _number(tax_identifier: TaxIdentifier, scheme: str) -> str | None:
    """Return the number if it is of this scheme and not masked."""
    number = tax_identifier.number
    return number if tax_identifier.scheme == scheme and isinstance(number, str) else None


def _credit_code(tax_identifier: TaxIdentifier) -> str | None:
    """Return a credit code, also where it stands as a taxpayer number, with or without its L."""
    if _form(tax_identifier) in {"uscc", "L+uscc"}:
        return str(tax_identifier.number).removeprefix("L")
    return _number(tax_identifier, cn_uscc.SCHEME)


def _form(tax_identifier: TaxIdentifier) -> str:
    number = _number(tax_identifier, cn_taxpayer.SCHEME)
    return cn_taxpayer.form(number) if number else ""


_OUTSIDE = "EU"


def _warning(code: str, **params: object) -> Issue:
    return Issue(code, severity=Severity.WARNING, params=params)


RULES = (
    uscc_category_is_known,
    uscc_holds_a_sound_organization_code,
    taxpayer_number_is_current,
    taxpayer_number_is_verified,
    taxpayer_number_is_of_a_company,
    taxpayer_number_is_permanent,
    tax_scheme_is_checked,
    number_abroad_is_sound,
    absence_of_a_number_stands_alone,
    union_number_has_the_form_of_its_prefix,
    one_stop_shop_number_is_of_a_firm_outside,
    macau_number_is_verified,
    hong_kong_number_is_current,
)
