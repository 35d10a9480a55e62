"""The use cases of a registry, one per file, on ports only."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from customer_registry.registration import verbs

__all__ = ["verbs"]


def __getattr__(name: str) -> object:
    """Load the verbs when the first of them is asked for."""
    if name == "verbs":
        return import_module("customer_registry.registration.verbs")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
