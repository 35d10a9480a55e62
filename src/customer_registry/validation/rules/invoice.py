"""What an invoice to this customer would lack."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.invoice import InvoiceProfile
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


RULES = (invoiced_company_has_a_tax_number,)
