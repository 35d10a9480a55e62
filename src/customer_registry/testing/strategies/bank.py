"""Bank accounts, cards and the codes that route money to them.

Cards carry the numbers that card networks publish for tests (620000, 4111 1111, 5555 5555);
accounts abroad are of the bank in the examples of ISO 13616.
"""

from customer_registry.domain.values.bank import (
    BankAccount,
    bic_code,
    cnaps_check_ok,
    cnaps_code,
    luhn_ok,
)
from customer_registry.testing.strategies.typed import Typed, digits, spaced, st

__all__ = ["bank_accounts", "bank_cards", "bic_codes", "cnaps_codes"]


def _card(body: str) -> str:
    return next(body + last for last in "0123456789" if luhn_ok(body + last))


def _iban(account: str) -> str:
    """Put the check digits of ISO 7064 MOD 97-10 before an account of the example bank."""
    letters = "".join(str(int(char, 36)) for char in f"WEST{account}GB00")
    return f"GB{98 - int(letters) % 97:02}WEST{account}"


_CARDS = st.one_of(digits(9), digits(12)).map("620000{}".format).map(_card)
_IBANS = digits(14).map(_iban)

bank_cards: Typed[BankAccount] = Typed(
    parse=BankAccount.parse,
    dressed=spaced,
    sound=_CARDS,
    edges=st.one_of(
        st.sampled_from(("4111111111111111", "5555555555554444", "6200000000000005")),
        _CARDS.map(lambda number: number[:-1] + str((int(number[-1]) + 1) % 10)),
    ),
    wrong=st.one_of(
        _CARDS.map(lambda number: number[:7]),
        _CARDS.map(lambda number: number[:6] + "******" + number[-4:]),
        _CARDS.map(lambda number: f"{number[:3]}O{number[4:]}"),
    ),
)
"""Card numbers right by ISO/IEC 7812; at the edge some that are not, which only warns."""

bank_accounts: Typed[BankAccount] = Typed(
    parse=BankAccount.parse,
    dressed=spaced,
    sound=st.one_of(digits(12, 21), _CARDS, _IBANS),
    edges=st.one_of(digits(8), digits(32), st.just("GB82WEST12345698765432")),
    wrong=st.one_of(
        digits(1, 7),
        digits(33, 40),
        _IBANS.map(lambda number: f"{number[:2]}{(int(number[2:4]) + 1) % 97:02}{number[4:]}"),
        bank_cards.wrong,
    ),
)
"""Account numbers of China and IBANs."""


def _cnaps(body: str) -> str:
    return next(body + last for last in "0123456789" if cnaps_check_ok(body + last))


_CNAPS = st.builds(
    lambda bank, tail: _cnaps(bank + tail), st.sampled_from(("102", "103", "104", "105")), digits(8)
)

cnaps_codes: Typed[str] = Typed(
    parse=cnaps_code,
    dressed=spaced,
    sound=_CNAPS,
    edges=st.one_of(st.just("102100099996"), digits(12)),
    wrong=st.one_of(
        _CNAPS.map(lambda code: code[1:]),
        _CNAPS.map(lambda code: f"{code}0"),
        _CNAPS.map(lambda code: f"A{code[1:]}"),
    ),
)
"""Codes of the payment system (联行号); at the edge some with a wrong check digit, which warns."""

_BICS = st.sampled_from(("ICBKCNBJ", "BKCHCNBJ", "DEUTDEFF", "CHASUS33", "ABOCCNBJ110"))

bic_codes: Typed[str] = Typed(
    parse=bic_code,
    dressed=spaced,
    sound=_BICS,
    edges=st.sampled_from(("AAAAAA00", "ZZZZZZZZZZZ")),
    wrong=st.one_of(
        _BICS.map(lambda code: code[:7]),
        _BICS.map(lambda code: f"{code[:4]}1{code[5:]}"),
        _BICS.map(lambda code: f"{code}XXXX"),
    ),
)
"""Business identifier codes (ISO 9362)."""
