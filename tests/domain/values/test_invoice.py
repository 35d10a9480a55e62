from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masked import is_sensitive


def test_a_profile_shows_nothing_of_a_person():
    profile = InvoiceProfile(
        title="王芳",
        tax_number="11010519491231002X",
        address="中关村大街27号",
        phone="13800138000",
        account="6228480012345671",
        email="w@example.com",
    )
    assert repr(profile) == "InvoiceProfile(bank=None, invoice_type=None)"


def test_account_and_tax_number_are_sensitive():
    assert is_sensitive(InvoiceProfile, "account")
    assert is_sensitive(InvoiceProfile, "tax_number")
    assert not is_sensitive(InvoiceProfile, "title")
