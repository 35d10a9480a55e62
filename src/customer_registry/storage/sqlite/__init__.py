"""Customers in a SQLite file."""
