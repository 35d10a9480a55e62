"""A bank account with the codes that route money to it."""

import re
from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import bic, compact, iban
from customer_registry.domain.values.masked import Masked, sensitive
from customer_registry.domain.values.text import line

__all__ = [
    "BankAccount",
    "account_number",
    "bank_of",
    "bic_code",
    "cnaps_check_ok",
    "cnaps_code",
    "looks_like_personal_card",
    "luhn_ok",
]

_DIGITS = "(?:NRA|OSA|FT[EFINU])?[0-9]{8,32}"
"""With the marks of accounts of non-residents (NRA: PBoC 2010 No. 249, art. 6), of offshore ones
(OSA) and of the free trade zones (FTE, FTF, FTI, FTN, FTU)."""

_CNAPS = "[0-9]{12}"
_PERSONAL_CARD = "62[0-9]{14}|[45][0-9]{15}|62[0-9]{17}"
_BANKS = {
    "102": "中国工商银行",
    "103": "中国农业银行",
    "104": "中国银行",
    "105": "中国建设银行",
    "201": "国家开发银行",
    "202": "中国进出口银行",
    "203": "中国农业发展银行",
    "301": "交通银行",
    "302": "中信银行",
    "303": "中国光大银行",
    "304": "华夏银行",
    "305": "中国民生银行",
    "306": "广发银行",
    "307": "平安银行",
    "308": "招商银行",
    "309": "兴业银行",
    "310": "上海浦东发展银行",
    "315": "恒丰银行",
    "316": "浙商银行",
    "318": "渤海银行",
    "403": "中国邮政储蓄银行",
}


@attrs.frozen(kw_only=True)
class BankAccount:
    """An account: the bank's name, the number, the holder, and CNAPS code (联行号) or BIC.

    >>> account = BankAccount.parse("1100 1234 5678 9012 345", bank="中国工商银行")
    >>> account
    BankAccount(id=None, bank='中国工商银行', cnaps=None, bic=None)
    >>> str(account)
    '1100123456789012345'
    """

    id: str | None = None
    bank: str | Masked | None = None
    number: str | Masked = sensitive()
    holder: str | Masked | None = attrs.field(default=None, repr=False)
    cnaps: str | None = None
    bic: str | None = None

    @classmethod
    def parse(
        cls,
        number: str,
        *,
        bank: str | None = None,
        holder: str | None = None,
        cnaps: str | None = None,
        bic: str | None = None,
    ) -> Self:
        """Read an account from its parts; raises the InvalidValue of the first unsound one."""
        return cls(
            number=account_number(number),
            bank=line(bank or "") or None,
            holder=line(holder or "") or None,
            cnaps=cnaps_code(cnaps) if cnaps else None,
            bic=bic_code(bic) if bic else None,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of this account."""
        return not any((self.number, self.bank, self.holder, self.cnaps, self.bic))

    def __str__(self) -> str:
        return str(self.number)


def account_number(typed: str) -> str:
    """Return an account number of 8 to 32 digits, or an IBAN (ISO 13616).

    The digits may follow a mark of Chinese banks: NRA, OSA, FTE, FTF, FTI, FTN or FTU. Raises
    InvalidValue `bank_account.format` or `iban.check_digit`.

    >>> account_number("gb82 west 1234 5698 7654 32")
    'GB82WEST12345698765432'
    """
    number = compact(typed)
    return number if re.fullmatch(_DIGITS, number) else iban.canonical(number)


def cnaps_code(typed: str) -> str:
    """Return the 12 digits of a payment system code, 联行号; raises InvalidValue `cnaps.length`."""
    code = compact(typed)
    if not re.fullmatch(_CNAPS, code):
        raise InvalidValue("cnaps.length")
    return code


def cnaps_check_ok(code: str) -> bool:
    """Return whether the last digit is right by ISO 7064 MOD 11,10 (GB/T 17710).

    >>> cnaps_check_ok("102100099996")
    True
    """
    carried = 10
    for digit in code[:-1]:
        carried = ((carried + int(digit)) % 10 or 10) * 2 % 11
    return (carried + int(code[-1])) % 10 == 1


def bank_of(code: str) -> str | None:
    """Return the bank that a payment system code (联行号) begins with; None where many share it.

    >>> bank_of("102100099996")
    '中国工商银行'
    """
    return _BANKS.get(code[:3])


def bic_code(typed: str) -> str:
    """Return a business identifier code (ISO 9362) of 8 or 11 characters.

    Raises InvalidValue `bic.format`.

    >>> bic_code("icbkcnbj")
    'ICBKCNBJ'
    """
    return bic.canonical(typed)


def looks_like_personal_card(number: str) -> bool:
    """Return whether the number has the length and issuer digits of a personal bank card.

    Seventeen and eighteen digits are left out: account and passbook numbers have them too, as
    company accounts have nineteen that begin with 4.
    """
    return re.fullmatch(_PERSONAL_CARD, number) is not None


def luhn_ok(number: str) -> bool:
    """Return whether the last digit is right by ISO/IEC 7812 (Luhn).

    >>> luhn_ok("6228480012345671"), luhn_ok("6228480012345678")
    (True, False)
    """
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[::-2]) + sum(doubled)) % 10 == 0
