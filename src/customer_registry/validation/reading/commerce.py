"""Readers of money and terms."""

from collections.abc import Mapping

from customer_registry.domain.values.money import Money, currency_code
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.validation.reading.typed import attempt, is_number, parsed
from customer_registry.validation.scene import Scene

__all__ = ["read_credit_limit", "read_currency", "read_payment_terms"]


def read_currency(typed: object, scene: Scene, _before: object = None) -> str | None:
    """Read a currency by its code (ISO 4217)."""
    return parsed(currency_code, typed, scene)


def read_credit_limit(typed: object, scene: Scene, _before: object) -> Money | None:
    """Read an amount, in the customer's currency where none is typed."""
    return parsed(lambda words: Money.parse(words, scene.currency), typed, scene)


def read_payment_terms(typed: object, scene: Scene, _before: object) -> PaymentTerms | None:
    """Read terms from a phrase, from their parts, or from a number of days."""
    if isinstance(typed, Mapping):
        parts: Mapping[str, object] = typed
        return attempt(lambda: PaymentTerms.from_mapping(parts), scene) if typed else None
    if is_number(typed):
        typed = f"{typed:.0f}天"
    return parsed(PaymentTerms.parse, typed, scene)
