"""What an invoice to the customer says about the customer (开票信息)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self

import attrs

from customer_registry.domain.values.masked import Masked, sensitive
from customer_registry.domain.values.text import match_key

__all__ = ["InvoiceProfile", "InvoiceType"]


class InvoiceType(StrEnum):
    """The kinds of VAT invoices: ordinary 普票 or special 专票; on paper, electronic, digital 数电.

    `electronic` ones came from tax-control devices, `digital` ones come from the tax office itself.

    >>> InvoiceType.meant("电子发票（增值税专用发票）")
    <InvoiceType.DIGITAL_SPECIAL: 'digital_special'>
    """

    ORDINARY = "ordinary"
    SPECIAL = "special"
    ELECTRONIC_ORDINARY = "electronic_ordinary"
    ELECTRONIC_SPECIAL = "electronic_special"
    DIGITAL_ORDINARY = "digital_ordinary"
    DIGITAL_SPECIAL = "digital_special"

    @classmethod
    def meant(cls, word: str) -> Self | None:
        """Return the type that a word of the trade means: 专票, 数电普票, special VAT invoice.

        数电票 or 电子发票 alone is the ordinary one. None for a company's own word.
        """
        found = re.fullmatch(_TYPE, _bare(word))
        if not found or not (found["medium"] or found["sort"]):
            return None
        sort = "special" if found["sort"] in _SPECIAL else "ordinary"
        medium = _MEDIUMS[found["medium"] or "纸"]
        return cls(f"{medium}_{sort}" if medium else sort)

    @property
    def is_special(self) -> bool:
        """Whether the buyer may deduct the tax."""
        return self.value.endswith("special")


@attrs.frozen(kw_only=True)
class InvoiceProfile:
    """Title, tax number, address, phone, bank, account, type and mailbox for invoices.

    All of it is optional. `missing_for` says what an invoice of some type lacks.

    >>> InvoiceProfile(title="上海浦江贸易有限公司", bank="中国工商银行", account="1001234567890")
    InvoiceProfile(bank='中国工商银行', invoice_type=None)
    """

    title: str | Masked | None = attrs.field(default=None, repr=False)
    tax_number: str | Masked | None = sensitive(default=None)
    address: str | Masked | None = attrs.field(default=None, repr=False)
    phone: str | Masked | None = attrs.field(default=None, repr=False)
    bank: str | Masked | None = None
    account: str | Masked | None = sensitive(default=None)
    invoice_type: str | None = None
    email: str | Masked | None = attrs.field(default=None, repr=False)

    def missing_for(self, invoice_type: str, *, kind: str = "organization") -> tuple[str, ...]:
        """Return the parts that an invoice of this type asks for and the profile lacks.

        A person's ordinary invoice needs a title alone, a company's its tax number too (STA
        announcement 2017 No. 16). A special one from a tax-control device shows address, phone,
        bank and account of the buyer as well (国税发〔2006〕156号), on a digital one these are
        optional (STA announcement 2024 No. 11). Raises ValueError for another type.

        >>> profile = InvoiceProfile(title="上海浦江贸易有限公司", tax_number="91310000132204571A")
        >>> profile.missing_for("digital_special"), profile.missing_for("special")
        ((), ('address', 'phone', 'bank', 'account'))
        """
        wanted = InvoiceType(invoice_type)
        needed = ["title"]
        if wanted.is_special or kind != "person":
            needed.append("tax_number")
        if wanted in _SHOWING_ALL:
            needed += ["address", "phone", "bank", "account"]
        return tuple(part for part in needed if not getattr(self, part))


_SHOWING_ALL = frozenset({InvoiceType.SPECIAL, InvoiceType.ELECTRONIC_SPECIAL})
_SPECIAL = frozenset({"专", "专票", "special"})
_MEDIUMS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("纸", "纸票", "paper"), ""),
        **dict.fromkeys(("电", "电子", "electronic", "e"), "electronic"),
        **dict.fromkeys(("数电", "数电票", "数电纸", "数电纸票", "电子票", "digital"), "digital"),
    }
)
_LONGEST = 100
_NOISE = r"[\s()（）\-_]|增值税|invoices?|fapiao|vat|fully"
_SYNONYMS = (
    ("发票", "票"),
    ("专用", "专"),
    ("普通", "普"),
    ("纸质", "纸"),
    ("全面数字化的", "数"),
    ("全面数字化", "数电"),
    ("数电子", "数电"),
    ("数字化", "数"),
    ("全电", "数电"),
    ("general", "ordinary"),
    ("regular", "ordinary"),
    ("normal", "ordinary"),
    ("plain", "ordinary"),
)
_TYPE = (
    "(?P<medium>数电纸票|数电纸|数电票|数电|电子票|电子|电|纸票|纸|paper|electronic|digital|e(?=[so]))?"
    "(?P<sort>专票|普票|专|普|special|ordinary)?"
)


def _bare(word: str) -> str:
    """Return a word without what all invoices have in common, its synonyms made one."""
    if len(word) > _LONGEST:
        return ""
    text = re.sub(_NOISE, "", match_key(word))
    for said, meant in _SYNONYMS:
        text = text.replace(said, meant)
    return text
