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
        ("GB82 WEST 1234 5698 7654 32", None, []),
        ("DE29 1234 5678 9012 3456", None, ["iban.length"]),
        ("XX57WEST12345698765432", None, ["iban.country"]),
    ],
)
def test_an_account_warns_of_what_wants_a_look(number, cnaps, codes):
    issues = found(BankAccount.parse(number, cnaps=cnaps, bank="中国工商银行"))
    assert [issue.code for issue in issues] == codes
    assert all(issue.severity is Severity.WARNING for issue in issues)


def test_a_warning_stands_at_the_part_it_is_about():
    (issue,) = found(BankAccount.parse("6228480012345678"))
    assert issue.path == ("number",)


def test_a_missing_bank_is_suggested_by_a_sound_cnaps_code():
    (issue,) = found(BankAccount.parse("12345678", cnaps="102100099996"))
    assert (issue.code, issue.path, issue.severity) == ("cnaps.bank", ("bank",), Severity.INFO)
    assert issue.suggestion == "中国工商银行"
    (issue,) = found(BankAccount.parse("12345678", cnaps="102100099997"))
    assert issue.code == "cnaps.check_digit"


def test_a_masked_number_is_not_judged():
    assert found(BankAccount(number=Masked("************5678"))) == []


@pytest.mark.parametrize(("bic", "codes"), [("ICBKCNBJ", []), ("ICBKQQBJ", ["bic.country"])])
def test_a_bic_warns_of_a_country_that_is_none(bic, codes):
    issues = found(BankAccount.parse("6228480012345671", bic=bic, bank="中国工商银行"))
    assert [issue.code for issue in issues] == codes


@pytest.mark.parametrize(
    ("account", "params"),
    [
        (
            BankAccount.parse("DE29 1234 5678 9012 3456"),
            {"country": "DE", "expected": 22, "len": 20},
        ),
        (
            BankAccount.parse("XX57WEST12345698765432"),
            {"country": "XX"},
        ),
        (BankAccount.parse("12345678", bic="ICBKQQBJ"), {"value": "QQ"}),
        (BankAccount.parse("12345678", cnaps="102100099996"), {"bank": "中国工商银行"}),
    ],
    ids=["iban", "iban of nowhere", "bic", "cnaps"],
)
def test_a_warning_tells_what_was_found_and_what_was_expected(account, params):
    (issue,) = found(account)
    assert issue.params == params
