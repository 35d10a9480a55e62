"""Who acts, and what they may do and see."""

from customer_registry.domain.access.actions import ACTIONS
from customer_registry.domain.access.actor import SYSTEM, Actor, same_person
from customer_registry.domain.access.policy import AccessPolicy, unrestricted
from customer_registry.domain.access.sight import MASKABLE, Sight

__all__ = [
    "ACTIONS",
    "MASKABLE",
    "SYSTEM",
    "AccessPolicy",
    "Actor",
    "Sight",
    "same_person",
    "unrestricted",
]
