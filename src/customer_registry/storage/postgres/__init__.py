"""Customers in a PostgreSQL schema."""

from customer_registry.domain.errors import MissingExtra

try:
    from customer_registry.storage.postgres.repository import PostgresRepository
except ModuleNotFoundError as error:
    if error.name not in {"psycopg", "psycopg_pool"}:
        raise
    raise MissingExtra("postgres") from error

__all__ = ["PostgresRepository"]
