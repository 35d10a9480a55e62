"""What an invoice to the customer says about the customer (开票信息)."""

import attrs

from customer_registry.domain.values.masked import Masked, sensitive

__all__ = ["InvoiceProfile"]


@attrs.frozen(kw_only=True)
class InvoiceProfile:
    """Title, tax number, address, phone, bank, account, type and mailbox for invoices.

    All of it is optional: a fully digital invoice (数电发票) needs title and tax number alone.

    >>> InvoiceProfile(title="上海浦江贸易有限公司", bank="中国工商银行", account="1001234567890")
    InvoiceProfile(bank='中国工商银行', invoice_type=None)
    """

    title: str | None = attrs.field(default=None, repr=False)
    tax_number: str | Masked | None = sensitive(default=None)
    address: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    bank: str | None = None
    account: str | Masked | None = sensitive(default=None)
    invoice_type: str | None = None
    email: str | None = attrs.field(default=None, repr=False)
