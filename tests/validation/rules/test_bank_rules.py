import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.masked import Masked
from customer_registry.validation.rules import bank


def found(account):
    return [issue for rule in bank.RULES for issue in rule(account)]


@pytest.mark.parametrize(
    ("number", "cnaps", "codes"),
    [
        ("6228480012345671", None, []),
        ("6228480012345678", None, ["bank_card.luhn"]),
        ("1100 1234 5678 9012 345", None, []),
        ("62284800123456781", None, []),
        ("12345678", "102100099996", []),
        ("12345678", "102100099997", ["cnaps.check_digit"]),
    ],
)
def test_an_account_warns_of_what_wants_a_look(number, cnaps, codes):
    issues = found(BankAccount.parse(number, cnaps=cnaps))
    assert [issue.code for issue in issues] == codes
    assert all(issue.severity is Severity.WARNING for issue in issues)


def test_a_warning_stands_at_the_part_it_is_about():
    (issue,) = found(BankAccount.parse("6228480012345678"))
    assert issue.path == ("number",)


def test_a_masked_number_is_not_judged():
    assert found(BankAccount(number=Masked("************5678"))) == []
