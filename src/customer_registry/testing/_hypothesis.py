"""Tells Hypothesis how to make our values, in any host: the entry point of its group `hypothesis`.

It runs whenever Hypothesis is imported where this package is installed, needed or not. So it
imports nothing of ours: a type is registered when its own module is imported, or at once if it was.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.machinery import ModuleSpec
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register"]

_DOMAIN = "customer_registry.domain"
_TYPES = MappingProxyType(
    {
        f"{_DOMAIN}.customer": {"Customer": "customers", "RawCustomer": "raw_customers"},
        f"{_DOMAIN}.values.address": {"PostalAddress": "addresses"},
        f"{_DOMAIN}.values.bank": {"BankAccount": "bank_accounts"},
        f"{_DOMAIN}.values.code": {"CustomerCode": "customer_codes"},
        f"{_DOMAIN}.values.contact": {"Contact": "contacts"},
        f"{_DOMAIN}.values.country": {"CountryCode": "countries"},
        f"{_DOMAIN}.values.email": {"EmailAddress": "emails"},
        f"{_DOMAIN}.values.identity": {"IdentityDocument": "identity_documents"},
        f"{_DOMAIN}.values.invoice": {"InvoiceProfile": "invoice_profiles"},
        f"{_DOMAIN}.values.money": {"Money": "money"},
        f"{_DOMAIN}.values.name": {"PartyName": "party_names"},
        f"{_DOMAIN}.values.phone": {"PhoneNumber": "phones"},
        f"{_DOMAIN}.values.tax": {"TaxIdentifier": "tax_identifiers"},
        f"{_DOMAIN}.values.terms": {"PaymentTerms": "payment_terms"},
    }
)
"""Each module with its types and the strategies that make them."""


def register() -> None:
    """Let `st.from_type(PhoneNumber)` and its like give sound values."""
    if not any(isinstance(finder, _Watch) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Watch())
    for name in _TYPES:
        if name in sys.modules:
            _register_from(sys.modules[name])


class _Watch:
    """A finder that finds nothing itself, but registers the types of a module once it has run."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what the other finders give, made to register when the module has run."""
        if name not in _TYPES:
            return None
        others = [finder for finder in sys.meta_path if finder is not self]
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next(filter(None, found), None)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = _followed(spec.loader.exec_module)  # type: ignore[assignment, method-assign]  # this loader's alone
        return spec


def _followed(run: Callable[[ModuleType], None]) -> Callable[[ModuleType], None]:
    def run_and_register(module: ModuleType) -> None:
        run(module)
        _register_from(module)

    return run_and_register


def _register_from(module: ModuleType) -> None:
    from hypothesis import strategies as st  # noqa: PLC0415  the hook runs inside its import

    for type_name, strategy_name in _TYPES.get(module.__name__, {}).items():
        here = getattr(module, type_name, None)
        if isinstance(here, type):
            st.register_type_strategy(here, partial(_made, strategy_name))


def _made(strategy_name: str, _: type) -> "SearchStrategy[object]":
    from customer_registry.testing import strategies  # noqa: PLC0415  only once a value is asked for

    made = getattr(strategies, strategy_name)
    return made.values() if isinstance(made, strategies.Typed) else made()
