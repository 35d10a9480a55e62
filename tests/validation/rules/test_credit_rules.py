from decimal import Decimal

import pytest

from customer_registry import CustomerRegistry
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


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("月结60天", None),
        ("票到60天", None),
        ("货到2个月", None),
        ("月结90天", 90),
        ("net 61", 61),
        ("开票后3个月", 90),
        ("预付30%，余款货到90天", 90),
        ("预付90%，质保期满后365天付10%", None),
        ("按合同", None),
    ],
)
def test_terms_beyond_sixty_days_are_pointed_out(typed, days):
    issues = list(credit.payment_terms_keep_within_sixty_days(PaymentTerms.parse(typed)))
    assert [issue.params["days"] for issue in issues] == ([days] if days else [])
    assert all(issue.severity is Severity.INFO for issue in issues)


def test_no_terms_are_not_judged():
    assert not list(credit.payment_terms_keep_within_sixty_days(None))
    assert not list(credit.payment_terms_are_understood(None))
    assert not list(credit.payment_terms_have_one_reading(None))


def test_no_limit_is_not_controlled_and_a_limit_of_zero_is_no_credit():
    registry = CustomerRegistry()
    kept = [
        registry.register(kind="person", name="王芳", credit_limit=typed).customer.credit_limit
        for typed in (None, "", 0, "0", "0.00 CNY")
    ]
    assert kept == [None, None, *[Money(Decimal(0), "CNY")] * 3]


def test_terms_with_several_readings_are_told_with_each_in_plain_words():
    (issue,) = credit.payment_terms_have_one_reading(PaymentTerms.parse("月结30天"))
    readings = ["开票后30天", "开票后月末加30天", "开票后月末加1个月"]
    assert issue.params == {"value": "月结30天", "readings": readings}
