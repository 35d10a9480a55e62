import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.validation.rules.invoice import invoiced_company_has_a_tax_number

TITLED = InvoiceProfile(title="上海浦江贸易有限公司")
CODE = (TaxIdentifier.parse("9144030071526726XG"),)


def test_a_company_to_be_invoiced_wants_a_tax_number():
    (issue,) = invoiced_company_has_a_tax_number("organization", (), TITLED)
    assert issue.code == "tax_id.required_for_invoice"
    assert issue.severity is Severity.WARNING
    assert issue.path == ("invoice_profile", "tax_number")


@pytest.mark.parametrize(
    ("kind", "identifiers", "profile"),
    [
        ("person", (), TITLED),
        ("organization", CODE, TITLED),
        ("organization", (), None),
        ("organization", (), InvoiceProfile(tax_number="9144030071526726XG")),
    ],
)
def test_persons_and_those_who_gave_a_number_want_none(kind, identifiers, profile):
    assert not list(invoiced_company_has_a_tax_number(kind, identifiers, profile))
