"""Sensitive fields sealed, and the keys that open them."""
