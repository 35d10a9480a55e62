"""Customers in a SQLite file."""

from customer_registry.storage.sqlite.repository import SQLiteRepository

__all__ = ["SQLiteRepository"]
