import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.validation.rules.invoice import (
    chosen_invoice_can_be_written,
    invoiced_company_has_a_tax_number,
)

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


NAME = PartyName("上海浦江贸易有限公司")


def lacking(invoice_type, *, kind="organization", identifiers=CODE, **parts):
    profile = InvoiceProfile(invoice_type=invoice_type, **parts)
    return list(chosen_invoice_can_be_written(kind, NAME, identifiers, profile))


def test_a_special_invoice_on_paper_wants_all_that_stands_on_it():
    (issue,) = lacking("专票", phone="021-62345678")
    assert (issue.code, issue.severity) == ("invoice.incomplete", Severity.WARNING)
    assert issue.line("zh") == "开票信息：开具专票还缺少：地址、开户行、账号"
    assert issue.line("en") == (
        "Invoice profile: address, bank, account still missing for a special VAT invoice"
    )


@pytest.mark.parametrize("invoice_type", [None, "普票", "数电专票", "电子发票", "看情况"])
def test_name_and_number_of_the_customer_are_enough_for_the_others(invoice_type):
    assert not lacking(invoice_type)


def test_a_missing_tax_number_of_a_company_is_told_once():
    assert not lacking("数电专票", identifiers=())


def test_a_person_who_wants_a_special_invoice_gives_a_tax_number():
    (issue,) = lacking("数电专票", kind="person", identifiers=())
    assert issue.params["missing"] == ["invoice_profile.tax_number"]
    assert not lacking("数电普票", kind="person", identifiers=())


def test_nobody_to_be_invoiced_lacks_nothing():
    assert not list(chosen_invoice_can_be_written("organization", NAME, (), None))
