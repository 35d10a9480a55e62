import pytest

from customer_registry.domain.issues import Severity
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.validation.rules import credit


def test_a_negative_credit_limit_blocks():
    (issue,) = credit.credit_limit_is_not_negative(Money.parse("-1"))
    assert (issue.code, issue.severity) == ("credit.negative", Severity.ERROR)


@pytest.mark.parametrize("limit", [None, Money.parse("0"), Money.parse("20万")])
def test_no_limit_no_credit_and_an_amount_are_all_right(limit):
    assert not list(credit.credit_limit_is_not_negative(limit))


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("月结30天", ["payment_term.ambiguous"]),
        ("按合同", ["payment_term.unknown"]),
        ("款到发货", []),
        ("货到付款", []),
        ("预付30%，发货前付70%", []),
    ],
)
def test_terms_warn_when_they_mean_nothing_or_too_much(typed, codes):
    terms = PaymentTerms.parse(typed)
    issues = [
        *credit.payment_terms_are_understood(terms),
        *credit.payment_terms_have_one_reading(terms),
    ]
    assert [issue.code for issue in issues] == codes
    assert all(typed in issue.line("zh") for issue in issues)
    assert all(issue.severity is Severity.WARNING for issue in issues)


def test_no_terms_are_not_judged():
    assert not list(credit.payment_terms_are_understood(None))
    assert not list(credit.payment_terms_have_one_reading(None))
