"""What an invoice to this customer would lack."""

from collections.abc import Iterator

import attrs

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.invoice import InvoiceProfile, InvoiceType
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.tax import TaxIdentifier

__all__ = ["RULES"]


def invoiced_company_has_a_tax_number(
    kind: str,
    tax_identifiers: tuple[TaxIdentifier, ...],
    invoice_profile: InvoiceProfile | None,
) -> Iterator[Issue]:
    """An invoice to a company names its taxpayer number (STA announcement 2017 No. 16).

    Government bodies and social groups need none, so this only warns.
    """
    if invoice_profile is None or kind != "organization":
        return
    if not tax_identifiers and not invoice_profile.tax_number:
        path = ("invoice_profile", "tax_number")
        yield Issue("tax_id.required_for_invoice", path, Severity.WARNING)


def chosen_invoice_can_be_written(
    kind: str,
    name: PartyName,
    tax_identifiers: tuple[TaxIdentifier, ...],
    invoice_profile: InvoiceProfile | None,
) -> Iterator[Issue]:
    """Who wants a type of invoice has given what the law puts on it (国税发〔2006〕156号).

    The title is the customer's name where no other is given, the tax number the customer's own.
    """
    if invoice_profile is None or not invoice_profile.invoice_type:
        return
    wanted = InvoiceType.meant(invoice_profile.invoice_type)
    if wanted is None:
        return
    numbers = [str(each.number) for each in tax_identifiers]
    shown = attrs.evolve(
        invoice_profile,
        title=invoice_profile.title or str(name),
        tax_number=invoice_profile.tax_number or next(iter(numbers), None),
    )
    told = {"tax_number"} if kind == "organization" else set[str]()
    missing = [part for part in shown.missing_for(wanted, kind=kind) if part not in told]
    if missing:
        params = {"type": str(wanted), "missing": [f"invoice_profile.{part}" for part in missing]}
        yield Issue("invoice.incomplete", ("invoice_profile",), Severity.WARNING, params)


RULES = (
    invoiced_company_has_a_tax_number,
    chosen_invoice_can_be_written,
)
