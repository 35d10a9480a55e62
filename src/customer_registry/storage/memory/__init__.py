"""Customers in memory."""

from customer_registry.storage.memory.repository import InMemoryRepository

__all__ = ["InMemoryRepository"]
