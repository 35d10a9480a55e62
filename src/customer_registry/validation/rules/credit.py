"""How much credit a customer has and for how long: what blocks it and what wants a look."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.terms import PaymentTerms

__all__ = ["RULES"]

_SIXTY_DAYS = 60


def credit_limit_is_not_negative(credit_limit: Money | None) -> Iterator[Issue]:
    """A credit limit is nothing, which means not controlled, or an amount from zero upwards."""
    if credit_limit is not None and credit_limit.amount < 0:
        yield Issue("credit.negative", ("credit_limit",))


def payment_terms_are_understood(payment_terms: PaymentTerms | None) -> Iterator[Issue]:
    """Terms of payment are words from which a due date can be told."""
    if payment_terms and not payment_terms.is_understood:
        yield _warning("payment_term.unknown", payment_terms)


def payment_terms_have_one_reading(payment_terms: PaymentTerms | None) -> Iterator[Issue]:
    """Terms of payment mean one thing to both sides; 月结30天 is used for three."""
    if payment_terms and payment_terms.is_ambiguous:
        plain = [str(reading).partition("（")[0] for reading in payment_terms.readings]
        yield _warning("payment_term.ambiguous", payment_terms, readings=plain)


def payment_terms_keep_within_sixty_days(payment_terms: PaymentTerms | None) -> Iterator[Issue]:
    """A large enterprise or public body pays a small one within 60 days of delivery.

    保障中小企业款项支付条例 (State Council order 802, in force since 2025-06-01).
    """
    if payment_terms and payment_terms.credit_days > _SIXTY_DAYS:
        params = {"days": payment_terms.credit_days}
        yield Issue("payment_term.beyond_60", ("payment_terms",), Severity.INFO, params)


def _warning(code: str, terms: PaymentTerms, **params: object) -> Issue:
    told = {"value": terms.text, **params}
    return Issue(code, ("payment_terms",), Severity.WARNING, told)


RULES = (
    credit_limit_is_not_negative,
    payment_terms_are_understood,
    payment_terms_have_one_reading,
    payment_terms_keep_within_sixty_days,
)
